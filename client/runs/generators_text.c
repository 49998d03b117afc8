/* generators_text: a table; see the header. */
#include "client/runs/generators_text.h"

#include <stdint.h>

#include "client/runs/generators_union.h"
#include "client/runs/run_file.h"
#include "common/base/units.h"

static json_int_t
number(const json_t *file, const char *key)
{
	return json_integer_value(json_object_get(file, key));
}

static json_int_t
first_start(const json_t *files)
{
	json_int_t first = INT64_MAX;
	const json_t *file;
	size_t i;

	json_array_foreach(files, i, file)
		if (number(file, "from_unix_ns") < first)
			first = number(file, "from_unix_ns");
	return first;
}

/* "-" where too few values have no quantile. */
static const char *
p99_of(const json_t *file, char text[static UNITS_TEXT])
{
	return json_is_integer(json_object_get(file, "p99_ns"))
	    ? units_format_duration(number(file, "p99_ns"), text)
	    : "-";
}

static void
print_row(FILE *out, const json_t *file, json_int_t first_ns)
{
	char start[UNITS_TEXT], length[UNITS_TEXT], done[UNITS_TEXT];
	char rate[UNITS_TEXT], p99[UNITS_TEXT], failed[UNITS_TEXT];
	json_int_t from_ns = number(file, "from_unix_ns");
	double each = json_number_value(json_object_get(file, "per_second"));

	fprintf(out,
	    "%5" JSON_INTEGER_FORMAT " %9s %9s %15s %13s %9s %8s  %s: %s\n",
	    number(file, "part"),
	    units_format_duration(from_ns - first_ns, start),
	    units_format_duration(number(file, "to_unix_ns") - from_ns, length),
	    units_format_count((uint64_t)number(file, "done"), done),
	    units_format_rate(each, rate), p99_of(file, p99),
	    units_format_count((uint64_t)number(file, "failed"), failed),
	    json_string_value(json_object_get(file, "hostname")),
	    json_string_value(json_object_get(file, "file")));
}

static void
print_head(FILE *out, const struct run *all)
{
	const json_t *generators = run_at(all, "merged.generators");
	bool allows = run_flag(all, "merged.generators.allow_missing");
	char skew[UNITS_TEXT];
	struct errmsg line;

	generators_describe(generators, &line);
	fprintf(out, "Union of %s%s\n", line.text,
	    allows ? " (--allow-missing)" : "");
	fprintf(out, "Starts within %s; in %.1f %% of the time all ran\n",
	    units_format_duration(number(generators, "start_skew_ns"), skew),
	    run_real(all, "merged.overlap_percent"));
	fprintf(out, "%5s %9s %9s %15s %13s %9s %8s  %s\n", "part", "start",
	    "length", "done", "per second", "p99", "failed", "host: file");
}

void
generators_print(FILE *out, const struct run *all)
{
	const json_t *files = run_at(all, "merged.files");
	json_int_t first_ns = first_start(files);
	const json_t *entry;
	size_t i;

	print_head(out, all);
	json_array_foreach(files, i, entry)
		print_row(out, entry, first_ns);
	json_array_foreach(run_at(all, "merged.generators.set_aside"), i, entry)
		fprintf(out, "NOT COUNTED: %s: %s\n",
		    json_string_value(json_object_get(entry, "file")),
		    json_string_value(json_object_get(entry, "why")));
	if (!run_flag(all, "valid"))
		fprintf(out, "INVALID: %s\n", run_text(all, "invalid_because"));
}
