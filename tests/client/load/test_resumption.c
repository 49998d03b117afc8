/* test_resumption: which connections of a load offer a ticket. */
#include "client/load/resumption.h"

#include "tests/client/load/flow_case.h"

static const struct {
	unsigned percent;
	uint64_t connections, resumed;
} shares[] = {
	{ 100, 40, 40 - 1 },
	{ 50, 40, 20 },
	{ 25, 40, 10 },
	{ 99, 200, 198 },
	{ 1, 99, 0 },
	{ 1, 100, 1 },
};

/* One after the other, so that there is a ticket after the first one. */
TEST_EACH(share_is_exact, shares)
{
	flow_options.connections = 1;
	start_transactions(shares[_i].percent);
	transactions(shares[_i].connections);
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(
	    tally_get(tally, TALLY_TRANSACTIONS), shares[_i].connections);
	ck_assert_uint_eq(stat(STATS_HANDSHAKES_RESUMED), shares[_i].resumed);
	ck_assert_uint_eq(
	    tally_get(tally, TALLY_TICKETS_OFFERED), shares[_i].resumed);
	ck_assert_uint_eq(tally_get(tally, TALLY_TICKETS_REFUSED), 0);
	end_transactions();
}

/* Not all full ones first: no two of the same kind follow each other. */
TEST(share_is_spread)
{
	flow_options.connections = 1;
	start_transactions(50);
	for (uint64_t i = 1; i <= 20; i++) {
		transactions(1);
		ck_assert_uint_eq(stat(STATS_HANDSHAKES_RESUMED), i / 2);
	}
	end_transactions();
}

/* Three begin at once, without tickets; what they owe is made up for. */
TEST(what_is_owed_is_made_up_for)
{
	start_transactions(75);
	transactions(20 * (uint64_t)FLOWS);
	ck_assert_uint_eq(stat(STATS_HANDSHAKES_RESUMED), 15 * (uint64_t)FLOWS);
	end_transactions();
}

/* Another server, on another port and with another key for tickets. */
TEST(refused_tickets_are_counted)
{
	start_transactions(100);
	transactions(FLOWS);
	fake_server_stop(&server);
	fake_server_start(&server, FAKE_RESUMES, "ca/server");
	ck_assert_int_eq(
	    addr_resolve(&addrs, server.address, ADDR_TO_CONNECT, &e), 0);
	transactions(FLOWS);
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	ck_assert_uint_eq(stat(STATS_HANDSHAKES_RESUMED), 0);
	ck_assert_uint_eq(tally_get(tally, TALLY_TICKETS_OFFERED), FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_TICKETS_REFUSED), FLOWS);
	end_transactions();
}

FIXTURE_SUITE("client/load/resumption")
