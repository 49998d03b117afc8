/* test_run_file: what is read, and what each wrong thing is called. */
#include "client/runs/run_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/runs/merge.h"
#include "tests/client/runs/run_case.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static struct run run;
static struct errmsg e;

TEST(what_was_written_is_read)
{
	struct hist h;

	run_case_write(run_case_new(7), "a.json");
	ck_assert_msg(run_read(&run, "a.json", &e) == 0, "%s", e.text);
	ck_assert_uint_eq(run_count(&run, "connections.made"), 4);
	ck_assert_str_eq(run_text(&run, "environment.hostname"), "host");
	ck_assert_double_eq(run_real(&run, "busiest_worker"), 0.5);
	ck_assert(run_flag(&run, "ok") && !run_flag(&run, "interrupted"));
	ck_assert_ptr_null(run_at(&run, "connections.made.what"));
	ck_assert_uint_eq(run_count(&run, "invalid_because"), 0);
	run_hist(&run, "round_trip", &h);
	ck_assert_int_eq(memcmp(&h, run_case_hist(7), sizeof h), 0);
	run_hist(&run, "unheard_of", &h);
	ck_assert_uint_eq(hist_count(&h), 0);
	run_free(&run);
	ck_assert_ptr_null(run.root);
}

#define BUCKETS "histograms.round_trip.buckets"

static const struct {
	const char *path, *json, *says;
} wrongs[] = {
	{ "format", "\"other\"", "a: format: not \"tlsecho-client run\"" },
	{ "format", NULL, "a: format: not" },
	{ "format_version", "2",
	    "format_version: 2, but this program reads 1" },
	{ "format_version", "1.0", "format_version: not an integer" },
	{ "target", "5", "a: target: not a string" },
	{ "target", NULL, "a: target: missing" },
	{ "ok", "null", "ok: not true or false" },
	{ "exit_status", "2", "exit_status: not 0, 1, 3 or 4" },
	{ "exit_status", NULL, "exit_status: missing" },
	{ "goals", "[{\"goal\": 5}]", "goals[0].goal: not a string" },
	{ "invalid_because", "[]", "invalid_because: not a string or null" },
	{ "rate", "-0.5", "rate: not a number from 0 on" },
	{ "round_trips", "-1", "round_trips: not an integer from 0 on" },
	{ "round_trips", "1.5", "round_trips: not an integer from 0 on" },
	{ "errors", "{\"reset\": \"1\"}",
	    "errors.reset: not an integer from 0 on" },
	{ "connections.made", "-4",
	    "connections.made: not an integer from 0 on" },
	{ "addresses.0.unanswered", "-1", "addresses[0].unanswered: not" },
	{ "addresses.0", "7", "addresses[0].address: missing" },
	{ "negotiated.0.group", NULL, "negotiated[0].group: missing" },
	{ "measured", "{}", "measured.from_unix_ns: missing" },
	{ "measured.to_unix_ns", "5", "to_unix_ns: before from_unix_ns" },
	{ "measured.to_unix_ns", "9223372036854775807", "in the future" },
	{ "histogram_layout.sub_bits", "7", "histogram_layout.sub_bits: not" },
	{ "histogram_layout", "{}", "histogram_layout.kind: not" },
	{ "histograms", "[]", "histograms: not an object" },
	{ "histograms.round_trip", "3", "round_trip.count: an integer" },
	{ "histograms.round_trip.sum", "-1", "round_trip.sum: an integer" },
	{ "histograms.round_trip.sum", "9223372036854775807",
	    "round_trip.sum: not what the buckets can come to" },
	{ "histograms.round_trip.sum", "1", "round_trip.sum: not what" },
	{ "histograms.round_trip.max", "1", "max: below the last bucket" },
	{ "histograms.round_trip.count", "1", "count: 1, but the buckets" },
	{ BUCKETS, "{}", "buckets: a list is missing" },
	{ BUCKETS ".0", "[1]", "buckets[0]: not an index and a count" },
	{ BUCKETS ".0", "[1, 2, 3]", "buckets[0]: not an index and a count" },
	{ BUCKETS ".0", "[1, 0]", "buckets[0]: not an index and a count" },
	{ BUCKETS ".0", "[1.0, 2]", "buckets[0]: not an index and a count" },
	{ BUCKETS ".0", "[-1, 2]", "buckets[0]: the index is not from 0" },
	{ BUCKETS ".1", "[1152, 2]", "buckets[1]: the index is not from" },
	{ BUCKETS ".1", "[0, 2]", "buckets[1]: the index is not from" },
	{ BUCKETS ".0", "[1, 9223372036854775807]", "the sum is too large" },
	{ "series.1.second", "1", "series[1].second: not from 2 to" },
	{ "series.0.second", "4294967296", "series[0].second: not from 1" },
	{ "series.2.end_ns", "7", "series[2].end_ns: not from 2000000000" },
	{ "series.2.cpu_ns", "\"a\"", "series[2].cpu_ns: not an integer" },
	{ "series.1.latency", NULL, "series[1].latency: missing" },
	{ "series.1.latency.count", "7777", "series[1].latency.count: 7777" },
	{ "merged", "7", "merged: not an object or null" },
	{ "merged", "{\"parts\": 1}", "merged.files: missing" },
	{ "target", "\"\\u001b[2J\"", "" },
};

TEST_EACH(what_is_wrong_is_named, wrongs)
{
	json_t *root = run_case_new(3);

	run_case_set(root, wrongs[_i].path, wrongs[_i].json);
	if (wrongs[_i].says[0] == '\0') {
		ck_assert_int_eq(run_take(&run, "a", root, &e), 0);
		run_free(&run);
		return;
	}
	ck_assert_int_eq(run_take(&run, "a", root, &e), -1);
	ck_assert_ptr_null(run.root);
	ck_assert_msg(
	    strstr(e.text, wrongs[_i].says) != NULL, "says: %s", e.text);
	ck_assert_int_eq(strncmp(e.text, "a: ", 3), 0);
}

/* Keys that not every run has, and what is taken as it is. */
static const char *const free_keys[] = { "duration_ns", "size_min", "size_max",
	"cpus" };

static bool
is_free(const char *key)
{
	for (size_t i = 0; i < TEST_ROWS(free_keys); i++)
		if (strcmp(key, free_keys[i]) == 0)
			return true;
	return false;
}

/* The document is refused for this key, in one line. */
static void
refused_for(const json_t *root, const char *key, const char *how)
{
	if (is_free(key))
		return;
	ck_assert_msg(run_take(&run, "a", json_deep_copy(root), &e) < 0,
	    "%s %s", key, how);
	ck_assert_msg(
	    strstr(e.text, key) != NULL, "%s %s: %s", key, how, e.text);
	ck_assert_ptr_null(strchr(e.text, '\n'));
}

/* Takes each key away in turn, and gives it a value of another type. */
static void
/* NOLINTNEXTLINE(misc-no-recursion) */
damage_each(const json_t *root, json_t *object)
{
	void *at;
	void *next;

	for (at = json_object_iter(object); at != NULL; at = next) {
		const char *key = json_object_iter_key(at);
		json_t *value = json_incref(json_object_iter_value(at));
		json_t *other = json_is_string(value) || json_is_null(value)
		    ? json_integer(-7)
		    : json_string("other");

		next = json_object_iter_next(object, at);
		(void)json_object_iter_set_new(object, at, other);
		refused_for(root, key, "of another type");
		(void)json_object_iter_set(object, at, value);
		damage_each(root, value);
		damage_each(root, json_array_get(value, 0));
		json_decref(value);
	}
}

static void
/* NOLINTNEXTLINE(misc-no-recursion) */
remove_each(const json_t *root, json_t *object)
{
	json_t *copy = json_copy(object);
	const char *key;
	json_t *value;

	json_object_foreach(copy, key, value) {
		(void)json_object_del(object, key);
		refused_for(root, key, "removed");
		(void)json_object_set(object, key, value);
		remove_each(root, value);
		remove_each(root, json_array_get(value, 0));
	}
	json_decref(copy);
}

TEST_WITH(each_key_is_needed, .limit_s = 60)
{
	json_t *root = run_case_new(3);

	run_case_set(root, "goals",
	    "[{\"goal\": \"p99<1ms\", \"value\": 5, \"met\": true}]");
	run_case_set(root, "expectations", "{\"differed\": 0}");
	remove_each(root, root);
	damage_each(root, root);
	ck_assert_int_eq(run_take(&run, "a", root, &e), 0);
	run_free(&run);
}

/* A key of the file's own must not reach the terminal as it is. */
TEST(a_key_is_masked)
{
	json_t *root = run_case_new(3);

	run_case_set(root, "histograms.\033[2J", "{}");
	ck_assert_int_eq(run_take(&run, "a", root, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "histograms.?[2J.count"));
}

/* The same of texts, and of keys whose values are right. */
TEST(what_is_printed_is_masked)
{
	json_t *root = run_case_new(3);

	run_case_set(root, "target", "\"a\\u001b[2J\\u009b\\u202e\"");
	run_case_set(root, "environment.hostname", "\"b\\n\\u001b]0;\"");
	ck_assert_int_eq(run_take(&run, "a", root, &e), 0);
	ck_assert_str_eq(run_text(&run, "target"), "a?[2J?\?\?\?\?");
	ck_assert_str_eq(run_text(&run, "environment.hostname"), "b??]0;");
	run_free(&run);
	root = run_case_new(3);
	run_case_set(root, "errors", "{\"\\u001b[2J\": 1}");
	ck_assert_int_eq(run_take(&run, "a", root, &e), -1);
	ck_assert_str_eq(e.text, "a: '?[2J': a key with control characters");
}

static const struct {
	const char *text, *says;
} files[] = {
	{ "", "a.json: not JSON: line" },
	{ "{", "a.json: not JSON: line 1" },
	{ "{}", "a.json: format: not" },
	{ "[]", "a.json: format: not" },
	{ "7", "a.json: not JSON" },
	{ "{\"format\": 1, \"format\": 2}", "duplicate object key" },
	{ "{\"a\": 99999999999999999999}", "too big integer" },
	{ "{\"a\": 1e999}", "real number overflow" },
};

TEST_EACH(files_that_are_none, files)
{
	scratch_write("a.json", files[_i].text);
	ck_assert_int_eq(run_read(&run, "a.json", &e), -1);
	ck_assert_msg(
	    strstr(e.text, files[_i].says) != NULL, "says: %s", e.text);
}

TEST(deep_nesting)
{
	FILE *f = fopen("deep.json", "w");

	for (int i = 0; i < 1000000; i++)
		(void)fputs("[", f);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(run_read(&run, "deep.json", &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "maximum parsing depth"));
}

TEST(no_file)
{
	ck_assert_int_eq(run_read(&run, "none.json", &e), -1);
	ck_assert_str_eq(e.text, "none.json: No such file or directory");
}

/* Reads what is left of a document or has changed, and uses what is right. */
static void
read_and_use(const char *text, size_t size)
{
	json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	struct run runs[2];
	json_t *all;

	if (root == NULL || run_take(&runs[0], "a", root, &e) < 0)
		return;
	ck_assert_int_eq(run_take(&runs[1], "b", run_case_new(2), &e), 0);
	all = merge_runs(runs, 2, &e);
	json_decref(all);
	run_free(&runs[0]);
	run_free(&runs[1]);
}

static char *
document_text(void)
{
	json_t *root = run_case_new(1);
	char *text = json_dumps(root, JSON_COMPACT);

	json_decref(root);
	return text;
}

/* However much of it is there, it is never taken for the whole. */
TEST(cut_off_anywhere)
{
	char *text = document_text();
	size_t size = strlen(text);

	for (size_t n = 0; n < size; n += 1 + n / 100)
		ck_assert_ptr_null(
		    json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL));
	for (size_t n = 0; n < 50; n++)
		read_and_use(text, size - n);
	free(text);
}

/* Bits and digits that have changed: it is refused, or can be used. */
TEST_WITH(changed_anywhere, .limit_s = 60)
{
	static const char marks[] = "0123456789-.eE{}[]\",:\\nt";
	char *text = document_text();
	size_t size = strlen(text);
	uint64_t state = 1;

	for (int i = 0; i < 3000; i++) {
		size_t at;
		char was;

		state = state * 6364136223846793005 + 1442695040888963407;
		at = (size_t)((state >> 20) % size);
		was = text[at];
		text[at] = i % 2 == 0
		    ? marks[(state >> 50) % (sizeof marks - 1)]
		    : (char)(was ^ (1 << (state >> 60) % 8));
		read_and_use(text, size);
		text[at] = was;
	}
	free(text);
}

SUITE_BETWEEN("client/runs/run_file", scratch_enter, scratch_leave)
