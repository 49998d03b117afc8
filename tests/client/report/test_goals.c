/* test_goals: what is measured for a goal, and what a miss does to a run. */
#include "client/report/goals.h"

#include <string.h>

#include "client/options.h"
#include "client/report/report.h"
#include "client/tally.h"
#include "tests/support/suite.h"

static struct options o;
static struct tally totals;
static struct report r;
static struct errmsg e;

/* Two seconds at 250 a second, of which 400 were made; 2 of 4 failed. */
static void
fill(void)
{
	const struct tally_failure reset = { .time_ns = 1,
		.reason = REASON_RESET };

	o = (struct options){ .connections = 4, .rate = 250 };
	o.late_limit_ns = INT64_MAX;
	r = (struct report){
		.options = &o, .totals = &totals, .elapsed_ns = 2000000000
	};
	tally_add(&totals, TALLY_MADE, 4);
	tally_fail(&totals, &reset, true);
	tally_fail(&totals, &reset, true);
	tally_add(&totals, TALLY_ROUND_TRIPS, 400);
	tally_add(&totals, TALLY_CPU_NS, 4000000);
	hist_add(&totals.hists[TALLY_HIST_ROUND_TRIP], 10, 398);
	hist_add(&totals.hists[TALLY_HIST_ROUND_TRIP], 30, 2);
	hist_add(&totals.hists[TALLY_HIST_CONNECT], 5, 1000);
	hist_add(&totals.hists[TALLY_HIST_TRANSACTION], 7, 1);
	hist_add(&totals.shard.hists[STATS_HANDSHAKE_TIME], 20, 99);
	stats_add(&totals.shard, STATS_HANDSHAKES_COMPLETED, 4);
	stats_add(&totals.shard, STATS_HANDSHAKES_RESUMED, 1);
}

static void
add(const char *text)
{
	ck_assert_msg(goals_add(&o.goals, text, &e) == 0, "%s", e.text);
}

static const struct {
	const char *goal;
	double value;
} measured[] = {
	{ "p50<1ms", 10 },
	{ "p99.5<1ms", 10 },
	{ "p100<1ms", 30 },
	{ "connect_p99.9<1ms", 5 },
	{ "min<1ms", 10 },
	{ "mean<1ms", 10.1 },
	{ "max<1ms", 30 },
	{ "handshake_p98<1ms", 20 },
	{ "transaction_max<1ms", 7 },
	{ "rate>=20", 200 },
	{ "kept>=90%", 80 },
	{ "errors==0", 2 },
	{ "error_rate<1%", 50 },
	{ "cpu<50us", 10000 },
	{ "resumed>1%", 25 },
};

TEST_EACH(value_of_the_metric, measured)
{
	double value;

	fill();
	add(measured[_i].goal);
	ck_assert(goals_measure(&r, &o.goals.of[0], &value));
	ck_assert_double_eq_tol(value, measured[_i].value, 1e-9);
}

/* With --handshakes it is about them. */
TEST(transactions)
{
	double value;

	fill();
	o.handshakes = true;
	add("p50<1ms");
	add("rate>1");
	ck_assert(goals_measure(&r, &o.goals.of[0], &value));
	ck_assert_double_eq(value, 7);
	tally_add(&totals, TALLY_TRANSACTIONS, 3);
	ck_assert(goals_measure(&r, &o.goals.of[1], &value));
	ck_assert_double_eq(value, 1.5);
}

static const char *const unknown[] = { "lateness_p99<1ms", "p99>1us", "rate<1",
	"kept>1%", "error_rate<1%", "cpu<1s", "resumed<1%" };

/* A search goes on at a lower rate where nothing was done. */
TEST_EACH(not_measured, unknown)
{
	double value;

	o.rate = 1;
	r = (struct report){ .options = &o, .totals = &totals };
	add(unknown[_i]);
	ck_assert(!goals_measure(&r, &o.goals.of[0], &value));
	ck_assert_int_eq(goals_judge(&r, &o.goals.of[0]), GOAL_UNKNOWN);
	o.find_rate = true;
	ck_assert_int_eq(goals_judge(&r, &o.goals.of[0]), GOAL_MISSED);
}

/* The maximum of 400 values is no p99.9 of theirs, however short it is. */
TEST(too_few_values)
{
	double value;

	fill();
	add("p99.9<1s");
	ck_assert_uint_eq(goal_values_needed(&o.goals.of[0]), 1000);
	ck_assert(!goals_measure(&r, &o.goals.of[0], &value));
	ck_assert_int_eq(goals_judge(&r, &o.goals.of[0]), GOAL_UNKNOWN);
	o.find_rate = true;
	ck_assert_int_eq(goals_judge(&r, &o.goals.of[0]), GOAL_MET);
}

/* What errors, an invalid run and goals come to together. */
static const struct {
	const char *goal, *other;
	double busiest;
	unsigned workers_died;
	uint64_t done;
	enum report_status status;
} statuses[] = {
	{ NULL, NULL, 0, 0, 400, REPORT_FAILED },
	{ "p99<1ms", NULL, 0, 0, 400, REPORT_FAILED },
	{ "errors<3", NULL, 0, 0, 400, REPORT_OK },
	{ "errors<2", NULL, 0, 0, 400, REPORT_MISSED },
	{ "error_rate<=50%", "p99<1ms", 0, 0, 400, REPORT_OK },
	{ "error_rate<=50%", "p99<1ns", 0, 0, 400, REPORT_MISSED },
	{ "error_rate<=50%", "p99.9<1ms", 0, 0, 400, REPORT_INVALID },
	{ "error_rate<=5%", "p99.9<1ms", 0, 0, 400, REPORT_MISSED },
	{ "errors<2", NULL, 1, 0, 400, REPORT_INVALID },
	{ "errors<3", NULL, 1, 0, 400, REPORT_INVALID },
	{ "errors<99", NULL, 0, 1, 400, REPORT_FAILED },
	{ "errors<99", NULL, 0, 0, 0, REPORT_FAILED },
};

TEST_EACH(status, statuses)
{
	fill();
	if (statuses[_i].goal != NULL)
		add(statuses[_i].goal);
	if (statuses[_i].other != NULL)
		add(statuses[_i].other);
	r.busiest = statuses[_i].busiest;
	r.workers_died = statuses[_i].workers_died;
	if (statuses[_i].done == 0)
		totals.counts[TALLY_ROUND_TRIPS] = 0;
	ck_assert_int_eq(report_status(&r), statuses[_i].status);
}

TEST(words)
{
	fill();
	add("errors==0");
	add("p50<1ms");
	add("rate>=1k");
	add("lateness_p99<1ms");
	add("kept>=90%");
	ck_assert_uint_eq(goals_count_missed(&r), 3);
	ck_assert_int_eq(report_explain(&r, &e), REPORT_MISSED);
	ck_assert_str_eq(e.text,
	    "3 of 5 goals missed: errors==0 (2), rate>=1k (200.0), "
	    "kept>=90% (80 %)");
}

TEST(words_of_what_is_not_known)
{
	fill();
	add("errors==2");
	add("p99.9<1ms");
	add("lateness_max<1ms");
	totals.counts[TALLY_CPU_NS] = 0;
	ck_assert_int_eq(report_explain(&r, &e), REPORT_INVALID);
	ck_assert_str_eq(e.text,
	    "2 of 3 goals not measured: p99.9<1ms (400 of at least 1,000 "
	    "values), lateness_max<1ms (0 of at least 1 value)");
}

TEST(printed)
{
	char text[256] = "";
	FILE *out = fmemopen(text, sizeof text, "w");

	fill();
	goals_print(out, &r);
	ck_assert_int_eq(ftell(out), 0);
	add("p50<1ms");
	add("errors==0");
	add("p99.9<1ms");
	goals_print(out, &r);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_str_eq(text,
	    "Goals:\n"
	    "  p50<1ms                     10 ns  met\n"
	    "  errors==0                       2  MISSED\n"
	    "  p99.9<1ms                       -  NOT MEASURED: 400 of at "
	    "least 1,000 values\n");
}

SUITE("client/report/goals")
