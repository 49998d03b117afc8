/* test_merge_parts: what is wrong with the parts of a union, and its status. */
#include "client/runs/merge_parts.h"

#include <stdlib.h>
#include <string.h>

#include "client/runs/merge.h"
#include "client/runs/run_file.h"
#include "tests/client/runs/run_case.h"
#include "tests/support/suite.h"

static struct run runs[2];
static struct errmsg e;

static void
take(size_t i, const char *path, json_t *root)
{
	ck_assert_msg(run_take(&runs[i], path, root, &e) == 0, "%s", e.text);
}

static const char *const paths[] = { "a.json", "b.json" };

/* Of the first two, which are freed. */
static struct run
merged(void)
{
	json_t *root = merge_runs(runs, 2, &e);
	struct run all;

	ck_assert_msg(root != NULL, "%s", e.text);
	ck_assert_msg(run_take(&all, "all", root, &e) == 0, "%s", e.text);
	run_free(&runs[0]);
	run_free(&runs[1]);
	return all;
}

static const struct {
	const char *key, *json, *why;
} incomplete[] = {
	{ "valid", "false", "invalid: late" },
	{ "exit_status", "1", "failed" },
	{ "interrupted", "true", "interrupted" },
	{ "elapsed_ns", "0", "nothing was measured" },
};

TEST_EACH(what_is_incomplete_is_marked, incomplete)
{
	json_t *root = run_case_new(2);
	json_t *part;
	struct run all;

	run_case_set(root, incomplete[_i].key, incomplete[_i].json);
	if (_i == 0)
		run_case_set(root, "invalid_because", "\"late\"");
	take(0, "a.json", run_case_new(1));
	take(1, "b.json", root);
	all = merged();
	ck_assert_uint_eq(
	    json_array_size(run_at(&all, "merged.incomplete")), 1);
	part = json_array_get(run_at(&all, "merged.incomplete"), 0);
	ck_assert_str_eq(
	    json_string_value(json_object_get(part, "file")), "b.json");
	ck_assert_str_eq(json_string_value(json_object_get(part, "why")),
	    incomplete[_i].why);
	ck_assert_str_eq(
	    run_text(&all, "invalid_because"), _i == 0 ? "b.json: late" : "");
	ck_assert_uint_eq(json_array_size(run_at(&all, "merged.missed")), 0);
	ck_assert_uint_eq(
	    run_count(&all, "exit_status"), _i == 0 ? 3 : _i == 1);
	run_free(&all);
}

#define GOAL(met) "[{\"goal\": \"p99<1ms\", \"value\": null, \"met\": " met "}]"

/* Whole runs, which did not reach something. */
static const struct {
	const char *key, *json, *status, *why;
} missed[] = {
	{ "goals", GOAL("false"), "4", "missed p99<1ms" },
	{ "expectations", "{\"differed\": 1}", "4", "1 outcome not expected" },
	{ "goals", GOAL("null"), "3", "too few values for p99<1ms" },
	{ "search", "{}", "3", "the client was the limit" },
	{ "search", "{}", "4", "missed what was to be reached" },
};

TEST_EACH(what_is_missed_is_not_incomplete, missed)
{
	const json_t *part;
	struct run all;

	for (unsigned i = 0; i < 2; i++) {
		json_t *root = run_case_new(1 + i);

		run_case_set(root, "goals", GOAL("true"));
		if (i == 1) {
			run_case_set(root, missed[_i].key, missed[_i].json);
			run_case_set(root, "exit_status", missed[_i].status);
		}
		take(i, paths[i], root);
	}
	all = merged();
	runs[0] = all;
	take(1, "c.json", run_case_new(3));
	all = merged();
	ck_assert_uint_eq(
	    run_count(&all, "exit_status"), (unsigned)atoi(missed[_i].status));
	ck_assert_uint_eq(
	    json_array_size(run_at(&all, "merged.incomplete")), 0);
	ck_assert_uint_eq(json_array_size(run_at(&all, "merged.missed")), 1);
	part = json_array_get(run_at(&all, "merged.missed"), 0);
	ck_assert_str_eq(
	    json_string_value(json_object_get(part, "file")), "b.json");
	ck_assert_str_eq(
	    json_string_value(json_object_get(part, "why")), missed[_i].why);
	run_free(&all);
}

/* The weightiest counts, whatever the order. */
static const struct {
	const char *a, *b;
	unsigned all;
} statuses[] = { { "0", "0", 0 }, { "0", "4", 4 }, { "4", "1", 1 },
	{ "1", "3", 3 }, { "3", "4", 3 } };

TEST_EACH(status_of_all, statuses)
{
	struct run all;

	for (unsigned i = 0; i < 2; i++) {
		json_t *root = run_case_new(1 + i);

		run_case_set(root, "exit_status",
		    i == 0 ? statuses[_i].a : statuses[_i].b);
		take(i, paths[i], root);
	}
	all = merged();
	ck_assert_uint_eq(run_count(&all, "exit_status"), statuses[_i].all);
	run_free(&all);
}

SUITE("client/runs/merge_parts")
