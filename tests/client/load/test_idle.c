/* test_idle: an echo when a connection is open, and one when its time is up. */
#include "tests/client/load/flow_case.h"

static void
begin(enum fake_kind kind)
{
	flow_options.idle = true;
	start_server(kind);
	set_up(FAKE_LIMIT - 1, FAKE_LIMIT - 1);
	connect_all();
	ck_assert_uint_eq(tally_get(tally, TALLY_ROUND_TRIPS), FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_MADE), FLOWS);
}

TEST(proven_twice)
{
	begin(FAKE_ECHOES);
	run_until(clock_now_ns() + CLOCK_NS_PER_MS);
	expect_good(2 * FLOWS);
	tear_down();
}

/* What nothing has told is told by the last echo. */
TEST(lost_meanwhile)
{
	flow_options.timeout_ns = FLOW_CASE_SHORT_NS;
	begin(FAKE_STALLS);
	run_until(clock_now_ns());
	expect_failed(REASON_ROUND_TRIP_TIMEOUT, FLOWS);
	tear_down();
}

/* Stopped before its time, it closes without more ado. */
TEST(stopped_early)
{
	begin(FAKE_STALLS);
	load_start(load, clock_now_ns(), clock_now_ns() + FLOW_CASE_LONG_NS);
	ck_assert(!load_is_over(load));
	ck_assert_int_gt(load_wait_ns(load), FLOW_CASE_LONG_NS / 2);
	load_stop(load);
	while (!load_is_gone(load))
		turn();
	expect_good(FLOWS);
	tear_down();
}

FIXTURE_SUITE("client/load/idle")
