/* test_reach: how long --explain may take to connect, to several addresses. */
#include "client/explain/private.h"

#include "client/options.h"
#include "common/base/clock.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

static struct explain x;
static struct options options;

static void
set_up(int64_t timeout_ns, int addresses)
{
	options.connect_timeout_ns = timeout_ns;
	x = (struct explain){ .options = &options, .steps = STEPS_INIT };
	x.first.wire.fd = -1;
	tcp_make_silent(&x.addrs.of[0]);
	for (int i = 1; i < addresses; i++)
		x.addrs.of[i] = x.addrs.of[0];
	x.addrs.count = addresses;
}

static void
tear_down(void)
{
	dialogue_close(&x.first);
	steps_free(&x.steps);
}

/* All of them together have the time that one alone would have. */
TEST_WITH(silent_addresses, .limit_s = 60)
{
	int64_t began_ns = clock_now_ns();

	set_up(CLOCK_NS_PER_S, ADDR_LIST_MAX);
	ck_assert(!explain_tcp(&x));
	ck_assert_int_eq(x.tries, ADDR_LIST_MAX);
	ck_assert_int_ge(clock_now_ns() - began_ns, CLOCK_NS_PER_S);
	ck_assert_int_lt(clock_now_ns() - began_ns,
	    ADDR_LIST_MAX * CLOCK_NS_PER_S - CLOCK_NS_PER_S);
	tear_down();
}

/* The first one keeps silent, and leaves time for the second. */
TEST(turn_of_each)
{
	set_up(2 * CLOCK_NS_PER_S, 2);
	(void)tcp_listen(&x.addrs.of[1]);
	ck_assert(explain_tcp(&x));
	ck_assert_int_eq(x.tried[0], REASON_CONNECT_TIMEOUT);
	ck_assert_int_eq(x.tries, 2);
	tear_down();
}

SUITE("client/explain/reach")
