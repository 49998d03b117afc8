/* test_rr: connections that are closed after so many echoes, and reopened. */
#include "tests/client/load/flow_case.h"

enum {
	EACH = 4,
	ALL = 10 * EACH * FLOWS
};

static uint64_t
made(void)
{
	return tally_get(tally, TALLY_MADE);
}

/* The open loop has all its messages due at once. */
static const struct {
	uint64_t rate;
	unsigned pipeline;
} loops[] = { { 0, 1 }, { 0, 3 }, { 0, 2 * EACH }, { OPTIONS_RATE_MAX, 1 },
	{ OPTIONS_RATE_MAX, 2 * EACH } };

static void
set_up_loop(int i)
{
	flow_options.reconnect = EACH;
	flow_options.rate = loops[i].rate;
	flow_options.round_trips = loops[i].rate > 0 ? ALL : 0;
	flow_options.grace_ns = FLOW_CASE_LONG_NS;
	set_up_pipeline(1, 100, loops[i].pipeline);
	connect_all();
}

/*
 * A closed loop's last messages go to whoever asks first, so a connection may
 * be opened, or be closed, that has made fewer; none may have made more.
 */
TEST_EACH(so_many_on_each, loops)
{
	start_server(FAKE_ECHOES);
	set_up_loop(_i);
	run_all(ALL);
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(tally_get(tally, TALLY_ROUND_TRIPS), ALL);
	ck_assert_uint_ge(made(), ALL / EACH);
	ck_assert_uint_lt(made(), ALL / EACH + FLOWS);
	ck_assert_uint_eq(made(), tally_get(tally, TALLY_ASKED));
	tear_down();
}

TEST_EACH(resumed, loops)
{
	start_server(FAKE_RESUMES);
	flow_options.resume_percent = 100;
	set_up_loop(_i);
	run_all(ALL);
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(stat(STATS_HANDSHAKES_RESUMED), made() - FLOWS);
	tear_down();
}

/* What was lost before its time is not opened again, and ends the load. */
TEST_EACH(those_that_fail_stay_closed, loops)
{
	start_server(FAKE_FLIPS_A_BIT);
	set_up_loop(_i);
	run_all(ALL);
	ck_assert_uint_eq(tally_get(tally, TALLY_ASKED), FLOWS);
	ck_assert_uint_eq(tally_errors(tally, REASON_MISMATCH), FLOWS);
	tear_down();
}

/* Connections that are opening are no failures: they are made, and closed. */
TEST_EACH(stopped_while_they_open, loops)
{
	start_server(FAKE_ECHOES);
	set_up_loop(_i);
	load->budget = UINT64_MAX;
	load_start(load, clock_now_ns(), clock_now_ns() + FLOW_CASE_LONG_NS);
	while (tally_get(tally, TALLY_ASKED) <= FLOWS)
		turn();
	ck_assert_uint_gt(group->connecting, 0);
	load_stop(load);
	while (!load_is_gone(load))
		turn();
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(made(), tally_get(tally, TALLY_ASKED));
	tear_down();
}

FIXTURE_SUITE("client/load/rr")
