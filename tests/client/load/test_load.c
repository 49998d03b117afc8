/* test_load: what the options choose, and that each kind of load can end. */
#include "client/load/kinds.h"
#include "tests/client/load/flow_case.h"

static const struct {
	const struct load_kind *kind;
	struct options options;
} kinds[] = {
	{ &load_rr_closed, { .rate = 0 } },
	{ &load_rr_open, { .rate = OPTIONS_RATE_MAX } },
	{ &load_crr_closed, { .handshakes = true } },
	{ &load_crr_open, { .handshakes = true, .rate = OPTIONS_RATE_MAX } },
	{ &load_idle, { .idle = true } },
};

static void
choose(int i)
{
	flow_options.idle = kinds[i].options.idle;
	flow_options.handshakes = kinds[i].options.handshakes;
	flow_options.rate = kinds[i].options.rate;
}

TEST_EACH(chosen_by_the_options, kinds)
{
	choose(_i);
	ck_assert_ptr_eq(kinds_choose(&flow_options), kinds[_i].kind);
}

/* Transactions, of which there would be no end, do not begin again. */
TEST_EACH(aborted, kinds)
{
	choose(_i);
	start_server(FAKE_ECHOES);
	set_up(1, 100);
	connect_all();
	load_start(load, clock_now_ns(), clock_now_ns() + FLOW_CASE_LONG_NS);
	load_turn(load);
	ck_assert_uint_eq(conn_loop_count(&loop), FLOWS);
	load_abort(load);
	turn();
	ck_assert(load_is_gone(load));
	ck_assert_uint_eq(tally_all_errors(tally), 0);
	tear_down();
}

FIXTURE_SUITE("client/load/load")
