/* compare_text: a comparison as a table; see compare.h. */
#include <math.h>
#include <string.h>

#include "client/runs/bootstrap.h"
#include "client/runs/compare.h"
#include "common/base/units.h"

static const struct {
	const char *key, *title;
} titles[] = {
	{ "rate_per_second", "rate per second" },
	{ "handshakes_per_second", "handshakes per second" },
	{ "p50_ns", "p50" },
	{ "p99_ns", "p99" },
	{ "p999_ns", "p99.9" },
	{ "cpu_ns", "CPU time for each" },
	{ "errors", "errors" },
};

static const char *
title_of(const char *key)
{
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		if (strcmp(titles[i].key, key) == 0)
			return titles[i].title;
	return key;
}

static double
number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

static const char *
text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static const char *
format_value(const char *key, double value, char out[static UNITS_TEXT])
{
	size_t n = strlen(key);

	if (n > 3 && strcmp(key + n - 3, "_ns") == 0)
		return units_format_duration((int64_t)llround(value), out);
	return units_format_count((uint64_t)llround(value), out);
}

/* A quotient by 0 is none; "-" stands for what is not there. */
static const char *
format_ratio(const json_t *metric, const char *key, char out[static UNITS_TEXT])
{
	const json_t *value = json_object_get(metric, key);

	if (json_is_number(value))
		(void)snprintf(
		    out, UNITS_TEXT, "%.3f", json_number_value(value));
	else
		(void)strcpy(out, "-");
	return out;
}

static void
print_metric(FILE *out, const json_t *metric)
{
	const char *key = text(metric, "metric");
	const char *verdict = text(metric, "verdict");
	bool is_small = strcmp(verdict, "worse") == 0 &&
	    json_is_false(json_object_get(metric, "is_missed"));
	char a[UNITS_TEXT];
	char b[UNITS_TEXT];
	char ratio[UNITS_TEXT];
	char low[UNITS_TEXT];
	char high[UNITS_TEXT];
	char interval[2 * UNITS_TEXT + 4];

	(void)snprintf(interval, sizeof interval, "%s to %s",
	    format_ratio(metric, "low", low),
	    format_ratio(metric, "high", high));
	fprintf(out, "%-21s %11s %11s %7s %16s  %s%s\n", title_of(key),
	    format_value(key, number(metric, "a"), a),
	    format_value(key, number(metric, "b"), b),
	    format_ratio(metric, "ratio", ratio), interval, verdict,
	    is_small ? ", within the threshold" : "");
}

static size_t
runs_of(const json_t *document, const char *side)
{
	return json_array_size(
	    json_object_get(json_object_get(document, side), "files"));
}

static void
print_few_runs(FILE *out, const json_t *document)
{
	size_t a = runs_of(document, "a");
	size_t b = runs_of(document, "b");
	size_t least = a < b ? a : b;

	if (least < BOOTSTRAP_MIN)
		fprintf(out,
		    "With fewer than %d runs on each side there is no "
		    "interval, and so no verdict.\n",
		    BOOTSTRAP_MIN);
	else if (least < 5)
		fprintf(out,
		    "With fewer than 5 runs on each side the interval is "
		    "rough.\n");
}

static void
print_runs(FILE *out, const char *what, const json_t *list)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(list, i, entry)
		fprintf(out, "%s: %s: %s\n", what, text(entry, "file"),
		    text(entry, "why"));
}

static void
print_notes(FILE *out, const json_t *document)
{
	const json_t *list = json_object_get(document, "differing");
	const json_t *entry;
	size_t i;

	print_runs(out, "INCOMPLETE", json_object_get(document, "incomplete"));
	print_runs(out, "MISSED", json_object_get(document, "missed"));
	json_array_foreach(list, i, entry)
		fprintf(out, "%s%s%s", i == 0 ? "The runs differ in: " : ", ",
		    json_string_value(entry),
		    i + 1 == json_array_size(list) ? "\n" : "");
}

void
compare_print(FILE *out, const json_t *document)
{
	const json_t *metrics = json_object_get(document, "metrics");
	const json_t *metric;
	size_t i;

	fprintf(out, "A: %zu run%s, B: %zu run%s; medians\n",
	    runs_of(document, "a"), units_plural(runs_of(document, "a")),
	    runs_of(document, "b"), units_plural(runs_of(document, "b")));
	fprintf(out, "%-21s %11s %11s %7s %16s  %s\n", "", "A", "B", "B/A",
	    "95 % interval", "verdict");
	json_array_foreach(metrics, i, metric)
		print_metric(out, metric);
	print_few_runs(out, document);
	print_notes(out, document);
	if (json_is_true(json_object_get(document, "is_missed")))
		fprintf(out, "B is worse by more than %g %%.\n",
		    number(document, "threshold_percent"));
}
