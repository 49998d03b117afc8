/* test_crr: transactions that resume, where not every address answers. */
#include "tests/client/load/flow_case.h"

enum {
	TICKETS = 2 /* that GnuTLS gives after each handshake */
};

static void
start_visits(void)
{
	start_server(FAKE_RESUMES);
	flow_options.handshakes = true;
	flow_options.resume = true;
	set_up(1, 100);
	load_start(load, clock_now_ns(), INT64_MAX);
}

static void
transaction(uint64_t times)
{
	load->budget = times;
	while (!load_is_over(load))
		turn();
}

static void
end_visits(void)
{
	load_stop(load);
	while (!load_is_gone(load))
		turn();
	tear_down();
}

/* Each connection's first transaction is a full one. */
TEST(second_address)
{
	start_visits();
	put_closed_port_first();
	transaction(10 * (uint64_t)FLOWS);
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(
	    tally_get(tally, TALLY_TRANSACTIONS), 10 * (uint64_t)FLOWS);
	ck_assert_uint_eq(stat(STATS_HANDSHAKES_RESUMED), 9 * (uint64_t)FLOWS);
	end_visits();
}

TEST(no_address_answers_for_a_while)
{
	start_visits();
	transaction(FLOWS);
	put_closed_port_first();
	addrs.count = 1;
	transaction(FLOWS);
	ck_assert_uint_eq(tally_errors(tally, REASON_CONNECT_REFUSED), FLOWS);
	addrs.count = 2;
	transaction(FLOWS);
	ck_assert_uint_eq(stat(STATS_HANDSHAKES_RESUMED), FLOWS);
	end_visits();
}

/* What may have been seen is not shown again: the next handshake is full. */
TEST(tickets_are_shown_once)
{
	start_visits();
	transaction(FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_TICKETS), TICKETS * FLOWS);
	group->peer_name = "elsewhere";
	transaction(TICKETS * (uint64_t)FLOWS);
	ck_assert_uint_eq(
	    tally_errors(tally, REASON_WRONG_NAME), TICKETS * FLOWS);
	group->peer_name = "localhost";
	transaction(1);
	ck_assert_uint_eq(stat(STATS_HANDSHAKES_RESUMED), 0);
	end_visits();
}

/*
 * A server without TCP_NODELAY has sent its tickets, and sends the echo when
 * they are acknowledged. Put off, that takes 40 ms, each time.
 */
TEST(tickets_are_acknowledged_at_once)
{
	start_visits();
	transaction(20 * (uint64_t)FLOWS);
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_lt(
	    hist_quantile(&tally->round_trip, 0.1), 40 * CLOCK_NS_PER_MS);
	end_visits();
}

/* It takes a while, but not until the server is given up. */
TEST(server_that_waits_for_fin)
{
	start_server(FAKE_WAITS_FOR_FIN);
	flow_options.handshakes = true;
	set_up(1, 100);
	load_start(load, clock_now_ns(), INT64_MAX);
	transaction(2 * (uint64_t)FLOWS);
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(
	    tally_get(tally, TALLY_TRANSACTIONS), 2 * (uint64_t)FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_HURRIED), 2 * (uint64_t)FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_UNANSWERED), 0);
	end_visits();
}

FIXTURE_SUITE("client/crr")
