/* config: defaults, and what options need together; see the header. */
#include "server/config.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/creds/priority.h"
#include "common/creds/token.h"
#include "common/sys/limits.h"
#include "server/config_read.h"
#include "server/sandbox/sandbox.h"

enum {
	SPARE_SLOTS = 14
};

static void
set_defaults(struct config *c)
{
	*c = (struct config){
		.workers = cpus_count_usable(),
		.files = { .private_keys_only = true, .takes_tokens = true },
		.tls = { .role = TLS_SERVER,
		    .priority = tls_priority_default(),
		    .chain_cache = 4096,
		    .tickets = 2,
		    .keylog_fd = -1 },
		.stats_name = "default",
		.stats_mode = 0640,
		.stats_group = (gid_t)-1,
		.connection_table = 65536,
		.backlog = 4096,
		.max_handshaking = 64,
		.handshake_timeout_ns = 10 * CLOCK_NS_PER_S,
		.idle_timeout_ns = 600 * CLOCK_NS_PER_S,
		.close_timeout_ns = 5 * CLOCK_NS_PER_S,
		.max_tx_buffer = 65536,
		.memory_pressure = true,
		.drain_timeout_ns = 10 * CLOCK_NS_PER_S,
		.watchdog_ns = 30 * CLOCK_NS_PER_S,
		.keepalive = { .on = true },
		.log_level = LOG_INFO,
		.ready_fd = -1,
		.sandbox = sandbox_is_usual(),
	};
	if (c->workers > CONFIG_WORKERS_MAX)
		c->workers = CONFIG_WORKERS_MAX;
}

static bool
has_rules(const struct config *c)
{
	return c->policy.rules.size > 0 || c->policy.allow_file[0] != NULL;
}

static int
check_tokens(const struct config *c, struct errmsg *e)
{
	for (int i = 0; i < TLS_KEY_PAIRS_MAX && c->keys_in_workers; i++)
		if (tls_is_token(c->files.key[i]))
			return errmsg_set(e,
			    "--keys-in-workers and a --key in a token do not "
			    "go together: the token keeps it");
	return 0;
}

/* Options that do not go together, and those that are missing. */
int
config_check(const struct config *c, struct errmsg *e)
{
	const char *for_certificates = has_rules(c) ? "--allow rules"
	    : c->tls.any_purpose                    ? "--client-purpose any"
	    : c->policy.crl[0] != NULL              ? "--crl"
	    : c->tls.crl_required                   ? "--crl-required"
						    : NULL;

	if (c->tls.client_auth == TLS_CLIENT_AUTH_NONE &&
	    for_certificates != NULL)
		return errmsg_set(e,
		    "%s and --client-auth none do not go together: no client "
		    "shows a certificate",
		    for_certificates);
	if (c->tls.crl_required && c->policy.crl[0] == NULL)
		return errmsg_set(
		    e, "--crl-required without --crl would refuse everyone");
	if (c->tls.tickets == 0 && c->policy.ticket_key_file != NULL)
		return errmsg_set(
		    e, "--ticket-key-file has no use with --tickets off");
	if (check_tokens(c, e) < 0)
		return -1;
	return tls_files_check(&c->files, e);
}

/* Another process does the rest; its file may say which one. */
static int
check_reload(const struct config *c, struct errmsg *e)
{
	for (size_t i = 0; i < c->settings.count; i++) {
		const struct setting *s = &c->settings.list[i];
		const char *name = s->option->name;

		if (s->line == 0 && strcmp(name, "reload") != 0 &&
		    strcmp(name, "config") != 0 && strcmp(name, "stats") != 0)
			return errmsg_set(e,
			    "--reload takes no --%s: the running server has "
			    "its own",
			    name);
	}
	return 0;
}

/*
 * Who only connects may not use up all of --max-connections: those that are not
 * open yet take half of it, in equal shares, but for one in each worker.
 */
static void
limit_unopened(struct config *c)
{
	uint64_t share = c->max_connections / 2 / c->workers;

	if (c->max_connections > 0)
		c->max_unopened = share > 0 ? share : 1;
}

/*
 * Also for the workers of a few generations that drain. A slot takes four
 * descriptors of the master, which may have few: a quarter is for these.
 */
static void
choose_slots(struct config *c)
{
	unsigned spare = c->workers > SPARE_SLOTS ? c->workers : SPARE_SLOTS;
	uint64_t most = limits_max_files() / 16;

	c->slots = c->workers + (most < spare ? (unsigned)most : spare);
}

/*
 * Each worker has its own rows. None needs more than there may be connections:
 * then all are listed, wherever they are.
 */
static void
share_rows(struct config *c)
{
	uint64_t rows = c->connection_table / c->workers;

	if (rows == 0 && c->connection_table > 0)
		rows = 1;
	if (c->max_connections > 0 && rows > c->max_connections)
		rows = c->max_connections;
	c->worker_rows = (unsigned)rows;
}

static int
finish(struct config *c, struct errmsg *e)
{
	if (config_check(c, e) < 0)
		return -1;
	choose_slots(c);
	limit_unopened(c);
	share_rows(c);
	return 0;
}

int
config_parse(struct config *config, int argc, char **argv, struct errmsg *e)
{
	set_defaults(config);
	config->argv = argv;
	if (config_read(config, argc, argv, e) < 0)
		return -1;
	return config->reload ? check_reload(config, e) : finish(config, e);
}

int
config_parse_again(
    struct config *next, const struct config *now, struct errmsg *e)
{
	set_defaults(next);
	if (config_read_again(next, &now->settings, e) < 0)
		return -1;
	return finish(next, e);
}

void
config_free(struct config *config)
{
	file_bytes_free(&config->policy.rules);
	settings_free(&config->settings);
	settings_free(&config->reloaded);
}

static void
warn_of_priority(const char *priority)
{
	char text[TLS_PRIORITY_TEXT];

	if (tls_priority_find_unusable(priority, text) > 0)
		log_warn(
		    "--priority offers what this GnuTLS cannot do: %s", text);
	if (tls_priority_find_outdated(priority, text) > 0)
		log_warn("--priority allows versions that must not be used any "
			 "more (RFC 8996): %s",
		    text);
}

void
config_warn(const struct config *c)
{
	warn_of_priority(c->tls.priority);
	if (c->tls.client_auth != TLS_CLIENT_AUTH_REQUIRED)
		log_warn("clients need no certificate: --client-auth %s",
		    c->tls.client_auth == TLS_CLIENT_AUTH_NONE ? "none"
							       : "optional");
	if (c->tls.any_purpose)
		log_warn("clients may show a certificate that is not for "
			 "clients, such as a server's: --client-purpose any");
	if (!c->sandbox && sandbox_is_usual())
		log_warn("workers may do all that their user may: "
			 "--sandbox off");
	if (c->policy.keylog != NULL)
		log_warn("whoever reads %s can decrypt all sessions",
		    c->policy.keylog);
}
