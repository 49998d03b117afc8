/* config_table: the options of the server, in the order of --help. */
#include "common/base/clock.h"
#include "common/creds/args.h"
#include "common/creds/creds.h"
#include "server/config.h"
#include "server/config_limits.h"
#include "server/config_values.h"

static const struct completion_values values[] = {
	{ "client-auth", "required optional none" },
	{ "client-purpose", "client any" },
	{ "keepalive", "on off" },
	{ "log-level", "error warn info debug" },
	{ "memory-pressure", "on off" },
	{ "sandbox", "on off" },
	{ .option = NULL },
};

const struct args_program config_program = {
	.name = "tlsecho-server",
	.synopsis = "[options] --cert FILE --key FILE --ca FILE",
	.summary = "Mutual-TLS echo server: sends every byte back to clients "
		   "whose certificate\nit can verify.",
	.version = tls_version_text,
	.values = values,
};

#define YEAR_NS (365 * 86400 * CLOCK_NS_PER_S)

const struct args_option config_options[] = {
	ARGS_STRING(0, "config", "FILE", struct config, file,
	    "options from a file, a line NAME = VALUE each; those of\n"
	    "the command line replace the file's"),
	ARGS_CALLS('l', "listen", "ADDR:PORT", config_set_listen,
	    "address to listen on; repeatable; port 0 picks one\n"
	    "(default [::]:4433, which is IPv4 and IPv6)"),
	ARGS_SWITCH(0, "proxy-protocol", struct config, proxy_protocol,
	    "expect a PROXY header, version 1 or 2, on each connection;\n"
	    "its client address is the peer's"),
	ARGS_CALL('w', "workers", "N|auto", config_set_workers,
	    "worker processes (default auto: one per processor)"),
	ARGS_CALL(0, "cpu-affinity", "auto|off|LIST", config_set_cpu_affinity,
	    "keep worker i on the i-th CPU of a list such as 0,2,4-7;\n"
	    "auto: of those that the server may use (default off)"),
	ARGS_LIST(0, "cert", "FILE", struct config, files.cert,
	    "own certificate and its issuers, PEM; repeatable, each\n"
	    "with its --key: chosen by name (SNI) and key type"),
	ARGS_LIST(0, "key", "FILE", struct config, files.key,
	    "private key of the certificate, PEM, for its owner only;\n"
	    "or, as --cert, in a token: pkcs11:URI (RFC 7512)"),
	TLS_TRUST_ARGS(struct config, files),
	ARGS_SWITCH(0, "keys-in-workers", struct config, keys_in_workers,
	    "let workers have the private keys, and not a process of\n"
	    "its own that signs for them"),
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
	ARGS_CALLS(0, "alpn", "LIST", config_set_alpn,
	    "application protocols to agree on, such as h2,http/1.1,\n"
	    "the best first; repeatable"),
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
	ARGS_CALL(0, "connection-table", "N|off", config_set_connection_table,
	    "connections that the segment lists, with peer and name,\n"
	    "128 bytes each; and the last failed handshakes\n"
	    "(default 65536; off: neither)"),
	ARGS_COUNT(0, "backlog", "N", struct config, backlog, 1, 65535,
	    "connections that may wait to be accepted (default 4096)"),
	ARGS_COUNT(0, "max-connections", "N", struct config, max_connections, 0,
	    10000000,
	    "refuse a new connection while N are open\n"
	    "(default 0: as many as there are descriptors)"),
	ARGS_COUNT(0, "max-connections-per-address", "N", struct config,
	    max_per_address, 0, 10000000,
	    "refuse a new connection while its address has N\n"
	    "(default 0: no limit)"),
	ARGS_CALL(0, "max-connections-per-network", "N[/V4[/V6]]",
	    config_set_network_limit,
	    "the same while its network has N, which is as long as\n"
	    "the prefix for IPv4 or IPv6 (default 0; prefixes 24, 64)"),
	ARGS_CALL(0, "handshake-rate", "RATE", config_set_handshake_rate,
	    "refuse a new connection that comes faster: N[/s|/m|/h]\n"
	    "[:BURST], such as 100 or 600/m:50 (default 0: no limit)"),
	ARGS_CALL(0, "handshake-rate-per-address", "RATE",
	    config_set_address_rate,
	    "the same for each address alone (default 0: no limit)"),
	ARGS_CALL(0, "max-memory", "SIZE", config_set_max_memory,
	    "refuse new connections while all processes together have\n"
	    "more, such as 2G (default 0: no limit)"),
	ARGS_CALL(0, "memory-pressure", "on|off", config_set_memory_pressure,
	    "refuse new connections while memory is short around the\n"
	    "server, as kernel and control groups say (default on)"),
	ARGS_COUNT(0, "max-handshaking", "N", struct config, max_handshaking, 0,
	    10000000,
	    "let handshakes wait while a worker has N under way\n"
	    "(default 64; 0: no limit)"),
	ARGS_DURATION(0, "handshake-timeout", "TIME", struct config,
	    handshake_timeout_ns, 10 * CLOCK_NS_PER_MS, YEAR_NS,
	    "end a handshake that takes longer, 10ms to 1y\n"
	    "(default 10s)"),
	ARGS_DURATION(0, "idle-timeout", "TIME", struct config, idle_timeout_ns,
	    0, YEAR_NS,
	    "end a connection that is silent for longer\n"
	    "(default 10m; 0: never)"),
	ARGS_DURATION(0, "max-lifetime", "TIME", struct config, max_lifetime_ns,
	    0, YEAR_NS,
	    "end a connection that is open for longer, in order\n"
	    "(default 0: never)"),
	ARGS_DURATION(0, "close-timeout", "TIME", struct config,
	    close_timeout_ns, 10 * CLOCK_NS_PER_MS, YEAR_NS,
	    "how long a client that is told of the end may neither\n"
	    "read on nor hang up, 10ms to 1y (default 5s)"),
	ARGS_CALL(0, "max-tx-buffer", "SIZE", config_set_max_tx_buffer,
	    "receive no more while so much waits for a client that\n"
	    "does not read, 4k to 1G (default 64k)"),
	ARGS_CALL(0, "keepalive", "TIMES", config_set_keepalive,
	    "TCP keep-alive probes: on (default), off, or\n"
	    "IDLE[:INTERVAL[:COUNT]], such as 60s:10s:6"),
	ARGS_DURATION(0, "drain-timeout", "TIME", struct config,
	    drain_timeout_ns, 0, YEAR_NS,
	    "how long clients may go on after SIGTERM (default 10s)"),
	ARGS_SWITCH(0, "reload-on-change", struct config, reload_on_change,
	    "reload when certificates, keys or lists have changed"),
	ARGS_DURATION(0, "watchdog", "TIME", struct config, watchdog_ns, 0,
	    YEAR_NS,
	    "replace a worker that hangs in one turn of a loop for\n"
	    "longer (default 30s; 0: never)"),
	ARGS_CALL(0, "user", "NAME[:GROUP]", config_set_user,
	    "whose rights workers have, when root starts the server"),
	ARGS_CALL(0, "sandbox", "on|off", config_set_sandbox,
	    "whether workers give up files, connects, signals, most\n"
	    "system calls and all capabilities (default on)"),
	ARGS_CALL(0, "log-level", "LEVEL", config_set_log_level,
	    "error, warn, info or debug (default info); debug\n"
	    "logs each session's facts; @FILE: from a file"),
	ARGS_CALL(0, "log-format", "logfmt|json", config_set_log_format,
	    "how lines of the log are written (default logfmt)"),
	ARGS_CALL(0, "ready-fd", "FD", config_set_ready_fd,
	    "write the bound addresses to FD, on one line, when\n"
	    "every worker accepts connections"),
	ARGS_SWITCH('i', "interactive", struct config, interactive,
	    "show each session's facts, and stop on a key press"),
	ARGS_SWITCH('t', "test", struct config, test,
	    "check options and files, print the policy, and exit"),
	ARGS_SWITCH(0, "print-config", struct config, print_config,
	    "print all options as --config reads them, and exit"),
	ARGS_SWITCH(0, "reload", struct config, reload,
	    "make the running server read its files again, wait for\n"
	    "its answer, print it, and exit: 0 taken, 1 not"),
	{ .name = NULL },
};
