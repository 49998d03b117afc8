/* test_crr: transactions that resume, where not every address answers. */
#include "tests/client/load/flow_case.h"

enum {
	TICKETS = 2 /* that GnuTLS gives after each handshake */
};

/* Each connection's first transaction is a full one. */
TEST(second_address)
{
	start_transactions(100);
	put_closed_port_first();
	transactions(10 * (uint64_t)FLOWS);
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(
	    tally_get(tally, TALLY_TRANSACTIONS), 10 * (uint64_t)FLOWS);
	ck_assert_uint_eq(stat(STATS_HANDSHAKES_RESUMED), 9 * (uint64_t)FLOWS);
	end_transactions();
}

TEST(no_address_answers_for_a_while)
{
	start_transactions(100);
	transactions(FLOWS);
	put_closed_port_first();
	addrs.count = 1;
	transactions(FLOWS);
	ck_assert_uint_eq(tally_errors(tally, REASON_CONNECT_REFUSED), FLOWS);
	addrs.count = 2;
	transactions(FLOWS);
	ck_assert_uint_eq(stat(STATS_HANDSHAKES_RESUMED), FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_TICKETS_OFFERED), FLOWS);
	end_transactions();
}

/* What may have been seen is not shown again: the next handshake is full. */
TEST(tickets_are_shown_once)
{
	start_transactions(100);
	transactions(FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_TICKETS), TICKETS * FLOWS);
	group->peer_name = "elsewhere";
	transactions(TICKETS * (uint64_t)FLOWS);
	ck_assert_uint_eq(
	    tally_errors(tally, REASON_WRONG_NAME), TICKETS * FLOWS);
	group->peer_name = "localhost";
	transactions(1);
	ck_assert_uint_eq(stat(STATS_HANDSHAKES_RESUMED), 0);
	ck_assert_uint_eq(
	    tally_get(tally, TALLY_TICKETS_OFFERED), TICKETS * FLOWS);
	end_transactions();
}

/*
 * A server without TCP_NODELAY has sent its tickets, and sends the echo when
 * they are acknowledged. Put off, that takes 40 ms, each time.
 */
TEST(tickets_are_acknowledged_at_once)
{
	start_transactions(100);
	transactions(20 * (uint64_t)FLOWS);
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_lt(
	    hist_quantile(&tally->hists[TALLY_HIST_ROUND_TRIP], 0.1),
	    40 * CLOCK_NS_PER_MS);
	end_transactions();
}

/* It takes a while, but not until the server is given up. */
TEST(server_that_waits_for_fin)
{
	start_server(FAKE_WAITS_FOR_FIN);
	flow_options.handshakes = true;
	set_up(1, 100);
	load_start(load, clock_now_ns(), INT64_MAX);
	transactions(2 * (uint64_t)FLOWS);
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(
	    tally_get(tally, TALLY_TRANSACTIONS), 2 * (uint64_t)FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_HURRIED), 2 * (uint64_t)FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_UNANSWERED), 0);
	end_transactions();
}

FIXTURE_SUITE("client/crr")
