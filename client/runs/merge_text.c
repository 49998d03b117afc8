/* merge_text: lines "Name: value" as in a report; see the header. */
#include "client/runs/merge_text.h"

#include <string.h>

#include "client/report/latency_table.h"
#include "client/runs/generators_text.h"
#include "client/runs/run_file.h"
#include "client/tally_hist.h"
#include "common/base/units.h"
#include "common/base/utc.h"

static void
print_count(
    FILE *out, const struct run *all, const char *title, const char *path)
{
	char text[UNITS_TEXT];

	fprintf(out, "%s: %s\n", title,
	    units_format_count(run_count(all, path), text));
}

static const char *
word(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* "  a.json: one, 2026-01-31T12:34:56.789Z, for 10.0 s" */
static void
print_parts(FILE *out, const struct run *all)
{
	const json_t *files = run_at(all, "merged.files");
	const json_t *part;
	char when[UTC_TEXT];
	char length[UNITS_TEXT];
	size_t i;

	if (run_at(all, "merged.generators") != NULL) {
		generators_print(out, all);
		return;
	}
	fprintf(out, "Union of %zu run%s: in %.1f %% of the time all ran\n",
	    json_array_size(files), units_plural(json_array_size(files)),
	    run_real(all, "merged.overlap_percent"));
	json_array_foreach(files, i, part) {
		json_int_t from =
		    json_integer_value(json_object_get(part, "from_unix_ns"));
		json_int_t to =
		    json_integer_value(json_object_get(part, "to_unix_ns"));

		fprintf(out, "  %s: %s, %s, for %s\n", word(part, "file"),
		    word(part, "hostname"), utc_format_ms(from, when),
		    units_format_duration(to - from, length));
	}
}

static void
print_load(FILE *out, const struct run *all)
{
	char count[UNITS_TEXT];
	double rate = run_real(all, "rate");

	fprintf(out, "Target: %s\n", run_text(all, "target"));
	fprintf(out, "Load: %s connections, %" JSON_INTEGER_FORMAT " workers",
	    units_format_count(
		run_count(all, "configuration.connections"), count),
	    (json_int_t)run_count(all, "workers"));
	/* Six digits of %g say all of what --rate may be below that. */
	if (rate >= 1000)
		fprintf(out, ", open loop of %s per second\n",
		    units_format_rate(rate, count));
	else if (rate > 0)
		fprintf(out, ", open loop of %g per second\n", rate);
	else
		fprintf(out, ", closed loop\n");
}

static void
print_negotiated(FILE *out, const struct run *all)
{
	const json_t *entry;
	char count[UNITS_TEXT];
	size_t i;

	json_array_foreach(run_at(all, "negotiated"), i, entry) {
		json_int_t n =
		    json_integer_value(json_object_get(entry, "connections"));

		fprintf(out,
		    "Negotiated: %s, %s, group %s (%spost-quantum), signature "
		    "%s: %s connection%s\n",
		    word(entry, "version"), word(entry, "suite"),
		    word(entry, "group"),
		    json_is_true(json_object_get(entry, "post_quantum"))
			? ""
			: "not ",
		    word(entry, "signature"),
		    units_format_count((uint64_t)n, count),
		    units_plural((uint64_t)n));
	}
}

static void
print_done(FILE *out, const struct run *all)
{
	bool is_new_each = run_flag(all, "configuration.handshakes");
	const char *what = is_new_each ? "Transactions" : "Round trips";
	char count[UNITS_TEXT];
	char length[UNITS_TEXT];

	print_count(out, all, "Connections made", "connections.made");
	print_count(out, all, "Connections failed", "connections.failed");
	print_count(out, all, "Connections lost", "connections.lost");
	if (run_real(all, "rate") > 0) {
		print_count(out, all, "Intended", "intended");
		print_count(out, all, "Started", "started");
	}
	fprintf(out, "%s: %s in %s\n", what,
	    units_format_count(
		run_count(all, is_new_each ? "transactions" : "round_trips"),
		count),
	    units_format_duration(
		(int64_t)run_count(all, "elapsed_ns"), length));
	fprintf(out, "%s per second: %s\n", what,
	    units_format_rate(run_real(all,
				  is_new_each ? "transactions_per_second"
					      : "round_trips_per_second"),
		count));
	if (json_is_integer(run_at(all, "cpu_ns")))
		fprintf(out, "CPU time: %.3f s (%.2f us for each)\n",
		    run_real(all, "cpu_ns") / 1e9,
		    run_real(all,
			is_new_each ? "cpu_per_transaction_ns"
				    : "cpu_per_round_trip_ns") /
			1e3);
	print_count(out, all, "Bytes received", "traffic.bytes_received");
	print_count(out, all, "Bytes sent", "traffic.bytes_sent");
}

/* Of reasons and alerts: how many there were of each. */
static void
print_each(
    FILE *out, const struct run *all, const char *path, const char *before)
{
	const char *key;
	json_t *count;
	char text[UNITS_TEXT];

	json_object_foreach(run_at(all, path), key, count)
		fprintf(out, "  %s%s: %s\n", before, key,
		    units_format_count(
			(uint64_t)json_integer_value(count), text));
}

static void
print_errors(FILE *out, const struct run *all)
{
	uint64_t errors = run_count(all, "workers_died");
	const char *key;
	json_t *count;
	char text[UNITS_TEXT];

	json_object_foreach(run_at(all, "errors"), key, count)
		errors += (uint64_t)json_integer_value(count);
	fprintf(out, "Errors: %s\n", units_format_count(errors, text));
	print_each(out, all, "errors", "");
	print_each(out, all, "alerts", "alert ");
}

/* As the text of a run has it; of a key that is not ours, the key. */
static const char *
title_of(const char *key)
{
	for (enum tally_hist i = 0; i < TALLY_HISTS; i++)
		if (strcmp(tally_hist_key(i), key) == 0)
			return tally_hist_title(i);
	return key;
}

static void
print_hist(FILE *out, const struct run *all, const char *key)
{
	struct hist h;

	run_hist(all, key, &h);
	latency_table_row(out, title_of(key), &h);
}

static void
print_latencies(FILE *out, const struct run *all)
{
	const char *key;
	json_t *value;

	latency_table_head(out);
	json_object_foreach(run_at(all, "histograms"), key, value)
		print_hist(out, all, key);
}

static void
print_differing(FILE *out, const struct run *all)
{
	const json_t *key;
	size_t i;

	json_array_foreach(run_at(all, "merged.differing"), i, key)
		fprintf(out, "%s%s", i == 0 ? "The runs differ in: " : ", ",
		    json_string_value(key));
	if (i > 0)
		fputc('\n', out);
}

/* "INCOMPLETE: a.json: interrupted" */
static void
print_remarks(
    FILE *out, const struct run *all, const char *title, const char *path)
{
	const json_t *part;
	size_t i;

	json_array_foreach(run_at(all, path), i, part)
		fprintf(out, "%s: %s: %s\n", title, word(part, "file"),
		    word(part, "why"));
}

void
merge_print(FILE *out, const struct run *all)
{
	print_parts(out, all);
	print_load(out, all);
	print_negotiated(out, all);
	print_done(out, all);
	print_errors(out, all);
	print_latencies(out, all);
	print_differing(out, all);
	print_remarks(out, all, "INCOMPLETE", "merged.incomplete");
	print_remarks(out, all, "MISSED", "merged.missed");
}
