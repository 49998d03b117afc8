/* commands: read, put together or compare, print; see the header. */
#include "client/runs/commands.h"

#include <stdlib.h>
#include <string.h>

#include "client/options.h"
#include "client/report/outputs.h"
#include "client/report/report.h"
#include "client/report/report_file.h"
#include "client/runs/bootstrap.h"
#include "client/runs/compare.h"
#include "client/runs/generators.h"
#include "client/runs/generators_union.h"
#include "client/runs/merge.h"
#include "client/runs/merge_text.h"
#include "client/runs/page.h"
#include "client/runs/run_file.h"
#include "client/runs/run_files.h"
#include "client/runs/sides.h"
#include "common/base/units.h"

/* A line on standard error, as main() writes them. */
static void
tell(const char *file, const char *why)
{
	fprintf(stderr, "%s: %s%s%s\n", options_program.name,
	    file != NULL ? file : "", file != NULL ? ": " : "", why);
}

/* A line for each key of the root: short, though buckets are many. */
static void
print_document(FILE *out, json_t *root)
{
	const char *comma = "{";
	const char *key;
	json_t *value;

	json_object_foreach(root, key, value) {
		fprintf(out, "%s\n  \"%s\": ", comma, key);
		(void)json_dumpf(
		    value, out, JSON_ENCODE_ANY | JSON_REAL_PRECISION(9));
		comma = ",";
	}
	fprintf(out, "\n}\n");
}

/* NULL and a line; free() is the caller's. */
static char *
document_text(json_t *root, size_t *size, struct errmsg *e)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);
	bool is_whole;

	if (out == NULL)
		return errmsg_set(e, "out of memory"), NULL;
	print_document(out, root);
	is_whole = !ferror(out);
	if (fclose(out) == 0 && is_whole)
		return text;
	free(text);
	return errmsg_set(e, "out of memory"), NULL;
}

static int
write_document(const struct outputs *outputs, json_t *root, struct errmsg *e)
{
	const struct report_file *json = &outputs->files[OUTPUT_JSON];
	const struct report_file *html = &outputs->files[OUTPUT_HTML];
	size_t size;
	char *text = document_text(root, &size, e);
	int result = 0;

	if (text == NULL)
		return -1;
	if (json->path != NULL)
		result = report_file_write(json, text, size, e);
	if (html->path != NULL && page_write(html, text, e) < 0)
		result = -1;
	free(text);
	return result;
}

static int
end_text(FILE *text, struct errmsg *e)
{
	return fflush(text) != 0 || ferror(text)
	    ? errmsg_set(e, "standard output cannot be written")
	    : 0;
}

/* Names what is wrong with which run. */
static void
tell_each(const json_t *list)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(list, i, entry)
		tell(json_string_value(json_object_get(entry, "file")),
		    json_string_value(json_object_get(entry, "why")));
}

static void
warn_of_overlap(const struct run *all)
{
	double percent = run_real(all, "merged.overlap_percent");
	struct errmsg line;

	if (percent >= MERGE_OVERLAP_MIN)
		return;
	(void)errmsg_set(&line,
	    "warning: all runs were under way in %.1f %% of the time only, "
	    "and rates are of the whole",
	    percent);
	tell(NULL, line.text);
}

static int
show_union(const struct run *all, FILE *text, const struct outputs *outputs,
    struct errmsg *e)
{
	merge_print(text, all);
	tell_each(run_at(all, "merged.incomplete"));
	tell_each(run_at(all, "merged.missed"));
	tell_each(run_at(all, "merged.generators.set_aside"));
	if (run_at(all, "merged.generators") == NULL)
		warn_of_overlap(all);
	else if (!run_flag(all, "valid"))
		tell("the union is invalid", run_text(all, "invalid_because"));
	if (end_text(text, e) < 0 || write_document(outputs, all->root, e) < 0)
		return -1;
	return (int)run_count(all, "exit_status");
}

/* What is wrong, without the file's name, which it begins with. */
static const char *
without_path(const struct errmsg *why, const char *path)
{
	size_t n = strlen(path);

	return strncmp(why->text, path, n) == 0 &&
		strncmp(why->text + n, ": ", 2) == 0
	    ? why->text + n + 2
	    : why->text;
}

/* Those that were read move to the front; the others are set aside, and e says
 * what is wrong with the first. */
static int
sort_out(struct run *runs, size_t *count, const struct errmsg *whys,
    struct generators *g, const struct options *o, struct errmsg *e)
{
	for (int i = 0; i < o->runs_count; i++) {
		if (runs[i].root != NULL) {
			struct run run = runs[i];

			runs[i].root = NULL;
			runs[(*count)++] = run;
			continue;
		}
		if (json_array_size(g->set_aside) == 0)
			*e = whys[i];
		if (generators_set_aside(g, o->runs[i],
			without_path(&whys[i], o->runs[i]), e) < 0)
			return -1;
	}
	return 0;
}

static int
read_all(struct run *runs, size_t *count, struct generators *g,
    const struct options *o, struct errmsg *e)
{
	size_t all = (size_t)o->runs_count;
	struct errmsg *whys = calloc(all, sizeof *whys);
	int result;

	if (whys == NULL)
		return errmsg_set(e, "out of memory");
	run_files_read(runs, whys, o->runs, all);
	result = sort_out(runs, count, whys, g, o, e);
	free(whys);
	return result;
}

/*
 * Runs that are no parts of one load are all to be read. NULL, and exit status
 * 3 in status, if there are parts, but none that can be counted.
 */
static json_t *
unite(struct run *runs, struct generators *g, const struct options *o,
    int *status, struct errmsg *e)
{
	size_t count = 0;
	json_t *root = NULL;

	if (read_all(runs, &count, g, o, e) < 0 ||
	    generators_choose(g, runs, &count, e) < 0 ||
	    (g->parts == 0 && json_array_size(g->set_aside) > 0))
		return NULL;
	if (count > 0) {
		root = merge_runs(runs, count, e);
	} else {
		tell_each(g->set_aside);
		(void)errmsg_set(e, "no part of the load can be counted");
		*status = REPORT_INVALID;
	}
	if (root != NULL && g->parts > 0 &&
	    generators_finish(g, root, o->allow_missing, e) < 0) {
		json_decref(root);
		root = NULL;
	}
	return root;
}

int
command_merge(const struct options *o, FILE *text,
    const struct outputs *outputs, struct errmsg *e)
{
	struct run *runs = calloc((size_t)o->runs_count, sizeof *runs);
	struct run all = { .path = "union" };
	struct generators g;
	int result = -1;

	if (runs == NULL)
		return errmsg_set(e, "out of memory");
	generators_init(&g);
	all.root = unite(runs, &g, o, &result, e);
	if (all.root != NULL)
		result = show_union(&all, text, outputs, e);
	else if (result > 0)
		tell(NULL, e->text);
	run_free(&all);
	for (int i = 0; i < o->runs_count; i++)
		run_free(&runs[i]);
	free(runs);
	generators_free(&g);
	return result;
}

static size_t
runs_of(const json_t *root, const char *side)
{
	return json_array_size(
	    json_object_get(json_object_get(root, side), "files"));
}

/* False, and a line: nobody can tell whether B is worse. */
static bool
is_judged(const json_t *root)
{
	size_t a = runs_of(root, "a");
	size_t b = runs_of(root, "b");
	struct errmsg line;

	if (a >= BOOTSTRAP_MIN && b >= BOOTSTRAP_MIN)
		return true;
	(void)errmsg_set(&line,
	    "no verdict: A has %zu run%s and B %zu, and each needs at least %d",
	    a, units_plural(a), b, BOOTSTRAP_MIN);
	tell(NULL, line.text);
	return false;
}

static enum report_status
compare_status(const json_t *root)
{
	if (!is_judged(root))
		return REPORT_INVALID;
	if (json_is_true(json_object_get(root, "is_missed")))
		return REPORT_MISSED;
	return json_is_true(json_object_get(root, "valid")) ? REPORT_OK
							    : REPORT_INVALID;
}

/* What a pattern, a list or a directory stands for, too. */
static int
check_sides(
    const struct options *o, const struct outputs *outputs, struct errmsg *e)
{
	static struct side side;
	int result = 0;

	for (int i = 0; result == 0 && i < o->runs_count; i++) {
		side = (struct side)SIDE_NONE;
		result = side_open(&side, o->runs[i], e);
		for (size_t n = 0; result == 0 && n < side.file_count; n++)
			result = outputs_check_read(outputs, side.files[n], e);
		side_close(&side);
	}
	return result;
}

int
command_compare(const struct options *o, FILE *text,
    const struct outputs *outputs, struct errmsg *e)
{
	json_t *root = NULL;
	int result = -1;

	if (check_sides(o, outputs, e) == 0)
		root = compare_runs(
		    o->runs[0], o->runs[1], o->threshold_percent, e);
	if (root == NULL)
		return -1;
	compare_print(text, root);
	tell_each(json_object_get(root, "incomplete"));
	tell_each(json_object_get(root, "missed"));
	if (end_text(text, e) == 0 && write_document(outputs, root, e) == 0)
		result = (int)compare_status(root);
	json_decref(root);
	return result;
}
