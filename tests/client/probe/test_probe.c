/* test_probe: how long a probe may take to connect, to several addresses. */
#include "client/probe/probe.h"

#include <string.h>

#include "client/options.h"
#include "client/setup.h"
#include "common/base/clock.h"
#include "tests/support/fake_server.h"
#include "tests/support/fixture.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

static struct options options;
static struct setup setup;
static struct probe probe;
static struct errmsg e;

static void
on_data(struct probe *p, const uint8_t *bytes, size_t n)
{
	(void)p;
	(void)bytes;
	(void)n;
}

static const struct probe_ops ops = { .on_data = on_data };

static void
set_up(const char *timeout, const char *address)
{
	char line[256];
	char *args[16];
	char *rest = line;
	int n = 0;

	(void)snprintf(line, sizeof line,
	    "client --ping --connect-timeout %s --ca %s --server-name "
	    "localhost %s",
	    timeout, fixture_path("ca/ca.pem"), address);
	while ((args[n] = strsep(&rest, " ")) != NULL)
		n++;
	ck_assert_msg(options_parse(&options, n, args, &e) == 0, "%s", e.text);
	ck_assert_msg(setup_open(&setup, &options, &e) == 0, "%s", e.text);
	ck_assert_int_eq(probe_init(&probe, &options, &setup, &ops, &e), 0);
}

static void
tear_down(void)
{
	probe_fini(&probe);
	setup_close(&setup);
}

static void
connect_it(void)
{
	probe_connect(&probe);
	while (probe.is_alive && !probe.is_open)
		probe_turn(&probe, -1);
}

/* All of them together have the time that one alone would have. */
TEST_WITH(silent_addresses, .limit_s = 60)
{
	int64_t began_ns;

	set_up("1s", "127.0.0.1:1");
	tcp_make_silent(&setup.addrs.of[0]);
	for (int i = 1; i < ADDR_LIST_MAX; i++)
		setup.addrs.of[i] = setup.addrs.of[0];
	setup.addrs.count = ADDR_LIST_MAX;
	began_ns = clock_now_ns();
	connect_it();
	ck_assert(!probe.is_open);
	ck_assert_int_eq(probe.reason, REASON_CONNECT_TIMEOUT);
	ck_assert_int_ge(clock_now_ns() - began_ns, CLOCK_NS_PER_S);
	ck_assert_int_lt(clock_now_ns() - began_ns,
	    ADDR_LIST_MAX * CLOCK_NS_PER_S - CLOCK_NS_PER_S);
	tear_down();
}

/* The first one keeps silent, and leaves time for the second. */
TEST(turn_of_each)
{
	struct fake_server server;

	fake_server_start(&server, FAKE_ECHOES, "ca/server");
	set_up("4s", server.address);
	setup.addrs.of[1] = setup.addrs.of[0];
	setup.addrs.count = 2;
	tcp_make_silent(&setup.addrs.of[0]);
	connect_it();
	ck_assert(probe.is_open);
	ck_assert_int_eq(probe.address, 1);
	tear_down();
	fake_server_stop(&server);
}

FIXTURE_SUITE("client/probe/probe")
