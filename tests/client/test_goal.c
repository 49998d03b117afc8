/* test_goal: the grammar of --goal, and when a goal is met. */
#include "client/goal.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"

static struct goals goals;
static struct errmsg e;

static const struct {
	const char *text;
	enum goal_metric metric;
	enum goal_operator operator;
	double bound;
	unsigned hist;
	double quantile;
} taken[] = {
	{ "p99<2ms", GOAL_QUANTILE, GOAL_BELOW, 2e6, GOAL_HIST_RESPONSE, 0.99 },
	{ "p99.9<=5ms", GOAL_QUANTILE, GOAL_AT_MOST, 5e6, GOAL_HIST_RESPONSE,
	    0.999 },
	{ " p100 < 1.5s", GOAL_QUANTILE, GOAL_BELOW, 1.5e9, GOAL_HIST_RESPONSE,
	    1 },
	{ "max<50ms", GOAL_MAX, GOAL_BELOW, 5e7, GOAL_HIST_RESPONSE, 0 },
	{ "min>1us", GOAL_MIN, GOAL_ABOVE, 1e3, GOAL_HIST_RESPONSE, 0 },
	{ "handshake_p99<10ms", GOAL_QUANTILE, GOAL_BELOW, 1e7,
	    GOAL_HIST_HANDSHAKE, 0.99 },
	{ "round_trip_mean<=80us", GOAL_MEAN, GOAL_AT_MOST, 8e4,
	    TALLY_HIST_ROUND_TRIP, 0 },
	{ "lateness_max<1ms", GOAL_MAX, GOAL_BELOW, 1e6, TALLY_HIST_LATENESS,
	    0 },
	{ "errors==0", GOAL_ERRORS, GOAL_EQUAL, 0, GOAL_HIST_RESPONSE, 0 },
	{ "error_rate<0.1%", GOAL_ERROR_RATE, GOAL_BELOW, 0.1,
	    GOAL_HIST_RESPONSE, 0 },
	{ "rate>=20k", GOAL_RATE, GOAL_AT_LEAST, 20000, GOAL_HIST_RESPONSE, 0 },
	{ "rate>0.25", GOAL_RATE, GOAL_ABOVE, 0.25, GOAL_HIST_RESPONSE, 0 },
	{ "kept>=98%", GOAL_KEPT, GOAL_AT_LEAST, 98, GOAL_HIST_RESPONSE, 0 },
	{ "cpu<50us", GOAL_CPU, GOAL_BELOW, 5e4, GOAL_HIST_RESPONSE, 0 },
	{ "resumed==100%", GOAL_RESUMED, GOAL_EQUAL, 100, GOAL_HIST_RESPONSE,
	    0 },
};

TEST_EACH(what_it_means, taken)
{
	const struct goal *g = &goals.of[0];

	ck_assert_msg(goals_add(&goals, taken[_i].text, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(goals.count, 1);
	ck_assert_str_eq(g->text, taken[_i].text);
	ck_assert_int_eq(g->metric, taken[_i].metric);
	ck_assert_int_eq(g->operator, taken[_i].operator);
	ck_assert_double_eq(g->bound, taken[_i].bound);
	ck_assert_uint_eq(g->hist, taken[_i].hist);
	ck_assert_double_eq_tol(g->quantile, taken[_i].quantile, 1e-12);
	ck_assert(goals_have(&goals, taken[_i].metric));
}

static const struct {
	const char *text, *words;
} refused[] = {
	{ "", "neither <" },
	{ "p99", "neither <" },
	{ "p99!2ms", "neither <" },
	{ "p99=2ms", "neither <" },
	{ "<2ms", "unknown metric ''" },
	{ "p95th<2ms", "unknown metric 'p95th': use p50, p99.9" },
	{ "p0<2ms", "unknown metric 'p0'" },
	{ "p101<2ms", "unknown metric" },
	{ "pinf<2ms", "unknown metric" },
	{ "p9.9.9<2ms", "unknown metric" },
	{ "p<2ms", "unknown metric" },
	{ "shake_p99<2ms",
	    "behind handshake_, connect_, tls_handshake_, "
	    "first_echo_, round_trip_" },
	{ "_p99<2ms", "unknown metric" },
	{ "latency<2ms", ", rate, kept, errors, error_rate, cpu, resumed" },
	{ "handshake_errors<2", "unknown metric" },
	{ "p99<2", "'2' has no unit: write 2ms, 2us or 2s" },
	{ "p99<", "" },
	{ "p99<2ms!", "" },
	{ "p99<-2ms", "" },
	{ "cpu<50", "has no unit" },
	{ "errors==0%", "" },
	{ "errors==0.5", "" },
	{ "rate>=20ms", "" },
	{ "error_rate<0.001", "'0.001' is not a percentage, such as 0.1%" },
	{ "error_rate<101%", "'101%' is not between 0% and 100%" },
	{ "error_rate<%", "is not between" },
	{ "kept>=-1%", "is not between" },
};

TEST_EACH(refused_with_words, refused)
{
	ck_assert_int_eq(goals_add(&goals, refused[_i].text, &e), -1);
	ck_assert_uint_eq(goals.count, 0);
	ck_assert_msg(strstr(e.text, refused[_i].words) != NULL, "%s", e.text);
}

TEST(too_many)
{
	for (int i = 0; i < GOALS_MAX; i++)
		ck_assert_int_eq(goals_add(&goals, "errors==0", &e), 0);
	ck_assert_int_eq(goals_add(&goals, "errors==0", &e), -1);
	ck_assert_str_eq(e.text, "may be given 16 times at most");
}

/* Of 4.9, 5 and 5.1, against 5. */
static const struct {
	const char *operator;
	bool below, at, above;
} compared[] = {
	{ "<", true, false, false },
	{ "<=", true, true, false },
	{ "==", false, true, false },
	{ ">=", false, true, true },
	{ ">", false, false, true },
};

TEST_EACH(met, compared)
{
	char text[32];

	(void)snprintf(text, sizeof text, "rate%s5", compared[_i].operator);
	ck_assert_int_eq(goals_add(&goals, text, &e), 0);
	ck_assert_int_eq(goal_is_met(&goals.of[0], 4.9), compared[_i].below);
	ck_assert_int_eq(goal_is_met(&goals.of[0], 5), compared[_i].at);
	ck_assert_int_eq(goal_is_met(&goals.of[0], 5.1), compared[_i].above);
}

SUITE("client/goal")
