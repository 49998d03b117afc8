/* test_curve: the table of a search, its result, and what that comes to. */
#include "client/report/curve.h"

#include <string.h>

#include "client/options.h"
#include "client/report/curve_json.h"
#include "client/report/report.h"
#include "client/tally.h"
#include "tests/support/suite.h"

static struct options o = { .connections = 1, .rate = 1234 };
static struct tally totals;
static struct curve curve;
static struct report r = { .options = &o,
	.totals = &totals,
	.elapsed_ns = 1000000000,
	.search = &curve };
static struct errmsg e;

static const struct curve_step *
add(uint64_t rate, enum curve_verdict verdict, const char *why)
{
	o.rate = rate;
	return curve_add(&curve, &r, verdict, false, why);
}

static const char *
printed(void (*print)(FILE *out, const struct curve *c))
{
	static char text[512];
	FILE *out = fmemopen(text, sizeof text, "w");

	print(out, &curve);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

static void
print_last(FILE *out, const struct curve *c)
{
	curve_print_step(out, &c->steps[c->count - 1]);
}

TEST(a_row)
{
	tally_add(&totals, TALLY_ROUND_TRIPS, 1200);
	tally_add(&totals, TALLY_CPU_NS, 12000000);
	hist_add(&totals.hists[TALLY_HIST_ROUND_TRIP], 20, 1200);
	hist_add(&totals.hists[TALLY_HIST_SERVICE], 10, 1200);
	add(1234, CURVE_MISSED, "p99<1ns");
	ck_assert_str_eq(printed(print_last),
	    "    1,234.0     1,200.0     20 ns     20 ns     10 ns   10.0 us"
	    "  missed: p99<1ns\n");
	curve.steps[0].confirms = true;
	curve.steps[0].verdict = CURVE_CLIENT;
	ck_assert_ptr_nonnull(strstr(printed(print_last),
	    "  confirming: limit of this client: p99<1ns\n"));
}

/* The highest rate that was held, and the lowest above it that was not. */
static const struct {
	enum curve_end end;
	double found;
	enum curve_verdict verdict; /* of 300 */
	enum report_status status;
	const char *printed, *explained;
} results[] = {
	{ CURVE_FOUND, 200, CURVE_MISSED, REPORT_OK,
	    "Highest rate that meets the goals: 200.0 per second; missed at "
	    "300.0: why 300\n",
	    NULL },
	{ CURVE_FOUND, 200, CURVE_CLIENT, REPORT_INVALID,
	    "limit of this client at 300.0: why 300\n",
	    "the client, not the server, was the limit; limit of this client "
	    "at 300.0: why 300" },
	{ CURVE_FOUND, 400, CURVE_MISSED, REPORT_OK,
	    "goals: 400.0 per second, the highest that was to be tried\n",
	    NULL },
	{ CURVE_NONE, 0, CURVE_MISSED, REPORT_MISSED,
	    "No rate that meets the goals was found; missed at 100.0: first\n",
	    "no rate that meets the goals was found; missed at 100.0: first" },
	{ CURVE_INTERRUPTED, 0, CURVE_MISSED, REPORT_FAILED,
	    "No rate that meets the goals was found; missed at 100.0",
	    "the search was interrupted before a rate was confirmed" },
};

TEST_EACH(result, results)
{
	add(100, CURVE_MISSED, "first");
	add(300, results[_i].verdict, "why 300");
	add(400, CURVE_MISSED, "why 400");
	add(100, CURVE_HELD, "");
	curve.end = results[_i].end;
	curve.found = results[_i].found;
	ck_assert_int_eq(report_status(&r), results[_i].status);
	ck_assert_msg(
	    strstr(printed(curve_print_result), results[_i].printed) != NULL,
	    "%s", printed(curve_print_result));
	if (results[_i].explained == NULL)
		return;
	ck_assert_int_eq(report_explain(&r, &e), results[_i].status);
	ck_assert_str_eq(e.text, results[_i].explained);
}

/* What failed is told by the run that did. */
TEST(failed)
{
	static const struct tally_failure refusal = { .time_ns = 1,
		.reason = REASON_CONNECT_REFUSED };

	tally_fail(&totals, &refusal, false);
	curve.end = CURVE_FAILED;
	ck_assert_int_eq(report_explain(&r, &e), REPORT_FAILED);
	ck_assert_ptr_nonnull(strstr(e.text, "connection refused"));
}

TEST(full)
{
	for (int i = 0; i < CURVE_STEPS; i++)
		ck_assert_ptr_nonnull(add(100, CURVE_HELD, ""));
	ck_assert_ptr_null(add(100, CURVE_HELD, ""));
}

TEST(as_json)
{
	json_t *object;
	const json_t *step;

	add(100, CURVE_HELD, "");
	add(300, CURVE_CLIENT, "late");
	curve.found = 100;
	object = curve_json(&curve);
	ck_assert_double_eq(
	    json_number_value(json_object_get(object, "rate")), 100);
	ck_assert_double_eq(
	    json_number_value(json_object_get(object, "missed_at")), 300);
	ck_assert(json_is_true(json_object_get(object, "client_limit")));
	step = json_array_get(json_object_get(object, "steps"), 1);
	ck_assert_str_eq(
	    json_string_value(json_object_get(step, "verdict")), "client");
	ck_assert_str_eq(
	    json_string_value(json_object_get(step, "why")), "late");
	json_decref(object);
	curve.count = 1;
	object = curve_json(&curve);
	ck_assert(json_is_null(json_object_get(object, "missed_at")));
	ck_assert(json_is_false(json_object_get(object, "client_limit")));
	json_decref(object);
}

static const struct {
	struct curve_step step;
	bool is_doubtful;
} tried[] = {
	{ { .verdict = CURVE_HELD, .asked = 100, .made = 100 }, false },
	{ { .verdict = CURVE_MISSED, .asked = 100, .made = 98 }, true },
	{ { .verdict = CURVE_MISSED, .asked = 100, .made = 97 }, false },
	{ { .verdict = CURVE_MISSED,
	      .asked = 100,
	      .made = 100,
	      .confirms = true },
	    false },
	{ { .verdict = CURVE_CLIENT, .asked = 100, .made = 9 }, true },
	{ { .verdict = CURVE_CLIENT,
	      .asked = 100,
	      .made = 9,
	      .confirms = true },
	    true },
};

TEST_EACH(doubtful_steps, tried)
{
	ck_assert(curve_is_doubtful(&tried[_i].step) == tried[_i].is_doubtful);
}

SUITE("client/report/curve")
