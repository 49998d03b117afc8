/* merge_parts: who they are and when they ran; see the header. */
#include "client/runs/merge_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/runs/run_file.h"
#include "common/base/units.h"

enum {
	GOALS_TEXT = 512, /* of those that a run missed */
	PART_TEXT = 1024
};

static json_int_t
from_of(const json_t *object)
{
	return json_integer_value(json_object_get(object, "from_unix_ns"));
}

static json_int_t
to_of(const json_t *object)
{
	return json_integer_value(json_object_get(object, "to_unix_ns"));
}

/* A run in which nothing was measured has no window: null, or no length. */
static void
widen(struct merge_window *w, const json_t *object)
{
	json_int_t from = from_of(object);
	json_int_t to = to_of(object);

	if (to == from)
		return;
	if (w->to_unix_ns == w->from_unix_ns)
		*w = (struct merge_window){ from, to };
	if (from < w->from_unix_ns)
		w->from_unix_ns = from;
	if (to > w->to_unix_ns)
		w->to_unix_ns = to;
}

struct merge_window
merge_window_of(const struct run *runs, size_t count)
{
	struct merge_window w = { 0, 0 };

	for (size_t i = 0; i < count; i++)
		widen(&w, run_at(&runs[i], "measured"));
	return w;
}

/* The part of the window of all in which all ran. */
static double
overlap_percent(const json_t *files)
{
	struct merge_window all = { 0, 0 };
	json_int_t from = 0;
	json_int_t to = INT64_MAX;
	const json_t *part;
	size_t i;

	json_array_foreach(files, i, part) {
		widen(&all, part);
		if (from_of(part) > from)
			from = from_of(part);
		if (to_of(part) < to)
			to = to_of(part);
	}
	if (to <= from)
		return 0;
	return 100.0 * (double)(to - from) /
	    (double)(all.to_unix_ns - all.from_unix_ns);
}

/* What one generator of several did. */
static int
set_figures(json_t *own, const struct run *run, json_t *part)
{
	bool is_new_each = run_flag(run, "configuration.handshakes");
	json_t *figures = json_pack("{s:O, s:O, s:O, s:O?, s:I}", "part", part,
	    "done", run_at(run, is_new_each ? "transactions" : "round_trips"),
	    "per_second",
	    run_at(run,
		is_new_each ? "transactions_per_second"
			    : "round_trips_per_second"),
	    "p99_ns",
	    json_object_get(run_at(run, run_main_hist(run)), "p99_ns"),
	    "failed",
	    (json_int_t)run_count(run, "connections.failed") +
		(json_int_t)run_count(run, "connections.lost"));
	int result = figures != NULL ? json_object_update(own, figures) : -1;

	json_decref(figures);
	return result;
}

static int
append_parts(json_t *files, const struct run *run)
{
	json_t *earlier = run_at(run, "merged.files");
	json_t *part = run_at(run, "configuration.part.part");
	json_t *own;

	if (earlier != NULL)
		return json_array_extend(files, earlier);
	own = run_identity(run);
	if (part != NULL && set_figures(own, run, part) < 0) {
		json_decref(own);
		return -1;
	}
	return json_array_append_new(files, own);
}

/* "a.json", or of a union "a.json in all.json", for the n-th part of all. */
static const char *
name_part(const struct run *runs, const json_t *files, size_t n,
    char name[static PART_TEXT])
{
	const json_t *file = json_object_get(json_array_get(files, n), "file");
	const struct run *run = runs;
	const json_t *merged;
	size_t end = 0;

	for (;; run++) {
		merged = run_at(run, "merged.files");
		end += merged != NULL ? json_array_size(merged) : 1;
		if (n < end)
			break;
	}
	(void)snprintf(name, PART_TEXT, "%s%s%s", json_string_value(file),
	    merged != NULL ? " in " : "",
	    merged != NULL ? run_file_text(run) : "");
	return name;
}

/* -1 and a line, if the last part is there already. */
static int
check_twice(
    const struct run *runs, const json_t *files, size_t last, struct errmsg *e)
{
	char names[2][PART_TEXT];

	for (size_t i = 0; i < last; i++)
		if (run_is_same(
			json_array_get(files, i), json_array_get(files, last)))
			return errmsg_set(e,
			    "%s: the same run as %s, which would count twice",
			    name_part(runs, files, last, names[0]),
			    name_part(runs, files, i, names[1]));
	return 0;
}

static json_t *
list_files(const struct run *runs, size_t count, struct errmsg *e)
{
	json_t *files = json_array();

	for (size_t i = 0; i < count; i++) {
		size_t n = json_array_size(files);
		int result = append_parts(files, &runs[i]);

		if (result < 0)
			(void)errmsg_set(e, "out of memory");
		for (; result == 0 && n < json_array_size(files); n++)
			result = check_twice(runs, files, n, e);
		if (result < 0) {
			json_decref(files);
			return NULL;
		}
	}
	return files;
}

static enum report_status
status_of(const struct run *run)
{
	return run_flag(run, "valid")
	    ? (enum report_status)run_count(run, "exit_status")
	    : REPORT_INVALID;
}

enum report_status
merge_parts_status(const struct run *runs, size_t count)
{
	static const int weights[] = { [REPORT_OK] = 0,
		[REPORT_MISSED] = 1,
		[REPORT_FAILED] = 2,
		[REPORT_INVALID] = 3 };
	enum report_status all = REPORT_OK;

	for (size_t i = 0; i < count; i++)
		if (weights[status_of(&runs[i])] > weights[all])
			all = status_of(&runs[i]);
	return all;
}

/* NULL: nothing is. */
static const char *
whats_wrong(const struct run *run)
{
	if (!run_flag(run, "valid"))
		return "invalid";
	if (status_of(run) == REPORT_FAILED)
		return "failed";
	if (run_flag(run, "interrupted"))
		return "interrupted";
	return run_count(run, "elapsed_ns") == 0 ? "nothing was measured"
						 : NULL;
}

/* ", p99<1ms": those goals for which met is so. */
static void
list_goals(char *text, size_t size, const struct run *run, json_type met)
{
	size_t used = 0;
	const json_t *goal;
	size_t i;

	text[0] = '\0';
	json_array_foreach(run_at(run, "goals"), i, goal)
		if (json_typeof(json_object_get(goal, "met")) == met &&
		    used < size)
			used += (size_t)snprintf(text + used, size - used,
			    "%s%s", used > 0 ? ", " : "",
			    json_string_value(json_object_get(goal, "goal")));
}

/* What a whole run did not reach, or "". */
static void
whats_missed(char *text, size_t size, const struct run *run)
{
	uint64_t differed = run_count(run, "expectations.differed");
	char goals[GOALS_TEXT];

	text[0] = '\0';
	list_goals(goals, sizeof goals, run, JSON_FALSE);
	if (differed > 0)
		(void)snprintf(text, size, "%" PRIu64 " outcome%s not expected",
		    differed, units_plural(differed));
	else if (goals[0] != '\0')
		(void)snprintf(text, size, "missed %s", goals);
	else if (status_of(run) == REPORT_MISSED)
		(void)snprintf(text, size, "missed what was to be reached");
	else if (status_of(run) == REPORT_INVALID) {
		list_goals(goals, sizeof goals, run, JSON_NULL);
		(void)snprintf(text, size, "%s%s",
		    goals[0] != '\0' ? "too few values for "
				     : "the client was the limit",
		    goals);
	}
}

static json_t *
describe(const struct run *run, const char *why)
{
	const char *because = run_text(run, "invalid_because");
	bool more = !run_flag(run, "valid") && because[0] != '\0';

	return json_pack("{s:s, s:o}", "file", run_file_text(run), "why",
	    json_sprintf("%s%s%s", why, more ? ": " : "", more ? because : ""));
}

int
merge_parts_note(json_t *list, const struct run *run, struct errmsg *e)
{
	json_t *earlier = run_at(run, "merged.incomplete");
	const char *why = whats_wrong(run);
	int result = 0;

	if (earlier != NULL)
		result = json_array_extend(list, earlier);
	else if (why != NULL)
		result = json_array_append_new(list, describe(run, why));
	return result < 0 ? errmsg_set(e, "out of memory") : 0;
}

int
merge_parts_note_missed(json_t *list, const struct run *run, struct errmsg *e)
{
	json_t *earlier = run_at(run, "merged.missed");
	char why[GOALS_TEXT + 64] = "";
	int result = 0;

	if (earlier == NULL && whats_wrong(run) == NULL)
		whats_missed(why, sizeof why, run);
	if (earlier != NULL)
		result = json_array_extend(list, earlier);
	else if (why[0] != '\0')
		result = json_array_append_new(list, describe(run, why));
	return result < 0 ? errmsg_set(e, "out of memory") : 0;
}

json_t *
merge_parts(const struct run *runs, size_t count, struct errmsg *e)
{
	json_t *files = list_files(runs, count, e);
	json_t *incomplete = json_array();
	json_t *missed = json_array();
	json_t *merged = NULL;
	int result = files == NULL ? -1 : 0;

	for (size_t i = 0; result == 0 && i < count; i++)
		if (merge_parts_note(incomplete, &runs[i], e) < 0 ||
		    merge_parts_note_missed(missed, &runs[i], e) < 0)
			result = -1;
	if (result == 0) {
		merged = json_pack("{s:I, s:f, s:O, s:O, s:O}", "parts",
		    (json_int_t)json_array_size(files), "overlap_percent",
		    overlap_percent(files), "incomplete", incomplete, "missed",
		    missed, "files", files);
		if (merged == NULL)
			(void)errmsg_set(e, "out of memory");
	}
	json_decref(files);
	json_decref(incomplete);
	json_decref(missed);
	return merged;
}
