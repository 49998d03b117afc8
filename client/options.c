/* options: the table, and which of them fit together; see the header. */
#include "client/options.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/units.h"
#include "common/creds/args.h"
#include "common/creds/creds.h"
#include "common/sys/cpus.h"
#include "common/sys/fd.h"
#include "common/x509/san.h"

const struct args_program options_program = {
	.name = "tlsecho-client",
	.synopsis = "[options] HOST:PORT",
	.summary = "Opens mutual-TLS connections to an echo server, sends "
		   "messages, compares\nwhat comes back with what was sent, "
		   "and measures how long it takes.",
	.version = tls_version_text,
};

static const int64_t default_timeout_ns = 10 * CLOCK_NS_PER_S;
static const int64_t default_duration_ns = 10 * CLOCK_NS_PER_S;

/* By default the grace is as long as the run, within these limits. */
static const int64_t grace_min_ns = CLOCK_NS_PER_S;
static const int64_t grace_max_ns = 10 * CLOCK_NS_PER_S;

#define TIMEOUT_MIN CLOCK_NS_PER_MS
#define TIMEOUT_MAX (UINT64_C(86400) * CLOCK_NS_PER_S)

static int
set_size(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;
	char min_text[UNITS_TEXT];
	const char *dash = strchr(value, '-');
	size_t min_len = dash != NULL ? (size_t)(dash - value) : strlen(value);
	uint64_t min;
	uint64_t max;

	if (dash != NULL && (min_len == 0 || dash[1] == '\0'))
		return errmsg_set(e,
		    "'%s' lacks a number: use MIN-MAX, such as 1-100", value);
	if (min_len >= sizeof min_text)
		return errmsg_set(e, "'%s' is too large", value);
	memcpy(min_text, value, min_len);
	min_text[min_len] = '\0';
	if (units_parse_size(min_text, &min, e) < 0 ||
	    units_parse_size(dash != NULL ? dash + 1 : min_text, &max, e) < 0)
		return -1;
	if (min < 1 || max > OPTIONS_SIZE_MAX)
		return errmsg_set(e, "'%s' is not between 1 and %dM", value,
		    OPTIONS_SIZE_MAX >> 20);
	if (min > max)
		return errmsg_set(
		    e, "'%s': the larger number comes last", value);
	o->size_min = (size_t)min;
	o->size_max = (size_t)max;
	return 0;
}

static int
set_rate(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;
	uint64_t rate;
	unsigned decimals;

	if (units_parse_decimal(value, &rate, &decimals, e) < 0)
		return -1;
	if (rate == 0 || decimals > OPTIONS_RATE_DECIMALS ||
	    rate / units_power_of_10(decimals) > OPTIONS_RATE_MAX)
		return errmsg_set(e,
		    "'%s' is not between 0.001 and %dM, with at most %d "
		    "decimals",
		    value, OPTIONS_RATE_MAX / 1000000, OPTIONS_RATE_DECIMALS);
	if (decimals > 0 &&
	    rate / units_power_of_10(decimals) >= OPTIONS_RATE_DECIMALS_MAX)
		return errmsg_set(e,
		    "'%s': from %d on it must be a whole number", value,
		    OPTIONS_RATE_DECIMALS_MAX);
	o->rate = rate;
	o->rate_decimals = decimals;
	return 0;
}

static int
set_bind(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;

	return sources_parse(&o->sources, value, e);
}

static int
set_keepalive(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;

	return keepalive_parse(&o->keepalive, value, e);
}

static int
set_priority(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;

	o->priority = value;
	return tls_priority_check(value, e);
}

/*
 * A name may end with the root's dot (RFC 1034, 3.1), which certificates and
 * SNI do not have (RFC 6066, 3); a link-local address may have a scope.
 */
static void
set_peer_name(struct options *o, const char *name)
{
	bool is_ip6 = strchr(name, ':') != NULL;
	size_t len = is_ip6 ? strcspn(name, "%") : strlen(name);

	if (len > 1 && name[len - 1] == '.')
		len--;
	ASSERT(len < sizeof o->peer_name);
	memcpy(o->peer_name, name, len);
	o->peer_name[len] = '\0';
}

/* No certificate that a client may take bears anything else. */
static int
set_server_name(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;
	struct tls_san san;

	if (strlen(value) >= sizeof o->peer_name)
		return errmsg_set(e, "too long");
	set_peer_name(o, value);
	if (tls_san_parse(&san, o->peer_name, strlen(o->peer_name), e) < 0)
		return errmsg_prepend(e, "'%s'", value);
	if (san.kind == TLS_SAN_ADDRESS ||
	    (san.kind == TLS_SAN_DNS_NAME && value[0] != '*'))
		return 0;
	return errmsg_set(e,
	    "'%s' is neither an address nor a DNS name, such as "
	    "echo.example.org",
	    value);
}

/* Steps are written to it and answers read from it, with epoll(7). */
static int
set_steps_fd(void *target, const char *value, struct errmsg *e)
{
	struct options *o = target;
	struct stat status;
	int fd;

	if (fd_parse(value, &fd, e) < 0)
		return -1;
	if ((fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDWR)
		return errmsg_set(
		    e, "%s is not open for reading and writing", value);
	if ((fstat(fd, &status) < 0 || !S_ISSOCK(status.st_mode)) &&
	    isatty(fd) != 1)
		return errmsg_set(
		    e, "%s is neither a socket nor a terminal", value);
	o->steps_fd = fd;
	return 0;
}

static const struct args_option table[] = {
	ARGS_COUNT('c', "connections", "N", struct options, connections, 1,
	    OPTIONS_CONNECTIONS_MAX, "connections to open (default 64)"),
	ARGS_DURATION('d', "duration", "TIME", struct options, duration_ns,
	    CLOCK_NS_PER_MS, INT64_MAX / 4,
	    "how long to send and receive (default 10s)"),
	ARGS_COUNT('n', "round-trips", "N", struct options, round_trips, 1,
	    UINT64_MAX / 4,
	    "instead of --duration: how many to make, over all\n"
	    "connections; with --handshakes: transactions"),
	ARGS_CALL('s', "size", "MIN[-MAX]", set_size,
	    "bytes in a message, 1 to 16M (default 1-100)"),
	ARGS_COUNT('p', "pipeline", "K", struct options, pipeline, 1,
	    OPTIONS_PIPELINE_MAX,
	    "messages under way on each connection at a time\n"
	    "(default 1; with --rate up to 1024, as are due)"),
	ARGS_CALL('r', "rate", "R", set_rate,
	    "open loop: begin R round trips a second, over all\n"
	    "connections, however long each of them takes;\n"
	    "with --handshakes: transactions; 0.1: one in 10 s"),
	ARGS_DURATION(0, "late-limit", "TIME", struct options, late_limit_ns,
	    CLOCK_NS_PER_US, TIMEOUT_MAX,
	    "with --rate: the run is invalid if this client's\n"
	    "own p99 lateness is longer (default 1ms,\n"
	    "with --handshakes 10ms)"),
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
	ARGS_SWITCH(0, "resume", struct options, resume,
	    "with --handshakes: offer session tickets"),
	ARGS_COUNT('w', "workers", "N", struct options, workers, 1,
	    OPTIONS_WORKERS_MAX,
	    "worker processes (default: one for each core)"),
	TLS_FILES_ARGS(struct options, files),
	ARGS_CALL(0, "priority", "STRING", set_priority, TLS_PRIORITY_HELP),
	ARGS_CALL(0, "server-name", "NAME", set_server_name,
	    "name or address that the server's certificate\n"
	    "must bear (default: HOST)"),
	ARGS_COUNT(0, "hello-size", "N", struct options, hello_size,
	    OPTIONS_HELLO_MIN, OPTIONS_HELLO_MAX,
	    "pad each ClientHello to so many bytes, as long as a\n"
	    "post-quantum one is (1700), or longer"),
	ARGS_SWITCH(0, "hello-split", struct options, splits_hello,
	    "send each ClientHello in two segments"),
	ARGS_CALL(0, "bind", "ADDRESSES", set_bind,
	    "local addresses and ranges FIRST-LAST of them,\n"
	    "separated by commas; connections take one in turn"),
	ARGS_DURATION(0, "connect-timeout", "TIME", struct options,
	    connect_timeout_ns, TIMEOUT_MIN, TIMEOUT_MAX,
	    "limit for one TCP connect (default 10s)"),
	ARGS_DURATION(0, "handshake-timeout", "TIME", struct options,
	    handshake_timeout_ns, TIMEOUT_MIN, TIMEOUT_MAX,
	    "limit for a TLS handshake (default 10s)"),
	ARGS_DURATION(0, "timeout", "TIME", struct options, timeout_ns,
	    TIMEOUT_MIN, TIMEOUT_MAX, "limit for one round trip (default 10s)"),
	ARGS_CALL(0, "keepalive", "TIMES", set_keepalive,
	    "TCP keep-alive probes: on (default), off, or\n"
	    "IDLE[:INTERVAL[:COUNT]], such as 60s:10s:6"),
	ARGS_SWITCH(0, "interactive", struct options, interactive,
	    "open all connections, then wait for a key press"),
	ARGS_STRING(0, "json", "FILE", struct options, json,
	    "also write the report as JSON; - is standard\n"
	    "output, and the text then goes to standard error"),
	ARGS_CALL(0, "steps-fd", "FD", set_steps_fd,
	    "for scripts: write \"connected\" and \"finished\" to\n"
	    "this descriptor, and each time wait for a byte"),
	ARGS_SWITCH(
	    'q', "quiet", struct options, quiet, "show no progress line"),
	ARGS_SWITCH('v', "verbose", struct options, verbose,
	    "show what each connection's session negotiated"),
	ARGS_SWITCH(0, "whoami", struct options, whoami,
	    "the server has --whoami: show the line of JSON with\n"
	    "which it begins each connection"),
	{ .name = NULL },
};

static int
set_target(struct options *o, int count, char **operands, struct errmsg *e)
{
	char host[ADDR_HOST];
	char port[32];

	if (count == 0)
		return errmsg_set(e, "HOST:PORT is missing");
	if (count > 1)
		return errmsg_set(
		    e, "'%s' is one operand too many", operands[1]);
	o->target = operands[0];
	if (addr_check(o->target, ADDR_TO_CONNECT, e) < 0 ||
	    addr_split(o->target, host, port, e) < 0)
		return -1;
	if (host[0] == '\0' || strcmp(host, "*") == 0)
		return errmsg_set(e, "'%s' names no host", o->target);
	if (o->peer_name[0] == '\0')
		set_peer_name(o, host);
	return 0;
}

struct pair {
	bool one, other;
	const char *names;
};

static int
check_pairs(const struct options *o, struct errmsg *e)
{
	const struct pair excluded[] = {
		{ o->duration_ns != 0, o->round_trips != 0,
		    "--duration and --round-trips" },
		{ o->interactive, o->steps_fd >= 0,
		    "--interactive and --steps-fd" },
		{ o->interactive, o->handshakes,
		    "--interactive and --handshakes" },
		{ o->pipeline != 0, o->handshakes,
		    "--pipeline and --handshakes" },
		{ o->idle, o->handshakes, "--idle and --handshakes" },
		{ o->idle, o->rate != 0, "--idle and --rate" },
		{ o->idle, o->pipeline != 0, "--idle and --pipeline" },
		{ o->idle, o->round_trips != 0, "--idle and --round-trips" },
	};

	for (size_t i = 0; i < sizeof excluded / sizeof *excluded; i++)
		if (excluded[i].one && excluded[i].other)
			return errmsg_set(
			    e, "%s exclude each other", excluded[i].names);
	if (o->resume && !o->handshakes)
		return errmsg_set(e, "--resume needs --handshakes");
	if (o->late_limit_ns != 0 && o->rate == 0)
		return errmsg_set(e, "--late-limit needs --rate");
	if (o->grace_ns >= 0 && o->rate == 0)
		return errmsg_set(e, "--grace needs --rate");
	return 0;
}

static int64_t
default_grace_ns(const struct options *o)
{
	int64_t length_ns = options_length_ns(o);

	if (length_ns < grace_min_ns)
		return grace_min_ns;
	return length_ns < grace_max_ns ? length_ns : grace_max_ns;
}

static int
resolve(struct options *o, struct errmsg *e)
{
	if (check_pairs(o, e) < 0)
		return -1;
	if (o->duration_ns == 0 && o->round_trips == 0)
		o->duration_ns = default_duration_ns;
	if (o->grace_ns < 0)
		o->grace_ns = default_grace_ns(o);
	if (o->late_limit_ns == 0)
		o->late_limit_ns =
		    o->handshakes ? 10 * CLOCK_NS_PER_MS : CLOCK_NS_PER_MS;
	if (o->pipeline == 0)
		o->pipeline =
		    o->rate > 0 && !o->handshakes ? OPTIONS_PIPELINE_MAX : 1;
	if (o->workers == 0)
		o->workers = cpus_count_usable();
	if (o->workers > OPTIONS_WORKERS_MAX)
		o->workers = OPTIONS_WORKERS_MAX;
	if (o->workers > o->connections)
		o->workers = o->connections;
	ASSERT(o->workers >= 1 && o->workers <= o->connections);
	return tls_files_check(&o->files, e);
}

double
options_rate(const struct options *o)
{
	return (double)o->rate / (double)units_power_of_10(o->rate_decimals);
}

int64_t
options_length_ns(const struct options *o)
{
	double seconds;

	if (o->duration_ns > 0 || o->rate == 0)
		return o->duration_ns;
	seconds = (double)o->round_trips / options_rate(o);
	return seconds < 1e9 ? (int64_t)(seconds * 1e9) : INT64_MAX / 4;
}

int
options_parse(struct options *o, int argc, char **argv, struct errmsg *e)
{
	int rest;

	*o = (struct options){
		.connections = 64,
		.size_min = 1,
		.size_max = 100,
		.priority = TLS_PRIORITY_DEFAULT,
		.connect_timeout_ns = default_timeout_ns,
		.handshake_timeout_ns = default_timeout_ns,
		.timeout_ns = default_timeout_ns,
		.grace_ns = -1,
		.keepalive = { .on = true },
		.steps_fd = -1,
	};
	if (args_parse(&options_program, table, o, argc, argv, &rest, e) < 0 ||
	    set_target(o, argc - rest, argv + rest, e) < 0)
		return -1;
	return resolve(o, e);
}
