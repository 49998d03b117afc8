/* config: the table of options and what is not just a number; see config.h. */
#include "server/config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "common/addr.h"
#include "common/clock.h"
#include "common/stats_shm.h"
#include "common/tls_args.h"
#include "common/units.h"

const struct args_program config_program = {
	.name = "tlsecho-server",
	.synopsis = "[options] --cert FILE --key FILE --ca FILE",
	.summary = "Mutual-TLS echo server: sends every byte back to clients "
		   "whose certificate\nit can verify.",
	.version = tls_version_text,
};

static int
set_listen(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	if (c->listen_count == CONFIG_LISTEN_MAX)
		return errmsg_set(
		    e, "more than %d addresses", CONFIG_LISTEN_MAX);
	if (addr_check(value, ADDR_TO_LISTEN, e) < 0)
		return -1;
	c->listen[c->listen_count++] = value;
	return 0;
}

static unsigned
usable_processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) < 0)
		return 1;
	return (unsigned)CPU_COUNT(&set);
}

static int
set_workers(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;
	uint64_t count;

	if (strcmp(value, "auto") == 0)
		count = usable_processors();
	else if (units_parse_count(value, &count, e) < 0)
		return -1;
	else if (count < 1 || count > CONFIG_WORKERS_MAX)
		return errmsg_set(e, "'%s' is not 'auto' or between 1 and %d",
		    value, CONFIG_WORKERS_MAX);
	c->workers =
	    count > CONFIG_WORKERS_MAX ? CONFIG_WORKERS_MAX : (unsigned)count;
	return 0;
}

static int
set_priority(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	c->priority = value;
	return tls_priority_check(value, e);
}

static int
set_stats_name(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	c->stats_name = value;
	return stats_shm_check_name(value, e);
}

static int
set_stats_mode(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;
	char *end;
	unsigned long mode = strtoul(value, &end, 8);

	if (value[0] < '0' || value[0] > '7' || *end != '\0' || mode > 0777)
		return errmsg_set(
		    e, "'%s' is not an octal mode, such as 0640", value);
	c->stats_mode = (mode_t)mode;
	return 0;
}

static int
set_stats_group(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;
	const struct group *group = getgrnam(value);
	struct errmsg ignored;
	uint64_t gid;

	if (group != NULL) {
		c->stats_group = group->gr_gid;
		return 0;
	}
	if (units_parse_count(value, &gid, &ignored) < 0 || gid >= UINT32_MAX)
		return errmsg_set(e, "there is no group '%s'", value);
	c->stats_group = (gid_t)gid;
	return 0;
}

static int
set_log_level(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	if (log_level_parse(value, &c->log_level) < 0)
		return errmsg_set(
		    e, "'%s' is not error, warn, info or debug", value);
	return 0;
}

static int
set_ready_fd(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;
	uint64_t fd;

	if (units_parse_count(value, &fd, e) < 0)
		return -1;
	if (fd > INT32_MAX || fcntl((int)fd, F_GETFD) < 0)
		return errmsg_set(e, "%s is not an open descriptor", value);
	c->ready_fd = (int)fd;
	return 0;
}

#define YEAR_NS (365 * 86400 * CLOCK_NS_PER_S)

static const struct args_option options[] = {
	ARGS_CALL('l', "listen", "ADDR:PORT", set_listen,
	    "address to listen on; repeatable; port 0 picks one\n"
	    "(default [::]:4433, which is IPv4 and IPv6)"),
	ARGS_CALL('w', "workers", "N|auto", set_workers,
	    "worker processes (default auto: one per processor)"),
	TLS_FILES_ARGS(struct config, files),
	ARGS_CALL(0, "priority", "STRING", set_priority, TLS_PRIORITY_HELP),
	ARGS_CALL('n', "stats", "NAME", set_stats_name,
	    "name of the statistics segment (default 'default')"),
	ARGS_CALL(0, "stats-mode", "MODE", set_stats_mode,
	    "who may read the segment (default 0640)"),
	ARGS_CALL(0, "stats-group", "GROUP", set_stats_group,
	    "group of the segment (default: the server's own)"),
	ARGS_COUNT(0, "backlog", "N", struct config, backlog, 1, 65535,
	    "connections that may wait to be accepted (default 4096)"),
	ARGS_COUNT(0, "max-connections", "N", struct config, max_connections, 0,
	    10000000,
	    "refuse more than N open connections\n"
	    "(default 0: as many as there are descriptors)"),
	ARGS_DURATION(0, "handshake-timeout", "TIME", struct config,
	    handshake_timeout_ns, 10 * CLOCK_NS_PER_MS, YEAR_NS,
	    "end a handshake that takes longer (default 10s)"),
	ARGS_DURATION(0, "idle-timeout", "TIME", struct config, idle_timeout_ns,
	    0, YEAR_NS,
	    "end a connection that is silent for longer\n"
	    "(default 10m; 0: never)"),
	ARGS_DURATION(0, "drain-timeout", "TIME", struct config,
	    drain_timeout_ns, 0, YEAR_NS,
	    "how long clients may go on after SIGTERM (default 10s)"),
	ARGS_CALL(0, "log-level", "LEVEL", set_log_level,
	    "error, warn, info or debug (default info); debug\n"
	    "logs each session's facts"),
	ARGS_CALL(0, "ready-fd", "FD", set_ready_fd,
	    "write the bound addresses to FD, on one line, when\n"
	    "every worker accepts connections"),
	ARGS_SWITCH('i', "interactive", struct config, interactive,
	    "show each session's facts, and stop on a key press"),
	{ .name = NULL },
};

static void
set_defaults(struct config *c)
{
	*c = (struct config){
		.workers = usable_processors(),
		.priority = TLS_PRIORITY_DEFAULT,
		.stats_name = "default",
		.stats_mode = 0640,
		.stats_group = (gid_t)-1,
		.backlog = 4096,
		.handshake_timeout_ns = 10 * CLOCK_NS_PER_S,
		.idle_timeout_ns = 600 * CLOCK_NS_PER_S,
		.drain_timeout_ns = 10 * CLOCK_NS_PER_S,
		.log_level = LOG_INFO,
		.ready_fd = -1,
	};
	if (c->workers > CONFIG_WORKERS_MAX)
		c->workers = CONFIG_WORKERS_MAX;
}

int
config_parse(struct config *config, int argc, char **argv, struct errmsg *e)
{
	int rest;

	set_defaults(config);
	if (args_parse(&config_program, options, config, argc, argv, &rest, e) <
	    0)
		return -1;
	if (rest < argc)
		return errmsg_set(e, "unexpected word '%s'", argv[rest]);
	return tls_files_check(&config->files, e);
}
