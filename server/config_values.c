/* config_values: set() of options; see the header. */
#include "server/config_values.h"

#include <grp.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/units.h"
#include "common/creds/priority.h"
#include "common/stats/shm.h"
#include "common/sys/addr.h"
#include "common/sys/cpus.h"
#include "common/sys/fd.h"
#include "common/x509/allow.h"
#include "server/config.h"
#include "server/takeover.h"

int
config_set_listen(void *target, const char *value, struct errmsg *e)
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

int
config_set_workers(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;
	uint64_t count;

	if (strcmp(value, "auto") == 0)
		count = cpus_count_usable();
	else if (units_parse_count(value, &count, e) < 0)
		return -1;
	else if (count < 1 || count > CONFIG_WORKERS_MAX)
		return errmsg_set(e,
		    "'%s' is neither 'auto' nor between 1 and %d", value,
		    CONFIG_WORKERS_MAX);
	c->workers =
	    count > CONFIG_WORKERS_MAX ? CONFIG_WORKERS_MAX : (unsigned)count;
	return 0;
}

int
config_set_cpu_affinity(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	c->cpus.count = 0;
	if (strcmp(value, "off") == 0)
		return 0;
	if (strcmp(value, "auto") == 0)
		return cpus_usable(&c->cpus, e);
	if (cpus_parse(&c->cpus, value, e) < 0)
		return -1;
	return cpus_check_usable(&c->cpus, e);
}

int
config_set_priority(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	c->tls.priority = value;
	return tls_priority_check(value, e);
}

int
config_set_stats_name(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	c->stats_name = value;
	return stats_shm_check_name(value, e);
}

int
config_set_stats_mode(void *target, const char *value, struct errmsg *e)
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

int
config_set_stats_group(void *target, const char *value, struct errmsg *e)
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

int
config_set_connection_table(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;
	uint64_t count = 0;

	if (strcmp(value, "off") != 0 &&
	    (units_parse_count(value, &count, e) < 0 || count < 1 ||
		count > CONFIG_ROWS_MAX))
		return errmsg_set(e,
		    "'%s' is neither 'off' nor between 1 and %d", value,
		    CONFIG_ROWS_MAX);
	c->connection_table = count;
	return 0;
}

int
config_read_log_level(const char *path, enum log_level *level, struct errmsg *e)
{
	struct file_bytes line = FILE_BYTES_INIT;
	int result = file_read_line(&line, path, e);

	if (result == 0 && log_level_parse((const char *)line.data, level) < 0)
		result = errmsg_set(e,
		    "%s: '%.32s' is not error, warn, info or debug", path,
		    (const char *)line.data);
	file_bytes_free(&line);
	return result;
}

int
config_set_log_level(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	if (value[0] == '@') {
		c->log_level_file = value + 1;
		return config_read_log_level(value + 1, &c->log_level, e);
	}
	c->log_level_file = NULL;
	if (log_level_parse(value, &c->log_level) < 0)
		return errmsg_set(
		    e, "'%s' is not error, warn, info or debug", value);
	return 0;
}

int
config_set_log_format(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	c->log_format = strcmp(value, "json") == 0 ? LOG_JSON : LOG_LOGFMT;
	if (c->log_format != LOG_JSON && strcmp(value, "logfmt") != 0)
		return errmsg_set(e, "'%s' is not logfmt or json", value);
	return 0;
}

int
config_set_ready_fd(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	/* Who waited for it has been told by the program that was replaced. */
	if (getenv(TAKEOVER_UPGRADE) != NULL ||
	    getenv(TAKEOVER_REHEARSAL) != NULL)
		return 0;
	return fd_parse(value, &c->ready_fd, e);
}

int
config_set_client_auth(void *target, const char *value, struct errmsg *e)
{
	static const char *const names[] = {
		[TLS_CLIENT_AUTH_REQUIRED] = "required",
		[TLS_CLIENT_AUTH_OPTIONAL] = "optional",
		[TLS_CLIENT_AUTH_NONE] = "none",
	};
	struct config *c = target;

	for (int i = 0; i < (int)(sizeof names / sizeof *names); i++) {
		if (strcmp(value, names[i]) == 0) {
			c->tls.client_auth = (enum tls_client_auth)i;
			return 0;
		}
	}
	return errmsg_set(e, "'%s' is not required, optional or none", value);
}

int
config_set_client_purpose(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	c->tls.any_purpose = strcmp(value, "any") == 0;
	if (!c->tls.any_purpose && strcmp(value, "client") != 0)
		return errmsg_set(e, "'%s' is not client or any", value);
	return 0;
}

int
config_set_open_sessions(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	c->keeps_open_sessions = strcmp(value, "keep") == 0;
	if (!c->keeps_open_sessions && strcmp(value, "judge") != 0)
		return errmsg_set(e, "'%s' is not judge or keep", value);
	return 0;
}

int
config_set_allow_cn(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	return tls_allow_append(&c->policy.rules, "cn", value, e);
}

int
config_set_allow_san(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	return tls_allow_append(&c->policy.rules, "san", value, e);
}

int
config_set_allow_pin(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	return tls_allow_append(&c->policy.rules, "pin", value, e);
}

int
config_set_alpn(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	return tls_alpn_add(c->tls.alpn, c->alpn_text, value, e);
}

int
config_set_keepalive(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	return keepalive_parse(&c->keepalive, value, e);
}

static int
set_switch(bool *target, const char *value, struct errmsg *e)
{
	*target = strcmp(value, "on") == 0;
	if (!*target && strcmp(value, "off") != 0)
		return errmsg_set(e, "'%s' is not on or off", value);
	return 0;
}

int
config_set_sandbox(void *target, const char *value, struct errmsg *e)
{
	return set_switch(&((struct config *)target)->sandbox, value, e);
}

int
config_set_memory_pressure(void *target, const char *value, struct errmsg *e)
{
	return set_switch(
	    &((struct config *)target)->memory_pressure, value, e);
}

int
config_set_user(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;

	if (user_parse(&c->user, value, e) < 0)
		return -1;
	return user_check(&c->user, e);
}

int
config_set_tickets(void *target, const char *value, struct errmsg *e)
{
	struct config *c = target;
	uint64_t count = 0;

	if (strcmp(value, "off") != 0 &&
	    (units_parse_count(value, &count, e) < 0 || count < 1 ||
		count > TLS_TICKETS_MAX))
		return errmsg_set(e,
		    "'%s' is neither 'off' nor between 1 and %d", value,
		    TLS_TICKETS_MAX);
	c->tls.tickets = (unsigned)count;
	return 0;
}
