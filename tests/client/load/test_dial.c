/* test_dial: which of the server's addresses is asked, and when. */
#include "client/load/dial.h"
#include "tests/client/load/flow_case.h"
#include "tests/support/tcp.h"

static int64_t
head_start_ns(void)
{
	return dial_head_start_ns(2, FLOW_CASE_LONG_NS);
}

static void
put_silent_port_first(void)
{
	addrs.of[addrs.count] = addrs.of[0];
	addrs.count++;
	tcp_make_silent(&addrs.of[0]);
}

static uint64_t
unanswered(int address)
{
	return counter_get(&tally->unanswered[address]);
}

/* Only the first of each flow, which begin together, ask the other one. */
TEST(begins_with_the_one_that_answered)
{
	start_transactions(100);
	put_closed_port_first();
	transactions(10 * (uint64_t)FLOWS);
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(unanswered(0), FLOWS);
	ck_assert_uint_eq(unanswered(1), 0);
	end_transactions();
}

/* And when that is gone, comes back to the first. */
TEST(comes_back)
{
	struct addr closed;

	start_transactions(100);
	put_closed_port_first();
	transactions(FLOWS);
	closed = addrs.of[0];
	addrs.of[0] = addrs.of[1];
	addrs.of[1] = closed;
	transactions(2 * (uint64_t)FLOWS);
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(unanswered(0), FLOWS);
	ck_assert_uint_eq(unanswered(1), FLOWS);
	end_transactions();
}

/* The session, with its ticket, goes to the socket that has connected. */
TEST(silence_is_raced)
{
	int64_t began_ns;

	start_transactions(100);
	transactions(FLOWS);
	put_silent_port_first();
	began_ns = clock_now_ns();
	transactions(FLOWS);
	ck_assert_int_ge(clock_now_ns() - began_ns, head_start_ns());
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(stat(STATS_HANDSHAKES_RESUMED), FLOWS);
	ck_assert_uint_eq(unanswered(0), FLOWS);
	transactions(FLOWS);
	ck_assert_uint_eq(unanswered(0), FLOWS);
	ck_assert_uint_eq(stat(STATS_HANDSHAKES_RESUMED), 2 * FLOWS);
	end_transactions();
}

/* Silent, refused, silent, and then the one that answers. */
TEST(rival_after_rival)
{
	start_server(FAKE_ECHOES);
	put_silent_port_first();
	addrs.of[3] = addrs.of[1];
	addrs.count = 4;
	ck_assert_int_ne(addr_port(&addrs.of[3]), 0);
	tcp_make_silent(&addrs.of[2]);
	addrs.of[1] = addrs.of[2];
	((struct sockaddr_in *)&addrs.of[1].storage)->sin_port = htons(1);
	set_up(1, 100);
	connect_all();
	run_all(30);
	expect_good(30);
	for (int i = 0; i < 3; i++)
		ck_assert_uint_eq(unanswered(i), FLOWS);
	ck_assert_uint_eq(unanswered(3), 0);
	tear_down();
}

/* Each has its whole time; a rival that is left alone begins anew. */
TEST(nobody_answers)
{
	int64_t began_ns;

	start_server(FAKE_ECHOES);
	tcp_make_silent(&addrs.of[0]);
	tcp_make_silent(&addrs.of[1]);
	addrs.count = 2;
	set_up(1, 100);
	loop.connect.duration_ns = 2 * head_start_ns();
	began_ns = clock_now_ns();
	connect_all();
	ck_assert_int_ge(
	    clock_now_ns() - began_ns, 2 * loop.connect.duration_ns);
	run_all(0);
	expect_failed(REASON_CONNECT_TIMEOUT, 0);
	ck_assert_uint_eq(unanswered(0), FLOWS);
	ck_assert_uint_eq(unanswered(1), FLOWS);
	tear_down();
}

/* Both silent addresses, and their race, have one limit; each had its turn. */
TEST(limit_of_all_addresses)
{
	int64_t began_ns;

	start_server(FAKE_ECHOES);
	tcp_make_silent(&addrs.of[0]);
	tcp_make_silent(&addrs.of[1]);
	addrs.count = 2;
	flow_options.connect_timeout_ns = head_start_ns();
	set_up(1, 100);
	began_ns = clock_now_ns();
	connect_all();
	ck_assert_int_ge(clock_now_ns() - began_ns, head_start_ns());
	ck_assert_int_lt(clock_now_ns() - began_ns, FLOW_CASE_LONG_NS);
	run_all(0);
	expect_failed(REASON_CONNECT_TIMEOUT, 0);
	ck_assert_uint_eq(unanswered(0), FLOWS);
	tear_down();
}

/* A rival has connected, and there is time left for its handshake. */
TEST(turn_of_each_within_the_limit)
{
	start_server(FAKE_ECHOES);
	put_silent_port_first();
	ck_assert_int_eq(
	    dial_head_start_ns(2, 100 * CLOCK_NS_PER_MS), 50 * CLOCK_NS_PER_MS);
	ck_assert_int_eq(dial_head_start_ns(0, 7), 7);
	flow_options.connect_timeout_ns = FLOW_CASE_LONG_NS;
	set_up(1, 100);
	connect_all();
	run_all(30);
	expect_good(30);
	tear_down();
}

TEST(ended_in_the_middle_of_a_race)
{
	start_server(FAKE_ECHOES);
	tcp_make_silent(&addrs.of[0]);
	tcp_make_silent(&addrs.of[1]);
	addrs.count = 2;
	set_up(1, 100);
	load_connect_more(load);
	while (timeq_wait_ns(&group->races, loop.now_ns) >= 0)
		turn();
	load_stop(load);
	while (!load_is_gone(load))
		turn();
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	tear_down();
}

FIXTURE_SUITE("client/load/dial")
