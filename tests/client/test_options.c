/* test_options: what is taken, what it comes to, and what is refused. */
#include "client/options.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"

enum {
	WORDS_MAX = 40
};

static struct options o;
static struct errmsg e;

/* The words, behind the program's name and the credentials. */
static int
parse(const char *line)
{
	static char words[512];
	char *argv[WORDS_MAX] = { (char[]){ "tlsecho-client" },
		(char[]){ "--cert" }, (char[]){ "c" }, (char[]){ "--key" },
		(char[]){ "k" }, (char[]){ "--ca" }, (char[]){ "a" } };
	int argc = 7;
	char *rest = words;
	char *word;

	ck_assert_uint_lt(strlen(line), sizeof words);
	(void)strcpy(words, line);
	while ((word = strsep(&rest, " ")) != NULL)
		argv[argc++] = word;
	argv[argc] = NULL;
	return options_parse(&o, argc, argv, &e);
}

TEST(defaults)
{
	ck_assert_msg(parse("host:4433") == 0, "%s", e.text);
	ck_assert_str_eq(o.target, "host:4433");
	ck_assert_str_eq(o.peer_name, "host");
	ck_assert_uint_eq(o.connections, 64);
	ck_assert_uint_ge(o.workers, 1);
	ck_assert_int_eq(o.duration_ns, 10 * CLOCK_NS_PER_S);
	ck_assert_uint_eq(o.round_trips, 0);
	ck_assert_uint_eq(o.pipeline, 1);
	ck_assert_uint_eq(o.size_min, 1);
	ck_assert_uint_eq(o.size_max, 100);
	ck_assert_int_eq(o.connect_timeout_ns, 10 * CLOCK_NS_PER_S);
	ck_assert_int_eq(o.handshake_timeout_ns, 10 * CLOCK_NS_PER_S);
	ck_assert_int_eq(o.timeout_ns, 10 * CLOCK_NS_PER_S);
	ck_assert(o.keepalive.on && o.keepalive.idle_s == 0);
	ck_assert_ptr_null(o.json);
	ck_assert_int_eq(o.steps, STEPS_NONE);
	ck_assert_uint_eq(o.rate, 0);
	ck_assert_uint_eq(o.sources.count, 0);
	ck_assert(!o.handshakes && o.resume_percent == 0 && !o.idle);
	ck_assert(!o.interactive && !o.quiet && !o.verbose);
}

TEST(everything)
{
	ck_assert_msg(
	    parse("-c 5 -n 2k -s 2-1M -w 3 --server-name x. "
		  "--connect-timeout 1s --handshake-timeout 2s "
		  "--timeout 500ms --interactive -p 1024 --json - -q -v "
		  "--priority NORMAL --bind ::1-::9 --keepalive off h:1") == 0,
	    "%s", e.text);
	ck_assert_uint_eq(o.connections, 5);
	ck_assert_uint_eq(o.round_trips, 2000);
	ck_assert_int_eq(o.duration_ns, 0);
	ck_assert_uint_eq(o.size_min, 2);
	ck_assert_uint_eq(o.size_max, 1 << 20);
	ck_assert_uint_eq(o.workers, 3);
	ck_assert_uint_eq(o.pipeline, OPTIONS_PIPELINE_MAX);
	ck_assert_str_eq(o.peer_name, "x");
	ck_assert_int_eq(o.connect_timeout_ns, CLOCK_NS_PER_S);
	ck_assert_int_eq(o.handshake_timeout_ns, 2 * CLOCK_NS_PER_S);
	ck_assert_int_eq(o.timeout_ns, CLOCK_NS_PER_S / 2);
	ck_assert(!o.keepalive.on);
	ck_assert_str_eq(o.json, "-");
	ck_assert_str_eq(o.priority, "NORMAL");
	ck_assert_uint_eq(o.sources.count, 9);
	ck_assert(o.interactive && o.quiet && o.verbose);
}

TEST(open_loops)
{
	ck_assert_msg(parse("--rate 20k h:1") == 0, "%s", e.text);
	ck_assert_uint_eq(o.rate, 20000);
	ck_assert_uint_eq(o.pipeline, OPTIONS_PIPELINE_MAX);
	ck_assert_int_eq(o.late_limit_ns, CLOCK_NS_PER_MS);
	ck_assert_int_eq(parse("--rate 5 --late-limit 2ms -p 3 h:1"), 0);
	ck_assert_uint_eq(o.pipeline, 3);
	ck_assert_int_eq(o.late_limit_ns, 2 * CLOCK_NS_PER_MS);
	ck_assert_int_eq(parse("--rate 0.250 h:1"), 0);
	ck_assert_uint_eq(o.rate, 25);
	ck_assert_uint_eq(o.rate_decimals, 2);
	ck_assert_double_eq(options_rate(&o), 0.25);
	ck_assert_int_eq(parse("--rate 5 --handshakes h:1"), 0);
	ck_assert_uint_eq(o.pipeline, 1);
	ck_assert_int_eq(o.late_limit_ns, 10 * CLOCK_NS_PER_MS);
}

TEST(goals)
{
	ck_assert_msg(
	    parse("--goal p99<2ms --goal errors==0 h:1") == 0, "%s", e.text);
	ck_assert_uint_eq(o.goals.count, 2);
	ck_assert_str_eq(o.goals.of[1].text, "errors==0");
	ck_assert_int_eq(parse("--rate 1 --goal kept>=9% h:1"), 0);
	ck_assert_int_eq(parse("--handshakes --goal resumed>=9% h:1"), 0);
}

static const struct {
	const char *line;
	int64_t grace_ns;
} graces[] = {
	{ "--rate 5 -d 4s h:1", 4 * CLOCK_NS_PER_S },
	{ "--rate 5 -d 100ms h:1", CLOCK_NS_PER_S },
	{ "--rate 5 -d 1h h:1", 10 * CLOCK_NS_PER_S },
	{ "--rate 0.5 -n 3 h:1", 6 * CLOCK_NS_PER_S },
	{ "--rate 0.001 -n 1G h:1", 10 * CLOCK_NS_PER_S },
	{ "--rate 5 -d 1h --grace 0 h:1", 0 },
	{ "--rate 5 -d 1h --grace 20s h:1", 20 * CLOCK_NS_PER_S },
};

TEST_EACH(grace, graces)
{
	ck_assert_msg(parse(graces[_i].line) == 0, "%s", e.text);
	ck_assert_int_eq(o.grace_ns, graces[_i].grace_ns);
}

/* Of TCP and TLS together; a longer one of TLS alone is not in vain. */
TEST(connect_timeout)
{
	ck_assert_int_eq(parse("--handshake-timeout 20s h:1"), 0);
	ck_assert_int_eq(o.connect_timeout_ns, 20 * CLOCK_NS_PER_S);
	ck_assert_int_eq(
	    parse("--handshake-timeout 20s --connect-timeout 1s h:1"), 0);
	ck_assert_int_eq(o.connect_timeout_ns, CLOCK_NS_PER_S);
}

TEST(reconnect)
{
	ck_assert_msg(
	    parse("--reconnect 5 --resume --rate 5 h:1") == 0, "%s", e.text);
	ck_assert_uint_eq(o.reconnect, 5);
	ck_assert_int_eq(o.late_limit_ns, 10 * CLOCK_NS_PER_MS);
	ck_assert_int_eq(parse("--reconnect 5 --goal resumed>=9% h:1"), 0);
}

TEST(connect_rate)
{
	ck_assert_msg(
	    parse("--connect-rate 500 --handshakes h:1") == 0, "%s", e.text);
	ck_assert_uint_eq(o.connect_rate, 500);
	ck_assert_int_eq(parse("--connect-rate 5 --rate 5 h:1"), 0);
}

TEST(transactions)
{
	ck_assert_msg(parse("--handshakes --resume h:1") == 0, "%s", e.text);
	ck_assert(o.handshakes && o.resume_percent == 100);
	ck_assert_int_eq(parse("--resume 50% --handshakes h:1"), 0);
	ck_assert_uint_eq(o.resume_percent, 50);
	ck_assert_str_eq(o.target, "h:1");
	ck_assert_int_eq(parse("--handshakes h:1 --resume=1%"), 0);
	ck_assert_uint_eq(o.resume_percent, 1);
	ck_assert_int_eq(parse("--handshakes --resume 127.0.0.1:1"), 0);
	ck_assert_str_eq(o.target, "127.0.0.1:1");
}

TEST(no_more_workers_than_connections)
{
	ck_assert_int_eq(parse("-w 8 -c 3 h:1"), 0);
	ck_assert_uint_eq(o.workers, 3);
}

static int
parse_steps_fd(int fd)
{
	char line[32];

	(void)snprintf(line, sizeof line, "--steps-fd %d h:1", fd);
	return parse(line);
}

/* A pipe cannot answer, and a file cannot be waited for. */
TEST(steps_fd)
{
	int pair[2];
	int pipe_ends[2];
	int file = memfd_create("file", MFD_CLOEXEC);

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert_int_eq(parse_steps_fd(pair[0]), 0);
	ck_assert_int_eq(o.steps_fd, pair[0]);
	ck_assert_int_eq(pipe(pipe_ends), 0);
	ck_assert_int_eq(parse_steps_fd(pipe_ends[0]), -1);
	ck_assert_ptr_nonnull(
	    strstr(e.text, "is not open for reading and writing"));
	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(parse_steps_fd(file), -1);
	ck_assert_ptr_nonnull(
	    strstr(e.text, "is neither a socket nor a terminal"));
}

static const struct {
	const char *line, *name;
} names[] = {
	{ "host.example.:1", "host.example" },
	{ "127.0.0.1:1", "127.0.0.1" },
	{ "[::1]:1", "::1" },
	{ "[fe80::1%lo]:1", "fe80::1" },
	{ "--server-name 10.0.0.1 host:1", "10.0.0.1" },
	{ "--server-name a.b. host:1", "a.b" },
	{ "--server-name _a-1.b host:1", "_a-1.b" },
	{ "--server-name fe80::1%lo host:1", "fe80::1" },
};

TEST_EACH(peer_names, names)
{
	ck_assert_msg(parse(names[_i].line) == 0, "%s", e.text);
	ck_assert_str_eq(o.peer_name, names[_i].name);
}

static const struct {
	const char *text;
	size_t min, max;
} sizes[] = {
	{ "1", 1, 1 },
	{ "16M", 16 << 20, 16 << 20 },
	{ "1-16M", 1, 16 << 20 },
	{ "7-7", 7, 7 },
	{ "4k-64k", 4096, 65536 },
};

TEST_EACH(good_sizes, sizes)
{
	char line[64];

	(void)snprintf(line, sizeof line, "-s %s h:1", sizes[_i].text);
	ck_assert_msg(parse(line) == 0, "%s", e.text);
	ck_assert_uint_eq(o.size_min, sizes[_i].min);
	ck_assert_uint_eq(o.size_max, sizes[_i].max);
}

TEST(probes)
{
	ck_assert_msg(parse("--ping h:1") == 0, "%s", e.text);
	ck_assert_uint_eq(o.size_min, 64);
	ck_assert_uint_eq(o.size_max, 64);
	ck_assert_int_eq(o.interval_ns, CLOCK_NS_PER_S);
	ck_assert_int_eq(parse("--ping -s 5 -n 3 --interval 1ms h:1"), 0);
	ck_assert_uint_eq(o.size_max, 5);
	ck_assert_int_eq(parse("--pipe --timeout 1s --alpn h2 h:1"), 0);
	ck_assert(o.pipe);
	ck_assert_uint_eq(o.connections, 1);
}

TEST(application_protocols)
{
	ck_assert_int_eq(parse("--alpn a,b,c,d,e,f,g,http/1.1 h:1"), 0);
	ck_assert_str_eq(o.alpn[0], "a");
	ck_assert_str_eq(o.alpn[TLS_ALPN_MAX - 1], "http/1.1");
	ck_assert_int_eq(parse("--alpn h2 h:1"), 0);
	ck_assert_str_eq(o.alpn[0], "h2");
	ck_assert_ptr_null(o.alpn[1]);
}

/* Each is refused with a line that has the text. */
static const struct {
	const char *line, *text;
} bad[] = {
	{ "", "not an address" },
	{ "-q", "HOST:PORT is missing" },
	{ "h:1 x", "'x' is one operand too many: 'h:1' is HOST:PORT" },
	{ "--handshakes --resume abc h:1", "'abc' is HOST:PORT already" },
	{ "h", "not an address" },
	{ ":1", "names no host" },
	{ "*:1", "names no host" },
	{ "::1:443", "ambiguous" },
	{ "h:0", "the port is not a number from 1 to 65535" },
	{ "h:65536", "the port is not a number from 1 to 65535" },
	{ "[::1]:4x", "the port is not a number from 1 to 65535" },
	{ "-d 1s -n 5 h:1", "--duration and --round-trips exclude" },
	{ "--find-rate --progress h:1", "--find-rate and --progress exclude" },
	{ "-d 0 h:1", "--duration: '0' is too short: at least 1.00 ms" },
	{ "-d 100y h:1", "--duration: '100y' is too long" },
	{ "-n 0 h:1", "--round-trips: '0' is too small: at least 1" },
	{ "-n 18446744073709551615 h:1", "is too large" },
	{ "-c 0 h:1", "--connections: '0' is not between" },
	{ "-c 1000001 h:1", "--connections: '1000001' is not between" },
	{ "-p 0 h:1", "--pipeline: '0' is not between" },
	{ "-p 1025 h:1", "--pipeline: '1025' is not between" },
	{ "--warmup 1s -n 5 h:1", "--warmup and --round-trips exclude" },
	{ "--resume h:1", "--resume needs --handshakes or --reconnect" },
	{ "--reconnect 0 h:1", "--reconnect: '0' is too small" },
	{ "--reconnect 5 --handshakes h:1", "--reconnect and --handshakes" },
	{ "--reconnect 5 --idle h:1", "--reconnect and --idle exclude" },
	{ "--connect-rate 0 h:1", "--connect-rate: '0' is not between" },
	{ "--connect-rate 5 --handshakes --rate 5 h:1",
	    "--connect-rate is not for --handshakes with --rate" },
	{ "--find-rate --rate 0.1 h:1",
	    "--find-rate: fewer than 10 messages would be due in a step" },
	{ "--connect-rate 5 --handshakes --find-rate h:1",
	    "--connect-rate is not for --handshakes with --find-rate" },
	{ "--handshakes --resume 50 h:1",
	    "--resume: '50' is no share of connections: use 1% to 100%" },
	{ "--handshakes --resume 0% h:1",
	    "--resume: '0%' is no share of connections: use 1% to 100%" },
	{ "--handshakes --resume=101% h:1",
	    "--resume: '101%' is no share of connections: use 1% to 100%" },
	{ "--handshakes --resume=h h:1",
	    "--resume: 'h' is no share of connections: use 1% to 100%" },
	{ "--handshakes -p 1 h:1", "--pipeline and --handshakes exclude" },
	{ "--handshakes --interactive h:1", "--handshakes exclude each" },
	{ "--idle -n 5 h:1", "--idle and --round-trips exclude" },
	{ "--idle --rate 5 h:1", "--idle and --rate exclude each other" },
	{ "--idle --handshakes h:1", "--idle and --handshakes exclude" },
	{ "--idle -p 2 h:1", "--idle and --pipeline exclude each other" },
	{ "--no-echo h:1",
	    "--no-echo needs --handshakes, --idle or --explain" },
	{ "--no-echo --idle -s 5 h:1", "--no-echo and --size exclude" },
	{ "--no-echo --handshakes --resume h:1", "--no-echo and --resume" },
	{ "--alpn a,,b h:1", "--alpn: '' is not a name of 1 to 255 bytes" },
	{ "--alpn a,b,c,d,e,f,g,h,i h:1", "--alpn: more than 8 names" },
	{ "--ping -s 1-5 h:1", "--ping: --size must be one number" },
	{ "--ping --rate 5 h:1", "--ping takes no --rate" },
	{ "--ping --pipe h:1", "--ping takes no --pipe" },
	{ "--pipe -n 5 h:1", "--pipe takes no --round-trips" },
	{ "--interval 1s h:1", "--interval needs --ping" },
	{ "--late-limit 1ms h:1", "--late-limit needs --rate" },
	{ "--grace 0 h:1", "--grace needs --rate" },
	{ "--goal p98 h:1", "--goal: 'p98': neither <, <=, ==, >= nor >" },
	{ "--goal kept>1% h:1", "--goal: 'kept>1%' needs --rate" },
	{ "--goal service_p9<1s h:1", "'service_p9<1s' needs --rate" },
	{ "--goal lateness_p9<1s h:1", "'lateness_p9<1s' needs --rate" },
	{ "--goal resumed>1% h:1",
	    "'resumed>1%' needs --handshakes or --reconnect" },
	{ "--goal transaction_p9<1s h:1", "needs --handshakes" },
	{ "--rate 0 h:1", "--rate: '0' is not between" },
	{ "--rate 100000001 h:1", "'100000001' is not between" },
	{ "--rate 0.0005 h:1", "'0.0005' is not between 0.001 and 100M" },
	{ "--rate 10000.5 h:1", "from 10000 on it must be a whole number" },
	{ "--rate x h:1", "--rate: 'x' is not a number" },
	{ "--rate .5 h:1", "--rate: '.5' is not a number" },
	{ "--rate 5. h:1", "--rate: '5.' is not a number" },
	{ "-w 0 h:1", "--workers: '0' is not between" },
	{ "-w 257 h:1", "--workers: '257' is not between" },
	{ "-s 0 h:1", "--size: '0' is not between 1 and 16M" },
	{ "-s 17M h:1", "--size: '17M' is not between 1 and 16M" },
	{ "-s 1-17M h:1", "--size: '1-17M' is not between" },
	{ "-s 5-4 h:1", "--size: '5-4': the larger number comes last" },
	{ "-s 1- h:1", "--size: '1-' lacks a number: use MIN-MAX" },
	{ "-s -5 h:1", "--size: '-5' lacks a number: use MIN-MAX" },
	{ "-s 1-2-3 h:1", "--size: '2-3' is not a whole number" },
	{ "-s x h:1", "--size: 'x' is not a whole number" },
	{ "-s 00000000000000000000000000000000001 h:1", "too large" },
	{ "--timeout 0 h:1", "--timeout: '0' is not between" },
	{ "--timeout 2d h:1", "--timeout: '2d' is not between" },
	{ "--connect-timeout 1us h:1", "--connect-timeout: '1us'" },
	{ "--hello-size 511 h:1",
	    "--hello-size: '511' is not between 512 and" },
	{ "--hello-size 16385 h:1", "is not between 512 and 16384" },
	{ "--priority NONSENSE h:1", "--priority: " },
	{ "--steps-fd x h:1", "--steps-fd: 'x' is not a whole number" },
	{ "--steps-fd 4294967299 h:1", "4294967299 is not an open descr" },
	{ "--steps-fd 999 h:1", "--steps-fd: 999 is not an open descriptor" },
	{ "--bind 10.0.0.1-5 h:1", "--bind: '5' is neither" },
	{ "--pkcs12 p h:1", "--pkcs12 takes the place" },
	{ "--server-name= h:1", "--server-name: '': is neither an address" },
	{ "--server-name a\tb h:1",
	    "--server-name: 'a\tb': must be ASCII without blanks" },
	{ "--server-name b\xc3\xbc.org h:1", "is written xn--..." },
	{ "--server-name . h:1", "'.': is neither an address nor a DNS" },
	{ "--server-name a..b h:1", "'a..b': is neither an address nor" },
	{ "--server-name a.. h:1", "'a..': is neither an address nor a DNS" },
	{ "--server-name 10.0.0.256 h:1", "'10.0.0.256': is neither" },
	{ "--server-name ::1::2 h:1", "--server-name: '::1::2'" },
	{ "--server-name a%lo h:1", "'a%lo': is neither an address nor a" },
	{ "--server-name *.b h:1", "'*.b' is neither an address nor a DNS" },
	{ "--server-name a:443 h:1", "'a:443' is neither an address nor a" },
	{ "--server-name me@a.b h:1", "'me@a.b' is neither an address" },
};

TEST_EACH(refused, bad)
{
	ck_assert_int_eq(parse(bad[_i].line), -1);
	ck_assert_msg(strstr(e.text, bad[_i].text) != NULL, "'%s' says '%s'",
	    bad[_i].line, e.text);
}

SUITE("client/options")
