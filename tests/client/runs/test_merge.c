/* test_merge: the union is exact, whatever the order; and what is none. */
#include "client/runs/merge.h"

#include <string.h>

#include "client/runs/hist_json.h"
#include "client/runs/run_file.h"
#include "tests/client/runs/run_case.h"
#include "tests/support/suite.h"

enum {
	RUNS = 5
};

static struct run runs[RUNS];
static struct errmsg e;

/* Of seeds from first on; each may still be changed before it is checked. */
static void
take(size_t i, const char *path, json_t *root)
{
	ck_assert_msg(run_take(&runs[i], path, root, &e) == 0, "%s", e.text);
}

static const char *const paths[RUNS] = { "a.json", "b.json", "c.json", "d.json",
	"e.json" };

static void
take_all(unsigned first)
{
	for (unsigned i = 0; i < RUNS; i++)
		take(i, paths[i], run_case_new(first + i));
}

/* Frees the runs; the union is checked as a file would be. */
static struct run
merged(size_t count)
{
	json_t *root = merge_runs(runs, count, &e);
	struct run all;

	ck_assert_msg(root != NULL, "%s", e.text);
	ck_assert_msg(run_take(&all, "all", root, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < count; i++)
		run_free(&runs[i]);
	return all;
}

static void
refused(size_t count, const char *says)
{
	ck_assert_ptr_null(merge_runs(runs, count, &e));
	ck_assert_msg(strstr(e.text, says) != NULL, "says: %s", e.text);
}

/* Property: the histogram of the union is the union of the histograms. */
TEST_LOOP(bucket_for_bucket, 20)
{
	static struct hist whole;
	static struct hist got;
	unsigned first = 1 + (unsigned)_i * RUNS;
	struct run all;

	for (unsigned i = 0; i < RUNS; i++)
		hist_merge(&whole, run_case_hist(first + i));
	take_all(first);
	all = merged(RUNS);
	run_hist(&all, "round_trip", &got);
	ck_assert_int_eq(memcmp(&got, &whole, sizeof got), 0);
	ck_assert_uint_eq(run_count(&all, "round_trips"), hist_count(&whole));
	ck_assert_uint_eq(
	    run_count(&all, "round_trip.p99_ns"), hist_quantile(&whole, 0.99));
	ck_assert_uint_eq(
	    run_count(&all, "round_trip.max_ns"), hist_max(&whole));
	run_free(&all);
}

/* The series of a union adds up to the same histogram. */
TEST(second_by_second)
{
	static struct hist whole;
	static struct hist got;
	uint64_t round_trips = 0;
	json_t *second;
	struct run all;
	size_t i;

	take_all(1);
	all = merged(RUNS);
	json_array_foreach(run_at(&all, "series"), i, second) {
		ck_assert_int_eq(
		    hist_json_add(
			&got, json_object_get(second, "latency"), "", &e),
		    0);
		round_trips += (uint64_t)json_integer_value(
		    json_object_get(second, "round_trips"));
	}
	run_hist(&all, "round_trip", &whole);
	ck_assert_uint_eq(json_array_size(run_at(&all, "series")), 3);
	ck_assert_int_eq(memcmp(&got, &whole, sizeof got), 0);
	ck_assert_uint_eq(round_trips, run_count(&all, "round_trips"));
	run_free(&all);
}

/* Each order of the runs makes the same document. */
TEST(in_any_order)
{
	struct run all;
	struct run other;

	take_all(1);
	all = merged(RUNS);
	for (unsigned shift = 1; shift < RUNS; shift++) {
		for (unsigned i = 0; i < RUNS; i++) {
			unsigned at = (i * 2 + shift) % RUNS;

			take(i, paths[at], run_case_new(1 + at));
		}
		other = merged(RUNS);
		ck_assert(json_equal(all.root, other.root));
		run_free(&other);
	}
	run_free(&all);
}

TEST(a_union_of_unions)
{
	struct run all;
	struct run first;
	struct run rest;

	take_all(1);
	all = merged(RUNS);
	for (unsigned i = 0; i < 2; i++)
		take(i, paths[i], run_case_new(1 + i));
	first = merged(2);
	for (unsigned i = 2; i < RUNS; i++)
		take(i - 2, paths[i], run_case_new(1 + i));
	rest = merged(RUNS - 2);
	runs[0] = rest;
	runs[1] = first;
	first = merged(2);
	ck_assert_uint_eq(run_count(&first, "merged.parts"), RUNS);
	ck_assert(json_equal(all.root, first.root));
	run_free(&first);
	run_free(&all);
}

/* Rates are of the window of all, and what a run did is in it once. */
TEST(figures)
{
	struct run all;

	for (unsigned i = 0; i < 2; i++) {
		json_t *root = run_case_new(1);

		run_case_set(root, "started_at", i == 0 ? "\"A\"" : "\"B\"");
		run_case_set(root, "measured.from_unix_ns",
		    i == 0 ? "1000000000" : "2000000000");
		run_case_set(root, "measured.to_unix_ns",
		    i == 0 ? "11000000000" : "12000000000");
		run_case_set(root, "round_trips", "5500");
		run_case_set(root, "rate", i == 0 ? "1000" : "0.5");
		run_case_set(root, "errors",
		    i == 0 ? "{\"reset\": 2}" : "{\"reset\": 3}");
		run_case_set(root, "cpu_ns", i == 0 ? "5" : "null");
		run_case_set(
		    root, "configuration.size_max", i == 0 ? "100" : "200");
		run_case_set(root, "environment.hostname",
		    i == 0 ? "\"one\"" : "\"two\"");
		take(i, paths[i], root);
	}
	all = merged(2);
	ck_assert_uint_eq(run_count(&all, "elapsed_ns"), 11000000000);
	ck_assert_double_eq(run_real(&all, "round_trips_per_second"), 1000);
	ck_assert_double_eq_tol(
	    run_real(&all, "merged.overlap_percent"), 900.0 / 11, 1e-9);
	ck_assert_double_eq(run_real(&all, "rate"), 1000.5);
	ck_assert_double_eq(run_real(&all, "resumed_percent"), 25);
	ck_assert_uint_eq(run_count(&all, "errors.reset"), 5);
	ck_assert(json_is_null(run_at(&all, "cpu_ns")));
	ck_assert(json_is_null(run_at(&all, "cpu_per_round_trip_ns")));
	ck_assert_str_eq(run_text(&all, "environment.hostname"), "one, two");
	ck_assert_str_eq(run_text(&all, "target"), "localhost:4433");
	ck_assert_str_eq(run_text(&all, "started_at"), "A");
	ck_assert_uint_eq(run_count(&all, "configuration.connections"), 8);
	ck_assert_ptr_null(run_at(&all, "configuration.size_max"));
	ck_assert_uint_eq(json_array_size(run_at(&all, "merged.differing")), 1);
	ck_assert_uint_eq(json_array_size(run_at(&all, "addresses")), 1);
	ck_assert_uint_eq(json_array_size(run_at(&all, "negotiated")), 1);
	/* The second run began a second later. */
	ck_assert_uint_eq(json_array_size(run_at(&all, "series")), 4);
	run_free(&all);
}

/* A run that ended before it began has no part in the window. */
TEST(nothing_was_measured)
{
	struct run all;

	for (unsigned i = 0; i < 3; i++) {
		json_t *root = run_case_new(1);

		run_case_set(root, "started_at", i == 0 ? "\"A\"" : "\"B\"");
		run_case_set(root, "environment.hostname",
		    i == 1 ? "\"one\"" : "\"two\"");
		run_case_set(
		    root, "configuration.json", i == 1 ? "\"one\"" : "\"two\"");
		if (i > 0) {
			run_case_set(root, "measured", "null");
			run_case_set(root, "elapsed_ns", "0");
		}
		take(i, paths[i], root);
	}
	all = merged(2);
	ck_assert_uint_eq(run_count(&all, "elapsed_ns"), 3000000000);
	ck_assert_double_eq(run_real(&all, "merged.overlap_percent"), 0);
	/* Where each was written says nothing of what it did. */
	ck_assert_uint_eq(json_array_size(run_at(&all, "merged.differing")), 0);
	run_free(&all);
	runs[0] = runs[2];
	all = merged(1);
	ck_assert(json_is_null(run_at(&all, "measured")));
	ck_assert_double_eq(run_real(&all, "round_trips_per_second"), 0);
	run_free(&all);
}

/* Of a later version: words that are the same stay, and numbers do not. */
TEST(unknown_keys)
{
	struct run all;

	for (unsigned i = 0; i < 2; i++) {
		json_t *root = run_case_new(1 + i);

		run_case_set(root, "same", "true");
		run_case_set(root, "other", i == 0 ? "\"A\"" : "\"B\"");
		run_case_set(root, "number", "5");
		take(i, paths[i], root);
	}
	all = merged(2);
	ck_assert(run_flag(&all, "same"));
	ck_assert_ptr_null(run_at(&all, "other"));
	ck_assert_ptr_null(run_at(&all, "number"));
	run_free(&all);
}

TEST(the_same_run_twice)
{
	take(0, "a.json", run_case_new(1));
	take(1, "copy.json", run_case_new(1));
	refused(2, "copy.json: the same run as a.json, which would count");
}

TEST(the_same_run_in_a_union)
{
	struct run all;

	take(0, "a.json", run_case_new(1));
	take(1, "b.json", run_case_new(2));
	all = merged(2);
	all.path = "all.json";
	runs[0] = all;
	take(1, "b.json", run_case_new(2));
	refused(2, "b.json: the same run as b.json in all.json, which would");
}

static const struct {
	const char *key, *json, *says;
} kinds[] = {
	{ "configuration.handshakes", "true", "configuration.handshakes is" },
	{ "configuration.idle", "true", "b.json: configuration.idle is not" },
	{ "configuration.reconnect", "5", "configuration.reconnect is not" },
	{ "rate", "5", "b.json: one of it and a.json is an open loop" },
};

TEST_EACH(different_things, kinds)
{
	json_t *root = run_case_new(2);

	run_case_set(root, kinds[_i].key, kinds[_i].json);
	take(0, "a.json", run_case_new(1));
	take(1, "b.json", root);
	refused(2, kinds[_i].says);
}

#define MOST "9223372036854775807"

static const struct {
	const char *key, *json, *says;
} overflows[] = {
	{ "round_trips", MOST, "b.json: round_trips: the sum is too large" },
	{ "errors", "{\"reset\": " MOST "}", "b.json: errors: reset: the sum" },
	{ "series.0.bytes_sent", MOST, "series: bytes_sent: the sum" },
	{ "configuration.connections", MOST, "configuration: connections: " },
	{ "histograms.idle",
	    "{\"count\": " MOST ", \"sum\": 0, \"max\": 0, \"buckets\":"
	    " [[0, " MOST "]]}",
	    "b.json: histograms: idle: the sum is too large" },
};

TEST_EACH(sums_do_not_overflow, overflows)
{
	for (unsigned i = 0; i < 2; i++) {
		json_t *root = run_case_new(1 + i);

		run_case_set(root, overflows[_i].key, overflows[_i].json);
		take(i, paths[i], root);
	}
	refused(2, overflows[_i].says);
}

SUITE("client/runs/merge")
