/* generators_union: gaps in the numbers, and the verdict; see the header. */
#include "client/runs/generators_union.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/report/report.h"
#include "client/runs/generators.h"
#include "client/runs/join.h"
#include "client/runs/merge.h"

/* The numbers that no file has. */
static json_t *
list_missing(const struct generators *g, const json_t *root)
{
	json_t *files =
	    json_object_get(json_object_get(root, "merged"), "files");
	json_t *missing = json_array();
	bool *is_there = calloc((size_t)g->parts + 1, sizeof *is_there);
	json_t *file;
	size_t i;

	if (is_there == NULL)
		return NULL;
	json_array_foreach(files, i, file) {
		json_int_t part =
		    json_integer_value(json_object_get(file, "part"));

		if (part > 0 && part <= g->parts)
			is_there[part] = true;
	}
	for (json_int_t part = 1; part <= g->parts; part++)
		if (!is_there[part])
			(void)json_array_append_new(
			    missing, json_integer(part));
	free(is_there);
	return missing;
}

/* From the first start to the last one. */
static json_int_t
start_skew_ns(const json_t *root)
{
	json_t *files =
	    json_object_get(json_object_get(root, "merged"), "files");
	json_int_t first = INT64_MAX;
	json_int_t last = 0;
	json_t *file;
	size_t i;

	json_array_foreach(files, i, file) {
		json_int_t from =
		    json_integer_value(json_object_get(file, "from_unix_ns"));

		first = from < first ? from : first;
		last = from > last ? from : last;
	}
	return last > first ? last - first : 0;
}

/* "part 2 is missing", for all from the i-th on that follow each other. */
static size_t
append_range(struct errmsg *line, size_t used, const json_t *missing, size_t *i)
{
	json_int_t first = json_integer_value(json_array_get(missing, *i));
	json_int_t last = first;
	const char *before = *i == 0 ? ": " : ", ";
	size_t room = sizeof line->text - used;
	int n;

	while (
	    json_integer_value(json_array_get(missing, *i + 1)) == last + 1) {
		last++;
		(*i)++;
	}
	n = last == first
	    ? snprintf(line->text + used, room,
		  "%spart %" JSON_INTEGER_FORMAT " is missing", before, first)
	    : snprintf(line->text + used, room,
		  "%sparts %" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT
		  " are missing",
		  before, first, last);
	return used + (size_t)n;
}

void
generators_describe(const json_t *generators, struct errmsg *line)
{
	const json_t *missing = json_object_get(generators, "missing");
	const json_t *aside = json_object_get(generators, "set_aside");
	size_t used;

	(void)errmsg_set(line,
	    "%" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " generators",
	    json_integer_value(json_object_get(generators, "present")),
	    json_integer_value(json_object_get(generators, "parts")));
	used = strlen(line->text);
	for (size_t i = 0;
	     i < json_array_size(missing) && used < sizeof line->text; i++)
		used = append_range(line, used, missing, &i);
	for (size_t i = 0;
	     i < json_array_size(aside) && used < sizeof line->text; i++)
		used += (size_t)snprintf(line->text + used,
		    sizeof line->text - used, "%s%s is not counted",
		    i == 0 && json_array_size(missing) == 0 ? ": " : ", ",
		    json_string_value(
			json_object_get(json_array_get(aside, i), "file")));
}

static int
set_invalid(json_t *root, const char *why, struct errmsg *e)
{
	const char *have =
	    json_string_value(json_object_get(root, "invalid_because"));

	if (join_set(root, "valid", json_false(), e) < 0 ||
	    join_set(root, "ok", json_false(), e) < 0 ||
	    join_set(root, "exit_status", json_integer(REPORT_INVALID), e) < 0)
		return -1;
	return join_set(root, "invalid_because",
	    have != NULL ? json_sprintf("%s; %s", have, why) : json_string(why),
	    e);
}

static int
judge(json_t *root, const json_t *generators, bool is_whole, struct errmsg *e)
{
	double overlap = json_number_value(json_object_get(
	    json_object_get(root, "merged"), "overlap_percent"));
	struct errmsg why;

	generators_describe(generators, &why);
	if (!is_whole && set_invalid(root, why.text, e) < 0)
		return -1;
	if (overlap >= MERGE_OVERLAP_MIN)
		return 0;
	(void)errmsg_set(&why,
	    "all generators were under way in %.1f %% of the time only: at "
	    "least %d %% are needed",
	    overlap, MERGE_OVERLAP_MIN);
	return set_invalid(root, why.text, e);
}

/* Shares that are fractions sum to a little less or more. */
static int
set_rate(json_t *root, double rate, struct errmsg *e)
{
	return join_set(root, "rate", json_real(rate), e) < 0
	    ? -1
	    : join_set(json_object_get(root, "configuration"), "rate",
		  json_real(rate), e);
}

int
generators_finish(const struct generators *g, json_t *root, bool allow_missing,
    struct errmsg *e)
{
	bool is_whole = g->present == (size_t)g->parts &&
	    json_array_size(g->set_aside) == 0;
	json_t *generators = json_pack("{s:I, s:I, s:o, s:O, s:b, s:I}",
	    "parts", g->parts, "present", (json_int_t)g->present, "missing",
	    list_missing(g, root), "set_aside", g->set_aside, "allow_missing",
	    allow_missing, "start_skew_ns", start_skew_ns(root));

	if (join_set(json_object_get(root, "merged"), "generators", generators,
		e) < 0)
		return -1;
	if (g->present == (size_t)g->parts && set_rate(root, g->rate, e) < 0)
		return -1;
	return judge(root, generators, is_whole || allow_missing, e);
}
