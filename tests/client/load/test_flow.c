/* test_flow: connections to servers that echo as they should. */
#include <signal.h>

#include "tests/client/load/flow_case.h"

static const struct {
	size_t min, max;
	uint64_t round_trips;
	unsigned pipeline;
} sizes[] = {
	{ 1, 1, 30, 1 },
	{ 1, 100, 3000, 1 },
	{ 16384, 16384, 30, 1 },
	{ 16385, 16385, 30, 1 },
	{ 1, 200000, 100, 1 },
	{ 16 << 20, 16 << 20, 4, 1 },
	{ 1, 100, 10000, 16 },
	{ 1, 1, 10001, OPTIONS_PIPELINE_MAX },
	{ 1, 40000, 400, 3 },
	{ 1, 200000, 100, 64 },
	{ 8 << 20, 8 << 20, 7, 2 },
};

TEST_EACH(every_size_comes_back, sizes)
{
	start_server(FAKE_ECHOES);
	set_up_pipeline(sizes[_i].min, sizes[_i].max, sizes[_i].pipeline);
	connect_all();
	run_all(sizes[_i].round_trips);
	expect_good(sizes[_i].round_trips);
	if (sizes[_i].max <= 16384)
		ck_assert_uint_eq(
		    stat(STATS_WRITE_OPERATIONS), sizes[_i].round_trips);
	/* Never stops receiving, or both sides could wait for ever. */
	ck_assert_uint_eq(stat(STATS_BACKPRESSURE_PAUSES), 0);
	tear_down();
}

TEST_LOOP(byte_by_byte, 2)
{
	start_server(FAKE_DRIBBLES);
	set_up_pipeline(1, 300, _i == 0 ? 1 : 7);
	connect_all();
	run_all(60);
	expect_good(60);
	ck_assert_uint_eq(
	    stat(STATS_READ_OPERATIONS), stat(STATS_BYTES_RECEIVED));
	tear_down();
}

TEST(until_the_time_is_over)
{
	int64_t stop_ns;

	start_server(FAKE_ECHOES);
	set_up(1, 100);
	connect_all();
	stop_ns = clock_now_ns() + FLOW_CASE_SHORT_NS;
	load->budget = UINT64_MAX;
	run_until(stop_ns);
	ck_assert_int_ge(loop.now_ns, stop_ns);
	expect_good(tally_get(tally, TALLY_ROUND_TRIPS));
	ck_assert_uint_gt(tally_get(tally, TALLY_ROUND_TRIPS), FLOWS);
	tear_down();
}

TEST(nothing_to_send)
{
	start_server(FAKE_ECHOES);
	set_up(1, 100);
	connect_all();
	run_all(0);
	expect_good(0);
	tear_down();
}

/* Two flows that had their echo, and one that was not asked for any. */
TEST(less_to_send_than_flows)
{
	start_server(FAKE_ECHOES);
	set_up(1, 100);
	connect_all();
	run_all(2);
	expect_good(2);
	tear_down();
}

/*
 * Many under way leave together: fewer sends than messages, if not by far on a
 * machine that is busy, where echoes come one by one.
 */
TEST(pipelined_messages_share_a_send)
{
	start_server(FAKE_ECHOES);
	set_up_pipeline(1, 100, 16);
	connect_all();
	run_all(4800);
	expect_good(4800);
	ck_assert_uint_eq(stat(STATS_WRITE_OPERATIONS), 4800);
	ck_assert_uint_lt(stat(STATS_SEND_CALLS), 4800 * 9 / 10);
	tear_down();
}

/* Fewer messages than flows could carry: each has one. */
TEST(breadth_first)
{
	start_server(FAKE_ECHOES);
	set_up_pipeline(1, 100, 16);
	connect_all();
	run_all(FLOWS);
	expect_good(FLOWS);
	tear_down();
}

TEST(second_address)
{
	start_server(FAKE_ECHOES);
	put_closed_port_first();
	set_up(1, 100);
	connect_all();
	run_all(30);
	expect_good(30);
	tear_down();
}

TEST(no_address_answers)
{
	start_server(FAKE_ECHOES);
	put_closed_port_first();
	addrs.of[1] = addrs.of[0];
	set_up(1, 100);
	connect_all();
	expect_failed(REASON_CONNECT_REFUSED, 0);
	tear_down();
}

TEST(stopped_while_connecting)
{
	start_server(FAKE_IS_SILENT);
	set_up(1, 100);
	flow_connect(load_flow(load, 0));
	flow_connect(load_flow(load, 1));
	turn();
	load_stop(load);
	while (!load_is_gone(load))
		turn();
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(tally_get(tally, TALLY_MADE), 0);
	tear_down();
}

TEST(closed_while_waiting_for_the_start)
{
	start_server(FAKE_ECHOES);
	set_up(1, 100);
	connect_all();
	fake_server_stop(&server);
	while (conn_loop_count(&loop) > 0)
		turn();
	ck_assert_uint_eq(tally_get(tally, TALLY_FAILED), FLOWS);
	fake_server_start(&server, FAKE_ECHOES, "ca/server");
	tear_down();
}

/* Steps that the diagram of flow.h does not have. */
TEST_WITH(left_before_it_is_open, .signal = SIGABRT)
{
	set_up(1, 100);
	flow_leave(load_flow(load, 0));
}

TEST_WITH(begun_before_it_is_open, .signal = SIGABRT)
{
	set_up(1, 100);
	flow_begin(load_flow(load, 0), 0);
}

TEST_WITH(connected_twice, .signal = SIGABRT)
{
	start_server(FAKE_ECHOES);
	set_up(1, 100);
	connect_all();
	flow_connect(load_flow(load, 0));
}

FIXTURE_SUITE("client/load/flow")
