/* test_merge_series: runs of different steps and starts, as one series. */
#include "client/runs/merge_series.h"

#include <string.h>

#include "client/runs/hist_json.h"
#include "client/runs/run_file.h"
#include "tests/client/runs/run_case.h"
#include "tests/support/suite.h"

#define NS_PER_S INT64_C(1000000000)
#define START    INT64_C(1800000000000000000)

enum {
	RUNS = 3
};

static struct run runs[RUNS];
static struct errmsg e;

/* Where a run lies in the union, and what it is known by. */
static struct plan {
	json_int_t step, length, offset, open;
} plans[RUNS];

static json_int_t
get(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* A round trip a second; the last point may be shorter. */
static json_t *
make_series(const struct plan *p)
{
	static const struct hist none;
	json_t *series = json_array();

	for (json_int_t from = 0; from < p->length; from += p->step) {
		json_int_t to =
		    from + p->step < p->length ? from + p->step : p->length;

		(void)json_array_append_new(series,
		    json_pack("{s:I, s:I, s:I, s:I, s:i, s:i, s:i, s:i, s:n,"
			      " s:o}",
			"second", to, "end_ns", to * NS_PER_S, "open", p->open,
			"round_trips", to - from, "transactions", 0, "errors",
			0, "bytes_received", 0, "bytes_sent", 0, "cpu_ns",
			"latency", hist_json_make(&none)));
	}
	return series;
}

static void
make_run(unsigned i)
{
	const struct plan *p = &plans[i];
	json_t *root = run_case_new(1 + i);
	json_int_t from = START + p->offset * NS_PER_S;

	(void)json_object_set_new(root, "series", make_series(p));
	(void)json_object_set_new(root, "measured",
	    json_pack("{s:I, s:I}", "from_unix_ns", from, "to_unix_ns",
		from + p->length * NS_PER_S));
	ck_assert_msg(run_take(&runs[i], "a", root, &e) == 0, "%s", e.text);
}

/* Those of the runs that were under way all the time around this step. */
static json_int_t
open_at(json_int_t second, json_int_t step, bool *is_certain)
{
	json_int_t sum = 0;

	*is_certain = true;
	for (unsigned i = 0; i < RUNS; i++) {
		json_int_t from = plans[i].offset;
		json_int_t to = from + plans[i].length;

		if (second - step - step / 2 >= from && second + step <= to)
			sum += plans[i].open;
		else if (second + step > from && second - 2 * step < to)
			*is_certain = false;
	}
	return sum;
}

static void
check_series(const json_t *series, json_int_t step)
{
	json_int_t round_trips = 0, last = 0, last_end_ns = 0, all = 0;
	unsigned certain = 0;
	const json_t *point;
	bool is_certain;
	size_t i;

	json_array_foreach(series, i, point) {
		json_int_t second = get(point, "second");
		json_int_t open = open_at(second, step, &is_certain);

		ck_assert_int_gt(second, last);
		ck_assert_int_ge(get(point, "end_ns"), last_end_ns);
		if (i + 1 < json_array_size(series))
			ck_assert_int_eq(second % step, 0);
		if (is_certain)
			ck_assert_int_eq(get(point, "open"), open);
		certain += is_certain && open > 0;
		last = second;
		last_end_ns = get(point, "end_ns");
		round_trips += get(point, "round_trips");
	}
	for (i = 0; i < RUNS; i++)
		all += plans[i].length;
	ck_assert_int_eq(round_trips, all);
	ck_assert_uint_gt(certain, 0);
}

/* Property: whatever the steps and starts are, nothing is lost, and at each
 * moment those connections are open that all runs have open then. */
TEST_LOOP(all_that_is_open, 60)
{
	uint64_t state = (uint64_t)_i;
	json_int_t step = 1;
	json_t *series;

	for (unsigned i = 0; i < RUNS; i++) {
		static const json_int_t opens[RUNS] = { 1, 100, 10000 };

		state = state * 6364136223846793005 + 1442695040888963407;
		plans[i].step = 1 << (state >> 33) % 3;
		plans[i].length = 40 + (json_int_t)((state >> 40) % 40);
		plans[i].offset = i == 0 ? 0 : (json_int_t)(state >> 50) % 20;
		plans[i].open = opens[i];
		step = plans[i].step > step ? plans[i].step : step;
		make_run(i);
	}
	series = merge_series(runs, RUNS, START, &e);
	ck_assert_msg(series != NULL, "%s", e.text);
	check_series(series, step);
	json_decref(series);
	for (unsigned i = 0; i < RUNS; i++)
		run_free(&runs[i]);
}

/* A run alone stays as it is. */
TEST_LOOP(one_run, 3)
{
	json_t *series, *own;

	plans[0] = (struct plan){ 1 << _i, 41, 0, 7 };
	make_run(0);
	own = make_series(&plans[0]);
	series = merge_series(runs, 1, START, &e);
	ck_assert(json_equal(series, own));
	json_decref(series);
	json_decref(own);
	run_free(&runs[0]);
}

SUITE("client/runs/merge_series")
