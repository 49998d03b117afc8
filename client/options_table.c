/* options_table: the options, and which go together; see the header. */
#include "client/options_table.h"

#include "client/options.h"
#include "client/options_values.h"
#include "common/base/clock.h"
#include "common/creds/args.h"
#include "common/creds/creds.h"

#define CONNECTION_OPTIONS                                                   \
	" cert key ca pkcs12 password-file priority server-name alpn keylog" \
	" hello-size hello-split bind connect-timeout handshake-timeout"     \
	" timeout keepalive"

#define TIMEOUT_MIN CLOCK_NS_PER_MS
#define TIMEOUT_MAX (UINT64_C(86400) * CLOCK_NS_PER_S)

const struct args_option options_table[] = {
	ARGS_HEADING("Load:"),
	ARGS_COUNT('c', "connections", "N", struct options, connections, 1,
	    OPTIONS_CONNECTIONS_MAX, "connections to open (default 64)"),
	ARGS_DURATION('d', "duration", "TIME", struct options, duration_ns,
	    CLOCK_NS_PER_MS, INT64_MAX / 4,
	    "how long to send and receive (default 10s)"),
	ARGS_DURATION(0, "warmup", "TIME", struct options, warmup_ns,
	    CLOCK_NS_PER_MS, INT64_MAX / 4,
	    "before --duration: load that is not counted"),
	ARGS_COUNT('n', "round-trips", "N", struct options, round_trips, 1,
	    UINT64_MAX / 4,
	    "instead of --duration: how many to make, over all\n"
	    "connections; with --handshakes: transactions"),
	ARGS_CALL('s', "size", "MIN[-MAX]", options_set_size,
	    "bytes in a message, 1 to 16M (default 1-100)"),
	ARGS_COUNT('p', "pipeline", "K", struct options, pipeline, 1,
	    OPTIONS_PIPELINE_MAX,
	    "messages under way on each connection at a time\n"
	    "(default 1; with --rate up to 1024, as are due)"),
	ARGS_CALL('r', "rate", "R", options_set_rate,
	    "open loop: begin R round trips a second, over all\n"
	    "connections, however long each of them takes;\n"
	    "with --handshakes: transactions; 0.1: one in 10 s"),
	ARGS_DURATION(0, "late-limit", "TIME", struct options, late_limit_ns,
	    CLOCK_NS_PER_US, TIMEOUT_MAX,
	    "with --rate: the run is invalid if this client's\n"
	    "own p99 lateness is longer (default 1ms,\n"
	    "with --handshakes or --reconnect 10ms)"),
	ARGS_DURATION(0, "grace", "TIME", struct options, grace_ns, 0,
	    TIMEOUT_MAX,
	    "with --rate: how long after the end of the run what\n"
	    "was due may still begin (default: as long as the\n"
	    "run, at least 1s, at most 10s)"),
	ARGS_SWITCH(0, "idle", struct options, idle,
	    "prove each connection by one echo, hold it, and\n"
	    "prove it once more"),
	ARGS_SWITCH(0, "handshakes", struct options, handshakes,
	    "make transactions, one after the other: connect,\n"
	    "TLS handshake, one echo, close"),
	ARGS_COUNT(0, "reconnect", "N", struct options, reconnect, 1,
	    UINT64_MAX / 4,
	    "close each connection when it has made N round\n"
	    "trips, and open it again"),
	ARGS_COUNT(0, "connect-rate", "R", struct options, connect_rate, 1,
	    OPTIONS_RATE_MAX,
	    "begin at most R connections a second, evenly, at the\n"
	    "start and whenever one is opened again"),
	ARGS_CALL_MAYBE(0, "resume", "[N%]", options_set_resume,
	    options_is_share,
	    "with --handshakes or --reconnect: offer session\n"
	    "tickets, on N% of the connections (default 100%)"),
	ARGS_SWITCH(0, "no-echo", struct options, no_echo,
	    "with --handshakes, --idle or --explain: send no\n"
	    "message, so that any TLS server will do, whatever is\n"
	    "behind it"),
	ARGS_COUNT('w', "workers", "N", struct options, workers, 1,
	    OPTIONS_WORKERS_MAX,
	    "worker processes (default: one for each core)"),
	ARGS_CALL(0, "part", "I/N", options_set_part,
	    "be number I of N clients, which make the load that\n"
	    "the other options ask for together"),
	ARGS_HEADING("Goals:"),
	ARGS_CALLS(0, "goal", "EXPR", options_add_goal,
	    "what the run is to reach, or exit status 4: p99<2ms,\n"
	    "handshake_p99<=10ms, errors==0, rate>=20k; may be\n"
	    "given several times"),
	ARGS_SWITCH(0, "find-rate", struct options, find_rate,
	    "search the highest rate that meets the goals\n"
	    "(default p99<10ms, errors==0 and kept>=98%), up to\n"
	    "--rate, in steps of --duration (default 2s)"),
	ARGS_HEADING("Instead of a load:"),
	ARGS_SWITCH(0, "explain", struct options, explain,
	    "make one connection, tell step by step how it goes,\n"
	    "and what to do about a failure"),
	ARGS_SWITCH(0, "ping", struct options, ping,
	    "a line for each round trip, as ping(8) has them;\n"
	    "takes -n, --interval, -s (default 64), -q"),
	ARGS_DURATION(0, "interval", "TIME", struct options, interval_ns,
	    CLOCK_NS_PER_MS, TIMEOUT_MAX,
	    "with --ping: between two messages (default 1s)"),
	ARGS_SWITCH(0, "pipe", struct options, pipe,
	    "send standard input, write what comes back to\n"
	    "standard output, byte for byte"),
	ARGS_HEADING("TLS:"),
	TLS_FILES_ARGS(struct options, files),
	ARGS_STRING(0, "identities", "DIR|FILE", struct options, identities,
	    "certificates and keys, NAME.pem and NAME.key of a\n"
	    "directory or listed in a file, instead of --cert\n"
	    "and --key; connections take one in turn"),
	ARGS_STRING(0, "expect", "FILE", struct options, expect,
	    "which identities are to be accepted and which\n"
	    "refused; exit status 4 if that was not so"),
	ARGS_CALL(
	    0, "priority", "STRING", options_set_priority, TLS_PRIORITY_HELP),
	ARGS_CALL(0, "server-name", "NAME", options_set_server_name,
	    "name or address that the server's certificate\n"
	    "must bear (default: HOST)"),
	ARGS_CALL(0, "alpn", "LIST", options_set_alpn,
	    "application protocols to offer, the best first,\n"
	    "separated by commas, such as h2,http/1.1"),
	ARGS_STRING(0, "keylog", "FILE", struct options, keylog,
	    "append session secrets, for a protocol analyzer"),
	ARGS_COUNT(0, "hello-size", "N", struct options, hello_size,
	    OPTIONS_HELLO_MIN, OPTIONS_HELLO_MAX,
	    "pad each ClientHello to so many bytes, as long as a\n"
	    "post-quantum one is (1700), or longer"),
	ARGS_SWITCH(0, "hello-split", struct options, splits_hello,
	    "send each ClientHello in two segments"),
	ARGS_HEADING("Network:"),
	ARGS_CALL(0, "bind", "ADDRESSES", options_set_bind,
	    "local addresses and ranges FIRST-LAST of them,\n"
	    "separated by commas; connections take one in turn"),
	ARGS_DURATION(0, "connect-timeout", "TIME", struct options,
	    connect_timeout_ns, TIMEOUT_MIN, TIMEOUT_MAX,
	    "limit for a connection in all: TCP, to any of the\n"
	    "addresses, and TLS handshake (default 10s)"),
	ARGS_DURATION(0, "handshake-timeout", "TIME", struct options,
	    handshake_timeout_ns, TIMEOUT_MIN, TIMEOUT_MAX,
	    "limit for its TLS handshake alone (default 10s)"),
	ARGS_DURATION(0, "timeout", "TIME", struct options, timeout_ns,
	    TIMEOUT_MIN, TIMEOUT_MAX, "limit for one round trip (default 10s)"),
	ARGS_CALL(0, "keepalive", "TIMES", options_set_keepalive,
	    "TCP keep-alive probes: on (default), off, or\n"
	    "IDLE[:INTERVAL[:COUNT]], such as 60s:10s:6"),
	ARGS_HEADING("Control and report:"),
	ARGS_SWITCH(0, "interactive", struct options, interactive,
	    "open all connections, then wait for a key press"),
	ARGS_CALL(0, "steps", "HOW", options_set_steps,
	    "for launchers: write \"connected\" and \"measured\" to\n"
	    "standard output, and each time wait: stdio for a\n"
	    "newline on standard input, signal for SIGUSR1"),
	ARGS_CALL(0, "steps-fd", "FD", options_set_steps_fd,
	    "for scripts: write \"connected\" and \"finished\" to\n"
	    "this descriptor, and each time wait for a byte"),
	ARGS_STRING(0, "json", "FILE", struct options, json,
	    "also write the report as JSON; - is standard\n"
	    "output, and the text then goes to standard error"),
	ARGS_STRING(0, "hgrm", "FILE", struct options, hgrm,
	    "also write the percentiles of the latency as\n"
	    "HdrHistogram does, in milliseconds, for plotting"),
	ARGS_STRING(0, "hlog", "FILE", struct options, hlog,
	    "also write a log of HdrHistogram: the histogram of\n"
	    "each second"),
	ARGS_SWITCH(0, "progress", struct options, progress,
	    "say how far the run has come by a line a second, on\n"
	    "a terminal, too"),
	ARGS_SWITCH('q', "quiet", struct options, quiet,
	    "do not say how far the run has come"),
	ARGS_SWITCH('v', "verbose", struct options, verbose,
	    "show what each connection's session negotiated"),
	ARGS_SWITCH(0, "whoami", struct options, whoami,
	    "the server has --whoami: show the line of JSON with\n"
	    "which it begins each connection"),
	ARGS_STRING(0, "html", "FILE", struct options, html,
	    "also write the report as a page with pictures"),
	ARGS_STRING(0, "server-stats", "NAME", struct options, server_stats,
	    "compare with what a server of this host counts, as\n"
	    "its --stats is called; exit status 3 if they differ"),
	ARGS_SWITCH(0, "allow-missing", struct options, allow_missing,
	    "merge: the union is valid though parts of the load\n"
	    "are missing"),
	ARGS_CALL(0, "threshold", "PERCENT", options_set_threshold,
	    "compare: how much worse B may be (default 5)"),
	ARGS_HEADING("Other:"),
	{ .name = NULL },
};

const struct args_rule options_rules[] = {
	{ "duration", .excludes = "round-trips" },
	{ "warmup", .excludes = "round-trips idle" },
	{ "progress", .excludes = "quiet" },
	{ "interactive", .excludes = "steps steps-fd handshakes" },
	{ "steps", .excludes = "steps-fd" },
	{ "pipeline", .excludes = "handshakes" },
	{ "idle", .excludes = "handshakes rate pipeline round-trips" },
	{ "identities", .excludes = "cert key pkcs12" },
	{ "expect", .needs = "identities", .excludes = "find-rate" },
	{ "reconnect", .excludes = "handshakes idle" },
	{ "resume", .needs = "handshakes reconnect" },
	{ "no-echo", .needs = "handshakes idle explain",
	    .excludes = "resume size whoami timeout" },
	{ "late-limit", .needs = "rate find-rate" },
	{ "grace", .needs = "rate find-rate" },
	{ "find-rate",
	    .excludes = "idle round-trips interactive steps steps-fd part "
			"verbose whoami progress" },
	{ "server-stats", .excludes = "find-rate" },
	{ "explain",
	    .takes = "no-echo cert key ca pkcs12 password-file priority "
		     "server-name hello-size hello-split bind connect-timeout "
		     "handshake-timeout timeout json alpn" },
	{ "ping",
	    .takes = "round-trips interval size quiet" CONNECTION_OPTIONS },
	{ "pipe", .takes = CONNECTION_OPTIONS },
	{ "interval", .needs = "ping" },
	{ .option = NULL },
};

const struct args_rule options_commands[] = {
	{ "merge", .takes = "json html quiet allow-missing" },
	{ "compare", .takes = "json quiet threshold" },
	{ .option = NULL },
};
