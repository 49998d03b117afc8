/* merge: what the table says, and the rest key by key; see the header. */
#include "client/runs/merge.h"

#include <stdlib.h>
#include <string.h>

#include "client/report/json_maker.h"
#include "client/report/report_json.h"
#include "client/runs/fields.h"
#include "client/runs/hist_json.h"
#include "client/runs/join.h"
#include "client/runs/merge_parts.h"
#include "client/runs/merge_series.h"
#include "client/runs/merge_setup.h"
#include "client/runs/run_file.h"
#include "common/base/version.h"

static int
compare_counts(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* By start and, of those that started at the same moment, by all else. */
static int
compare_runs(const void *a, const void *b)
{
	static const char *const counts[] = { "measured.from_unix_ns",
		"measured.to_unix_ns" };
	static const char *const texts[] = { "environment.hostname",
		"started_at", "target" };
	int order = 0;

	for (size_t i = 0; order == 0 && i < 2; i++)
		order = compare_counts(
		    run_count(a, counts[i]), run_count(b, counts[i]));
	for (size_t i = 0; order == 0 && i < 3; i++)
		order = strcmp(run_text(a, texts[i]), run_text(b, texts[i]));
	return order;
}

static int
set_hist(json_t *into, json_t *hists, const char *key, const struct hist *h,
    struct errmsg *e)
{
	if (join_set(hists, key, hist_json_make(h), e) < 0)
		return -1;
	return join_set(into, key, maker_latency(h), e);
}

/* A histogram that one run lacks is empty there. */
static int
merge_hist(json_t *into, json_t *hists, const char *key, const struct run *runs,
    size_t count, struct errmsg *e)
{
	struct hist all = { 0 };

	for (size_t i = 0; i < count; i++)
		if (hist_json_add(&all,
			json_object_get(run_at(&runs[i], "histograms"), key),
			key, e) < 0)
			return errmsg_prepend(
			    e, "%s: histograms", runs[i].path);
	return set_hist(into, hists, key, &all, e);
}

static int
merge_hists(
    json_t *into, const struct run *runs, size_t count, struct errmsg *e)
{
	json_t *hists = json_object();
	const char *key;
	json_t *value;

	if (join_set(into, "histograms", hists, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		json_object_foreach(run_at(&runs[i], "histograms"), key, value)
			if (json_object_get(hists, key) == NULL &&
			    merge_hist(into, hists, key, runs, count, e) < 0)
				return -1;
	return join_set(into, "histogram_layout", hist_json_make_layout(), e);
}

static int
merge_lists(
    json_t *into, const struct run *runs, size_t count, struct errmsg *e)
{
	static const struct {
		const char *key, *count_key;
	} lists[] = { { "addresses", "unanswered" },
		{ "negotiated", "connections" } };

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		json_t *list = json_array();

		if (join_set(into, lists[i].key, list, e) < 0)
			return -1;
		for (size_t r = 0; r < count; r++)
			if (join_list(list, run_at(&runs[r], lists[i].key),
				lists[i].count_key, e) < 0)
				return errmsg_prepend(e, "%s", lists[i].key);
	}
	return 0;
}

/* 0 for nothing. */
static double
quotient(double dividend, double divisor)
{
	return divisor > 0 ? dividend / divisor : 0;
}

static json_t *
cpu_for_each(const struct run *all, const char *key)
{
	json_t *cpu = run_at(all, "cpu_ns");

	return json_is_null(cpu)
	    ? json_null()
	    : json_real(quotient(json_number_value(cpu), run_real(all, key)));
}

static int
set_quotients(json_t *into, struct errmsg *e)
{
	const struct run all = { .root = into };
	double seconds = run_real(&all, "elapsed_ns") / 1e9;
	double resumed = 100 *
	    quotient(run_real(&all, "traffic.handshakes_resumed"),
		run_real(&all, "traffic.handshakes"));

	if (join_set(into, "round_trips_per_second",
		json_real(quotient(run_real(&all, "round_trips"), seconds)),
		e) < 0 ||
	    join_set(into, "transactions_per_second",
		json_real(quotient(run_real(&all, "transactions"), seconds)),
		e) < 0 ||
	    join_set(into, "cpu_per_round_trip_ns",
		cpu_for_each(&all, "round_trips"), e) < 0 ||
	    join_set(into, "cpu_per_transaction_ns",
		cpu_for_each(&all, "transactions"), e) < 0)
		return -1;
	return join_set(into, "resumed_percent", json_real(resumed), e);
}

static int
set_window(json_t *into, const struct merge_window *w, struct errmsg *e)
{
	json_int_t length_ns = w->to_unix_ns - w->from_unix_ns;

	json_t *measured = length_ns == 0
	    ? json_null()
	    : json_pack("{s:I, s:I}", "from_unix_ns", w->from_unix_ns,
		  "to_unix_ns", w->to_unix_ns);

	if (join_set(into, "measured", measured, e) < 0)
		return -1;
	return join_set(into, "elapsed_ns", json_integer(length_ns), e);
}

/* These are about a single run, and are left out of a union. */
static int
set_absent(json_t *into, struct errmsg *e)
{
	if (join_set(into, "goals", json_array(), e) < 0 ||
	    join_set(into, "identities", json_null(), e) < 0 ||
	    join_set(into, "search", json_null(), e) < 0 ||
	    join_set(into, "expectations", json_null(), e) < 0)
		return -1;
	return join_set(into, "server", json_null(), e);
}

static int
merge_fields(
    json_t *into, const struct run *runs, size_t count, struct errmsg *e)
{
	for (size_t i = 0; i < count; i++)
		if (join_fields(into, runs[i].root, field_table, e) < 0)
			return errmsg_prepend(e, "%s", runs[i].path);
	return 0;
}

/*
 * Words and flags that this program does not know, from a later version, say:
 * kept where all agree. What unknown numbers come to nobody can tell.
 */
static int
keep_unknown(
    json_t *into, const struct run *runs, size_t count, struct errmsg *e)
{
	const char *key;
	json_t *value;

	json_object_foreach(runs[0].root, key, value) {
		bool is_same = json_is_string(value) || json_is_boolean(value);

		for (size_t i = 1; i < count; i++)
			is_same = is_same &&
			    json_equal(
				value, json_object_get(runs[i].root, key));
		if (is_same && json_object_get(into, key) == NULL &&
		    join_set(into, key, json_deep_copy(value), e) < 0)
			return -1;
	}
	return 0;
}

/* What could not be made has said why. */
static int
set_made(json_t *into, const char *key, json_t *value, struct errmsg *e)
{
	return value == NULL ? -1 : join_set(into, key, value, e);
}

static int
fill(json_t *into, const struct run *runs, size_t count, struct errmsg *e)
{
	const struct merge_window window = merge_window_of(runs, count);

	if (set_made(into, "merged", merge_parts(runs, count, e), e) < 0 ||
	    merge_fields(into, runs, count, e) < 0 ||
	    join_set(into, "exit_status",
		json_integer(merge_parts_status(runs, count)), e) < 0 ||
	    join_set(into, "version", json_string(TLSECHO_VERSION), e) < 0 ||
	    merge_setup(into, runs, count, e) < 0 ||
	    merge_lists(into, runs, count, e) < 0 ||
	    merge_hists(into, runs, count, e) < 0 ||
	    set_window(into, &window, e) < 0 || set_quotients(into, e) < 0 ||
	    set_absent(into, e) < 0 || keep_unknown(into, runs, count, e) < 0)
		return -1;
	return set_made(into, "series",
	    merge_series(runs, count, window.from_unix_ns, e), e);
}

json_t *
merge_runs(struct run *runs, size_t count, struct errmsg *e)
{
	json_t *into;

	for (size_t i = 1; i < count; i++)
		if (run_check_kind(&runs[i], &runs[0], e) < 0)
			return NULL;
	qsort(runs, count, sizeof *runs, compare_runs);
	into = json_pack("{s:s, s:i}", "format", REPORT_JSON_FORMAT,
	    "format_version", REPORT_JSON_VERSION);
	if (into != NULL && fill(into, runs, count, e) == 0)
		return into;
	json_decref(into);
	return NULL;
}
