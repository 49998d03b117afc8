/* config: the table of options, and what they need together; see the header. */
#include "server/config.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/creds/args.h"
#include "common/creds/creds.h"
#include "common/creds/priority.h"
#include "server/config_values.h"

const struct args_program config_program = {
	.name = "tlsecho-server",
	.synopsis = "[options] --cert FILE --key FILE --ca FILE",
	.summary = "Mutual-TLS echo server: sends every byte back to clients "
		   "whose certificate\nit can verify.",
	.version = tls_version_text,
};

#define YEAR_NS (365 * 86400 * CLOCK_NS_PER_S)

static const struct args_option options[] = {
	ARGS_CALLS('l', "listen", "ADDR:PORT", config_set_listen,
	    "address to listen on; repeatable; port 0 picks one\n"
	    "(default [::]:4433, which is IPv4 and IPv6)"),
	ARGS_CALL('w', "workers", "N|auto", config_set_workers,
	    "worker processes (default auto: one per processor)"),
	ARGS_CALL(0, "cpu-affinity", "auto|off|LIST", config_set_cpu_affinity,
	    "keep worker i on the i-th CPU of a list such as 0,2,4-7;\n"
	    "auto: of those that the server may use (default off)"),
	ARGS_LIST(0, "cert", "FILE", struct config, files.cert,
	    "own certificate and its issuers, PEM; repeatable, each\n"
	    "with its --key: chosen by name (SNI) and key type"),
	ARGS_LIST(0, "key", "FILE", struct config, files.key,
	    "private key of the certificate, PEM, for its owner only"),
	TLS_TRUST_ARGS(struct config, files),
	ARGS_CALL(
	    0, "priority", "STRING", config_set_priority, TLS_PRIORITY_HELP),
	ARGS_CALL(0, "client-auth", "MODE", config_set_client_auth,
	    "whether clients need a certificate: required (default),\n"
	    "optional or none"),
	ARGS_CALL(0, "client-purpose", "PURPOSE", config_set_client_purpose,
	    "what clients' certificates must be for: client\n"
	    "(default) or any"),
	ARGS_LIST(0, "crl", "FILE", struct config, policy.crl,
	    "revoked certificates, PEM or DER; repeatable"),
	ARGS_SWITCH(0, "crl-required", struct config, tls.crl_required,
	    "refuse clients without a current CRL of their issuer"),
	ARGS_COUNT(0, "chain-cache", "N", struct config, tls.chain_cache, 0,
	    1 << 20,
	    "good client chains that a worker remembers, so as not to\n"
	    "verify them again (default 4096; 0: none)"),
	ARGS_CALLS(0, "allow-cn", "NAME", config_set_allow_cn,
	    "let in clients of this common name; of all rules, one\n"
	    "must match (default: let in every valid client)"),
	ARGS_CALLS(0, "allow-san", "NAME", config_set_allow_san,
	    "the same by alternative name: DNS name, *.DOMAIN, URI,\n"
	    "email or IP address"),
	ARGS_CALLS(0, "allow-pin", "sha256:HASH", config_set_allow_pin,
	    "the same by the SHA-256 of the public key, hexadecimal\n"
	    "or base64"),
	ARGS_LIST(0, "allow-file", "FILE", struct config, policy.allow_file,
	    "the same by rules in a file: 'cn NAME', 'san NAME' or\n"
	    "'pin HASH', one a line"),
	ARGS_CALL(0, "open-sessions", "judge|keep", config_set_open_sessions,
	    "whether a reload ends the sessions of clients that it\n"
	    "refuses (default judge)"),
	ARGS_SWITCH(0, "whoami", struct config, whoami,
	    "greet each client with a line of JSON about its session"),
	ARGS_LIST(0, "alpn", "NAME", struct config, tls.alpn,
	    "application protocol to agree on; repeatable"),
	ARGS_CALL(0, "tickets", "N|off", config_set_tickets,
	    "session tickets after a TLS 1.3 handshake (default 2)"),
	ARGS_STRING(0, "ticket-key-file", "FILE", struct config,
	    policy.ticket_key_file,
	    "keys that several servers share: 64 bytes in base64 a\n"
	    "line; the first issues tickets, all accept them"),
	ARGS_STRING(0, "keylog", "FILE", struct config, policy.keylog,
	    "append session secrets, for a protocol analyzer"),
	ARGS_CALL('n', "stats", "NAME", config_set_stats_name,
	    "name of the statistics segment (default 'default')"),
	ARGS_CALL(0, "stats-mode", "MODE", config_set_stats_mode,
	    "who may read the segment (default 0640)"),
	ARGS_CALL(0, "stats-group", "GROUP", config_set_stats_group,
	    "group of the segment (default: the server's own)"),
	ARGS_COUNT(0, "backlog", "N", struct config, backlog, 1, 65535,
	    "connections that may wait to be accepted (default 4096)"),
	ARGS_COUNT(0, "max-connections", "N", struct config, max_connections, 0,
	    10000000,
	    "refuse a new connection while N are open\n"
	    "(default 0: as many as there are descriptors)"),
	ARGS_COUNT(0, "max-handshaking", "N", struct config, max_handshaking, 0,
	    10000000,
	    "accept no more while a worker has N handshakes under way\n"
	    "(default: all workers together half of\n"
	    "--max-connections; without that 0, no limit)"),
	ARGS_DURATION(0, "handshake-timeout", "TIME", struct config,
	    handshake_timeout_ns, 10 * CLOCK_NS_PER_MS, YEAR_NS,
	    "end a handshake that takes longer, 10ms to 1y\n"
	    "(default 10s)"),
	ARGS_DURATION(0, "idle-timeout", "TIME", struct config, idle_timeout_ns,
	    0, YEAR_NS,
	    "end a connection that is silent for longer\n"
	    "(default 10m; 0: never)"),
	ARGS_CALL(0, "keepalive", "TIMES", config_set_keepalive,
	    "TCP keep-alive probes: on (default), off, or\n"
	    "IDLE[:INTERVAL[:COUNT]], such as 60s:10s:6"),
	ARGS_DURATION(0, "drain-timeout", "TIME", struct config,
	    drain_timeout_ns, 0, YEAR_NS,
	    "how long clients may go on after SIGTERM (default 10s)"),
	ARGS_CALL(0, "log-level", "LEVEL", config_set_log_level,
	    "error, warn, info or debug (default info); debug\n"
	    "logs each session's facts; @FILE: from a file"),
	ARGS_CALL(0, "ready-fd", "FD", config_set_ready_fd,
	    "write the bound addresses to FD, on one line, when\n"
	    "every worker accepts connections"),
	ARGS_SWITCH('i', "interactive", struct config, interactive,
	    "show each session's facts, and stop on a key press"),
	ARGS_SWITCH('t', "test", struct config, test,
	    "check options and files, print the policy, and exit"),
	{ .name = NULL },
};

static void
set_defaults(struct config *c)
{
	*c = (struct config){
		.workers = cpus_count_usable(),
		.files = { .private_keys_only = true },
		.tls = { .role = TLS_SERVER,
		    .priority = TLS_PRIORITY_DEFAULT,
		    .chain_cache = 4096,
		    .tickets = 2,
		    .keylog_fd = -1 },
		.stats_name = "default",
		.stats_mode = 0640,
		.stats_group = (gid_t)-1,
		.backlog = 4096,
		.handshake_timeout_ns = 10 * CLOCK_NS_PER_S,
		.idle_timeout_ns = 600 * CLOCK_NS_PER_S,
		.drain_timeout_ns = 10 * CLOCK_NS_PER_S,
		.keepalive = { .on = true },
		.log_level = LOG_INFO,
		.ready_fd = -1,
	};
	if (c->workers > CONFIG_WORKERS_MAX)
		c->workers = CONFIG_WORKERS_MAX;
}

static bool
has_rules(const struct config *c)
{
	return c->policy.rules.size > 0 || c->policy.allow_file[0] != NULL;
}

/* RFC 7301, 3.1: a name's length is one byte. */
static int
check_alpn(const struct config *c, struct errmsg *e)
{
	for (int i = 0; i < TLS_ALPN_MAX && c->tls.alpn[i] != NULL; i++)
		if (strlen(c->tls.alpn[i]) > UINT8_MAX)
			return errmsg_set(e, "--alpn: longer than %d bytes: %s",
			    UINT8_MAX, c->tls.alpn[i]);
	return 0;
}

/* Options that do not go together, and those that are missing. */
static int
check_together(const struct config *c, struct errmsg *e)
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
	if (check_alpn(c, e) < 0)
		return -1;
	return tls_files_check(&c->files, e);
}

/*
 * Who only connects may not use up all of --max-connections: handshakes under
 * way take half of it, in equal shares, but for one in each worker.
 */
static void
limit_handshakes(struct config *c)
{
	uint64_t share = c->max_connections / 2 / c->workers;

	if (c->max_connections == 0)
		return;
	if (share == 0)
		share = 1;
	if (c->max_handshaking > share)
		c->max_handshaking_asked = c->max_handshaking;
	if (c->max_handshaking == 0 || c->max_handshaking > share)
		c->max_handshaking = share;
}

int
config_parse(struct config *config, int argc, char **argv, struct errmsg *e)
{
	int rest, result;

	set_defaults(config);
	result =
	    args_parse(&config_program, options, config, argc, argv, &rest, e);
	if (result == 0 && rest < argc)
		result = errmsg_set(e, "unexpected word '%s'", argv[rest]);
	if (result < 0 || check_together(config, e) < 0)
		return -1;
	limit_handshakes(config);
	return 0;
}

void
config_free(struct config *config)
{
	file_bytes_free(&config->policy.rules);
}

static void
warn_of_limits(const struct config *c)
{
	if (c->max_handshaking_asked > 0)
		log_warn("--max-handshaking %" PRIu64 " is more than half of "
			 "--max-connections %" PRIu64
			 " for %u worker%s: %" PRIu64 " in each worker",
		    c->max_handshaking_asked, c->max_connections, c->workers,
		    units_plural(c->workers), c->max_handshaking);
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
	warn_of_limits(c);
	if (c->tls.client_auth != TLS_CLIENT_AUTH_REQUIRED)
		log_warn("clients need no certificate: --client-auth %s",
		    c->tls.client_auth == TLS_CLIENT_AUTH_NONE ? "none"
							       : "optional");
	if (c->tls.any_purpose)
		log_warn("clients may show a certificate that is not for "
			 "clients, such as a server's: --client-purpose any");
	if (c->policy.keylog != NULL)
		log_warn("whoever reads %s can decrypt all sessions",
		    c->policy.keylog);
}
