/* test_config: the command line of tlsecho-server. */
#include "server/config.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"

#define FILES "--cert=c.pem", "--key=k.pem", "--ca=ca.pem"

static struct config config;
static struct errmsg e;

static int
parse(const char *const *words)
{
	static char copies[32][256]; /* config points into it */
	char *argv[34] = { copies[0] };
	int argc = 1;

	(void)strcpy(copies[0], "tlsecho-server");
	for (; words[argc - 1] != NULL; argc++) {
		(void)strcpy(copies[argc], words[argc - 1]);
		argv[argc] = copies[argc];
	}
	e.text[0] = '\0';
	config_free(&config); /* of the time before; at first it is all zero */
	config = (struct config){ .workers = 0 };
	return config_parse(&config, argc, argv, &e);
}

#define PARSE(...) parse((const char *const[]){ __VA_ARGS__, NULL })

/* Four descriptors a slot, of a quarter of those that there may be. */
START_TEST(few_descriptors)
{
	const struct rlimit limit = { 80, 80 };

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_int_eq(PARSE(FILES, "--workers=2"), 0);
	ck_assert_uint_eq(config.slots, 2 + 80 / 4 / 4);
}
END_TEST

START_TEST(defaults)
{
	ck_assert_int_eq(PARSE(FILES), 0);
	ck_assert_int_eq(config.listen_count, 0);
	ck_assert_uint_ge(config.workers, 1);
	ck_assert_uint_le(config.workers, CONFIG_WORKERS_MAX);
	ck_assert_uint_eq(config.cpus.count, 0);
	ck_assert_str_eq(config.stats_name, "default");
	ck_assert_uint_eq(config.stats_mode, 0640);
	ck_assert_uint_eq(config.stats_group, (gid_t)-1);
	ck_assert_uint_eq(config.connection_table, 65536);
	ck_assert_uint_eq(config.worker_rows, 65536 / config.workers);
	ck_assert_uint_eq(config.backlog, 4096);
	ck_assert_uint_eq(config.max_connections, 0);
	ck_assert_uint_eq(config.max_handshaking, 64);
	ck_assert_int_eq(config.handshake_timeout_ns, 10 * CLOCK_NS_PER_S);
	ck_assert_int_eq(config.idle_timeout_ns, 600 * CLOCK_NS_PER_S);
	ck_assert_int_eq(config.drain_timeout_ns, 10 * CLOCK_NS_PER_S);
	ck_assert(config.keepalive.on && config.keepalive.idle_s == 0);
	ck_assert_int_eq(config.log_level, LOG_INFO);
	ck_assert_int_eq(config.ready_fd, -1);
	ck_assert(!config.interactive && !config.keeps_open_sessions);
}
END_TEST

START_TEST(everything)
{
	ck_assert_int_eq(
	    PARSE(FILES, "-l", "127.0.0.1:0", "--listen=[::1]:1", "-w", "3",
		"--priority=NORMAL", "-n", "x", "--stats-mode=0604",
		"--stats-group=12345", "--backlog=1", "--max-connections=48",
		"--open-sessions=keep", "--max-handshaking=8",
		"--handshake-timeout=10ms", "--idle-timeout=0",
		"--drain-timeout=2s", "--log-level=debug", "--ready-fd=1",
		"--keepalive=9s:8s:7", "--alpn=h2,http/1.1", "--alpn=echo",
		"-i"),
	    0);
	ck_assert_str_eq(config.tls.alpn[1], "http/1.1");
	ck_assert_str_eq(config.tls.alpn[2], "echo");
	ck_assert_ptr_null(config.tls.alpn[3]);
	ck_assert_int_eq(config.listen_count, 2);
	ck_assert_str_eq(config.listen[1], "[::1]:1");
	ck_assert_uint_eq(config.workers, 3);
	ck_assert_str_eq(config.tls.priority, "NORMAL");
	ck_assert(config.keeps_open_sessions);
	ck_assert_str_eq(config.stats_name, "x");
	ck_assert_uint_eq(config.stats_mode, 0604);
	ck_assert_uint_eq(config.stats_group, 12345);
	ck_assert_uint_eq(config.backlog, 1);
	ck_assert_uint_eq(config.max_connections, 48);
	ck_assert_uint_eq(config.max_handshaking, 8);
	ck_assert_int_eq(config.handshake_timeout_ns, 10 * CLOCK_NS_PER_MS);
	ck_assert_int_eq(config.idle_timeout_ns, 0);
	ck_assert_int_eq(config.drain_timeout_ns, 2 * CLOCK_NS_PER_S);
	ck_assert_int_eq(config.keepalive.idle_s, 9);
	ck_assert_int_eq(config.keepalive.count, 7);
	ck_assert_int_eq(config.log_level, LOG_DEBUG);
	ck_assert_int_eq(config.ready_fd, 1);
	ck_assert(config.interactive);
	ck_assert_int_eq(PARSE(FILES, "--workers=auto"), 0);
	ck_assert_int_eq(PARSE(FILES, "--cpu-affinity=auto"), 0);
	ck_assert_uint_ge(config.cpus.count, 1);
	ck_assert_int_eq(PARSE(FILES, "--cpu-affinity=off"), 0);
	ck_assert_uint_eq(config.cpus.count, 0);
	ck_assert_int_eq(PARSE(FILES, "--stats-group=root"), 0);
	ck_assert_uint_eq(config.stats_group, 0);
	ck_assert_int_eq(
	    PARSE("--pkcs12=p", "--password-file=f", "--ca=ca"), 0);
}
END_TEST

/* Workers, rows and the most connections; the rows of each worker. */
static const struct {
	const char *workers, *table, *connections;
	unsigned rows;
} tables[] = {
	{ "3", "65536", "0", 21845 },
	{ "2", "off", "0", 0 },
	{ "4", "off", "100", 0 },
	{ "64", "1", "0", 1 },
	{ "1", "1048576", "0", 1048576 },
	{ "2", "65536", "100", 100 },
	{ "2", "100", "100", 50 },
	{ "2", "100", "1000000", 50 },
};

START_TEST(rows_are_shared_out)
{
	ck_assert_int_eq(
	    PARSE(FILES, "-w", tables[_i].workers, "--connection-table",
		tables[_i].table, "--max-connections", tables[_i].connections),
	    0);
	ck_assert_uint_eq(config.worker_rows, tables[_i].rows);
}
END_TEST

struct wrong {
	const char *words[8];
	const char *text; /* that the message holds */
};

static const struct wrong wrongs[] = {
	{ { "--ca=ca" }, "--cert" },
	{ { "--ca=ca", "--cert=c" }, "--key" },
	{ { "--cert=c", "--key=k" }, "--ca" },
	{ { FILES, "--pkcs12=p" }, "--pkcs12" },
	{ { "--ca=ca", "--pkcs12=p" }, "--password-file" },
	{ { "--ca=ca", "--password-file=f" }, "goes with --key or --pkcs12" },
	{ { FILES, "word" }, "unexpected word 'word'" },
	{ { FILES, "--open-sessions=end" }, "--open-sessions: 'end'" },
	{ { FILES, "--client-purpose=server" }, "--client-purpose: 'server'" },
	{ { FILES, "--client-purpose=any", "--client-auth=none" },
	    "--client-purpose any" },
	{ { FILES, "--idle-timeout=1", "--idle-timeout=2" },
	    "--idle-timeout: given twice" },
	{ { FILES, "--workers=0" }, "--workers" },
	{ { FILES, "--workers=65" }, "64" },
	{ { FILES, "--workers=many" }, "--workers" },
	{ { FILES, "--workers=-1" }, "--workers" },
	{ { FILES, "--cpu-affinity=some" }, "--cpu-affinity: 'some'" },
	{ { FILES, "--cpu-affinity=1023" }, "--cpu-affinity: CPU 1023" },
	{ { FILES, "--priority=NONSENSE" }, "NONSENSE" },
	{ { FILES, "--stats=a/b" }, "a/b" },
	{ { FILES, "--stats=" }, "--stats" },
	{ { FILES, "--stats-mode=0888" }, "0888" },
	{ { FILES, "--stats-mode=7777" }, "7777" },
	{ { FILES, "--stats-mode=-1" }, "-1" },
	{ { FILES, "--stats-mode=" }, "--stats-mode" },
	{ { FILES, "--stats-group=no-such-group" }, "no-such-group" },
	{ { FILES, "--stats-group=4294967295" }, "4294967295" },
	{ { FILES, "--alpn=h2", "--alpn=a, b" }, "--alpn: ' b' is not a" },
	{ { FILES, "--backlog=0" }, "--backlog" },
	{ { FILES, "--connection-table=0" }, "neither 'off' nor between 1" },
	{ { FILES, "--connection-table=1048577" }, "and 1048576" },
	{ { FILES, "--connection-table=many" }, "--connection-table: 'many'" },
	{ { FILES, "--max-connections=10000001" }, "--max-connections" },
	{ { FILES, "--max-handshaking=-1" }, "--max-handshaking" },
	{ { FILES, "--max-handshaking=10000001" }, "10000000" },
	{ { FILES, "--handshake-timeout=0" }, "--handshake-timeout" },
	{ { FILES, "--log-level=loud" }, "loud" },
	{ { FILES, "--sandbox=maybe" }, "--sandbox: 'maybe' is not on or off" },
	{ { FILES, "--user=no-such-user" }, "--user: there is no user" },
	{ { FILES, "--user=root" }, "--user: 'root' is root" },
	{ { FILES, "--ready-fd=99" }, "99" },
	{ { FILES, "--ready-fd=4294967296" }, "4294967296" },
	{ { FILES, "--no-such-option" }, "no-such-option" },
};

START_TEST(wrong_ones)
{
	ck_assert_int_eq(parse(wrongs[_i].words), -1);
	ck_assert_msg(strstr(e.text, wrongs[_i].text) != NULL, "'%s' in '%s'",
	    wrongs[_i].text, e.text);
	ck_assert_ptr_null(strchr(e.text, '\n'));
}
END_TEST

START_TEST(as_many_addresses_as_there_is_room_for)
{
	const char *words[CONFIG_LISTEN_MAX + 5] = { FILES };

	for (int i = 0; i < CONFIG_LISTEN_MAX; i++)
		words[3 + i] = "--listen=127.0.0.1:0";
	ck_assert_int_eq(parse(words), 0);
	ck_assert_int_eq(config.listen_count, CONFIG_LISTEN_MAX);
	words[3 + CONFIG_LISTEN_MAX] = "--listen=127.0.0.1:0";
	ck_assert_int_eq(parse(words), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "16"));
}
END_TEST

/* All workers together half of the connections, but for one each. */
static const struct {
	const char *words[8];
	uint64_t want;
} shares[] = {
	{ { FILES, "--workers=4", "--max-connections=100" }, 12 },
	{ { FILES, "--workers=4", "--max-connections=7" }, 1 },
	{ { FILES, "--workers=1", "--max-connections=1" }, 1 },
	{ { FILES, "--workers=4", "--max-handshaking=13" }, 0 },
};

START_TEST(unopened_have_a_share)
{
	ck_assert_int_eq(parse(shares[_i].words), 0);
	ck_assert_uint_eq(config.max_unopened, shares[_i].want);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("server/config");

	SUITE_ADD(s, few_descriptors);
	SUITE_ADD(s, defaults);
	SUITE_ADD(s, everything);
	SUITE_ADD_LOOP(s, rows_are_shared_out, sizeof tables / sizeof *tables);
	SUITE_ADD_LOOP(s, wrong_ones, sizeof wrongs / sizeof *wrongs);
	SUITE_ADD_LOOP(
	    s, unopened_have_a_share, sizeof shares / sizeof *shares);
	SUITE_ADD(s, as_many_addresses_as_there_is_room_for);
	return suite_run(s, argc, argv);
}
