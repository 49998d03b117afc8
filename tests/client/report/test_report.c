/* test_report: when a run is good, and what its figures are. */
#include "client/report/report.h"

#include <string.h>

#include "client/options.h"
#include "client/tally.h"
#include "tests/support/suite.h"

static struct options o = { .files = { .cert = { "c" } }, .connections = 4 };
static struct tally totals;
static struct report r = { .options = &o, .totals = &totals };

static void
count(uint64_t made, uint64_t failed, uint64_t broken)
{
	tally_add(&totals, TALLY_MADE, made);
	tally_add(&totals, TALLY_FAILED, failed);
	tally_add(&totals, TALLY_BROKEN, broken);
}

/* Of four connections. */
static const struct {
	uint64_t made, failed, broken, not_made;
	unsigned workers_died;
	uint64_t cut_off;
	bool is_good;
} runs[] = {
	{ .made = 4, .is_good = true },
	{ .made = 3, .failed = 1 },
	{ .made = 4, .broken = 1 },
	{ .made = 3, .not_made = 1 },
	{ .made = 4, .workers_died = 1 },
	{ .made = 4, .cut_off = 1 },
};

/* An interruption does not make a run better or worse. */
TEST_EACH(judged, runs)
{
	count(runs[_i].made, runs[_i].failed, runs[_i].broken);
	r.workers_died = runs[_i].workers_died;
	r.cut_off = runs[_i].cut_off;
	ck_assert_int_eq(report_is_good(&r), runs[_i].is_good);
	ck_assert_uint_eq(report_not_made(&r), runs[_i].not_made);
	r.interrupted = true;
	ck_assert_int_eq(report_is_good(&r), runs[_i].is_good);
}

/* Of four identities; the rest came out as expected. */
static const struct {
	uint64_t made, refused, failed; /* connections */
	struct outcomes_sum sum;
	enum report_status status;
} policies[] = {
	{ 3, 1, 0, { .as_expected = 4, .tried = 4 }, REPORT_OK },
	{ 4, 0, 0, { .as_expected = 3, .differed = 1, .tried = 4 },
	    REPORT_MISSED },
	{ 2, 1, 1,
	    { .as_expected = 3,
		.differed = 1,
		.refused_otherwise = 1,
		.tried = 4 },
	    REPORT_MISSED },
	{ 2, 1, 1, { .as_expected = 3, .differed = 1, .tried = 4 },
	    REPORT_FAILED },
	{ 3, 1, 0, { .as_expected = 4, .tried = 3 }, REPORT_INVALID },
	{ 4, 0, 0, { .as_expected = 3, .differed = 1, .tried = 3 },
	    REPORT_MISSED },
};

TEST_EACH(expectations, policies)
{
	o.expect = "policy";
	count(policies[_i].made, policies[_i].failed, 0);
	tally_add(&totals, TALLY_REFUSED, policies[_i].refused);
	r.sum = policies[_i].sum;
	r.sum.identities = 4;
	ck_assert_int_eq(report_status(&r), policies[_i].status);
	ck_assert_uint_eq(report_not_made(&r), 0);
}

TEST(rate)
{
	ck_assert_double_eq(report_rate(&r, 30), 0);
	r.elapsed_ns = 1500000000;
	ck_assert_double_eq(report_rate(&r, 30), 20);
}

/* As many as came, but some must have. */
TEST(transactions)
{
	o.handshakes = true;
	ck_assert(!report_is_good(&r));
	tally_add(&totals, TALLY_ASKED, 9);
	count(8, 0, 0);
	ck_assert(!report_is_good(&r));
	ck_assert_uint_eq(report_not_made(&r), 1);
	count(1, 0, 0);
	ck_assert(report_is_good(&r));
	count(0, 0, 1);
	ck_assert(!report_is_good(&r));
}

TEST(resumed_percent)
{
	ck_assert_double_eq(report_resumed_percent(&r), 0);
	stats_add(&totals.shard, STATS_HANDSHAKES_COMPLETED, 8);
	stats_add(&totals.shard, STATS_HANDSHAKES_RESUMED, 6);
	ck_assert_double_eq(report_resumed_percent(&r), 75);
}

/* An open loop of 200 events, all of them good; then one thing is not. */
static void
fill_open_loop(void)
{
	o.rate = 100;
	o.late_limit_ns = 1000;
	tally_add(&totals, TALLY_DUE, 200);
	tally_add(&totals, TALLY_STARTED, 200);
	hist_add(&totals.hists[TALLY_HIST_LATENESS], 900, 198);
	hist_add(&totals.hists[TALLY_HIST_LATENESS], 1000000, 2);
	r.busiest = 0.94;
}

static void
expect_invalid(const char *words)
{
	struct errmsg why[REPORT_REASONS];

	ck_assert(!report_is_valid(&r));
	ck_assert_uint_eq(report_why_invalid(&r, why), 1);
	ck_assert_msg(strstr(why[0].text, words) != NULL, "%s", why[0].text);
}

TEST(valid)
{
	r.busiest = 1;
	ck_assert(report_is_valid(&r)); /* a closed loop */
	fill_open_loop();
	ck_assert(report_is_valid(&r));
}

TEST(late)
{
	fill_open_loop();
	hist_add(&totals.hists[TALLY_HIST_LATENESS], 1000000, 1);
	expect_invalid("p99 of its lateness is 1.00 ms, --late-limit is 1.00");
}

TEST(busy)
{
	fill_open_loop();
	r.busiest = 0.95;
	expect_invalid("a worker used 95 % of a CPU");
}

/* A step of a search: what it takes in all, and whether it is the client's. */
static const struct {
	const char *goal;
	int64_t response_ns;
	bool is_behind;
} steps[] = {
	{ "p99<3ms", 2000000, false }, /* held, late as it was */
	{ "p99<1ms", 2000000, true },  /* mostly lateness */
	{ "p99<1ms", 9000000, true },
	{ "p99<1ms", 12000000, false }, /* too long by any account */
};

TEST_EACH(late_in_a_search, steps)
{
	struct errmsg e;

	fill_open_loop();
	hist_add(&totals.hists[TALLY_HIST_LATENESS], 1000000, 1);
	o.find_rate = true;
	ck_assert_int_eq(goals_add(&o.goals, steps[_i].goal, &e), 0);
	hist_add(
	    &totals.hists[TALLY_HIST_ROUND_TRIP], steps[_i].response_ns, 200);
	ck_assert_int_eq(report_is_behind(&r), steps[_i].is_behind);
	ck_assert_int_eq(report_is_valid(&r), !steps[_i].is_behind);
	r.busiest = 1;
	ck_assert_int_eq(report_is_behind(&r), _i > 0);
}

TEST(crowded)
{
	fill_open_loop();
	tally_add(&totals, TALLY_CROWDED, 3);
	expect_invalid(
	    "3 transactions found all -c connections in use: raise -c");
}

static const struct tally_failure refusal = { .time_ns = 1,
	.reason = REASON_CONNECT_REFUSED,
	.connection = 7 };

/* More connections to a server that is dead would not help. */
TEST(crowded_by_failures)
{
	fill_open_loop();
	o.handshakes = true;
	tally_add(&totals, TALLY_CROWDED, 1);
	tally_fail(&totals, &refusal, false);
	expect_invalid("1 transaction found all -c connections in use: others "
		       "that failed had them");
}

/* A signal or a lost connection leave some out, too, and are told as such. */
TEST(given_up)
{
	fill_open_loop();
	tally_add(&totals, TALLY_DUE, 1000);
	expect_invalid("1,000 of 1,200 round trips that were due could not "
		       "begin, not even in the time of --grace");
	r.interrupted = true;
	ck_assert(report_is_valid(&r));
	r.interrupted = false;
	tally_fail(&totals, &refusal, false);
	ck_assert(report_is_valid(&r));
	o.handshakes = true;
	expect_invalid("1,000 of 1,200 transactions");
}

TEST(weightiest_reason_first)
{
	struct errmsg why[REPORT_REASONS];

	fill_open_loop();
	tally_add(&totals, TALLY_DUE, 1);
	tally_add(&totals, TALLY_CROWDED, 1);
	hist_add(&totals.hists[TALLY_HIST_LATENESS], 1000000, 1);
	r.busiest = 1;
	ck_assert_uint_eq(report_why_invalid(&r, why), 4);
	ck_assert_ptr_nonnull(strstr(why[0].text, "could not begin"));
	ck_assert_ptr_nonnull(strstr(why[1].text, "saturated"));
	ck_assert_ptr_nonnull(strstr(why[2].text, "late"));
	ck_assert_ptr_nonnull(strstr(why[3].text, "in use"));
}

/* Messages that left too late had to time out; nothing else had to happen. */
TEST(timeouts_of_our_own)
{
	static const struct tally_failure timeout = { .time_ns = 1,
		.reason = REASON_ROUND_TRIP_TIMEOUT };
	static const struct tally_failure reset = { .time_ns = 1,
		.reason = REASON_RESET };

	fill_open_loop();
	count(3, 0, 0);
	tally_fail(&totals, &timeout, true);
	tally_fail(&totals, &timeout, false);
	ck_assert_int_eq(report_status(&r), REPORT_FAILED);
	r.busiest = 1;
	ck_assert_int_eq(report_status(&r), REPORT_INVALID);
	r.busiest = 0;
	hist_add(&totals.hists[TALLY_HIST_LATENESS], 1000000, 1);
	ck_assert_int_eq(report_status(&r), REPORT_INVALID);
	o.rate = 0;
	ck_assert_int_eq(report_status(&r), REPORT_FAILED);
	o.rate = 100;
	r.workers_died = 1;
	ck_assert_int_eq(report_status(&r), REPORT_FAILED);
	r.workers_died = 0;
	tally_fail(&totals, &reset, true);
	ck_assert_int_eq(report_status(&r), REPORT_FAILED);
}

static void
expect_words(enum report_status status, const char *words)
{
	struct errmsg why;

	ck_assert_int_eq(report_explain(&r, &why), status);
	ck_assert_str_eq(why.text, words);
}

TEST(words_for_a_failure)
{
	static const struct tally_failure alert = { .time_ns = 2,
		.reason = REASON_PEER_ALERT,
		.detail = "unknown_ca" };
	struct errmsg why;

	expect_words(REPORT_FAILED, "4 of 4 connections were not made");
	r.cut_off = 1;
	expect_words(REPORT_FAILED, "1 connection was cut off by a signal");
	tally_fail(&totals, &refusal, false);
	expect_words(
	    REPORT_FAILED, "1 of 4 connections failed: connection refused");
	tally_fail(&totals, &alert, false);
	expect_words(REPORT_FAILED,
	    "2 of 4 connections failed: connection refused (and other "
	    "errors)");
	totals.first = alert;
	r.workers_died = 2;
	(void)errmsg_set(&r.first_death, "worker 1: killed by SIGKILL");
	expect_words(REPORT_FAILED,
	    "2 workers of this client died: worker 1: killed by SIGKILL");
	r.workers_died = 0;
	expect_words(REPORT_FAILED,
	    "2 of 4 connections failed: alert from peer: unknown_ca (and "
	    "other errors)");
	memset(&totals, 0, sizeof totals);
	r.cut_off = 0;
	count(4, 0, 0);
	ck_assert_int_eq(report_explain(&r, &why), REPORT_OK);
}

TEST(words_for_an_invalid_run)
{
	fill_open_loop();
	count(4, 0, 0);
	tally_add(&totals, TALLY_CROWDED, 3);
	expect_words(REPORT_INVALID,
	    "the run is invalid: 3 transactions found all -c connections in "
	    "use: raise -c");
	r.busiest = 1;
	expect_words(REPORT_INVALID,
	    "the run is invalid: the generator was saturated: a worker used "
	    "100 % of a CPU; use more --workers (and other reasons)");
}

TEST(cpu_for_each)
{
	tally_add(&totals, TALLY_CPU_NS, 300);
	ck_assert_double_eq(report_cpu_for_each(&r, 0), 0);
	ck_assert_double_eq(report_cpu_for_each(&r, 30), 10);
}

TEST(causes)
{
	ck_assert_str_eq(report_reason(REASON_CLOSED), "closed by the server");
	ck_assert_str_eq(
	    report_reason(REASON_RESET), close_reason_text(REASON_RESET));
}

SUITE("client/report/report")
