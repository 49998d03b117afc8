/* report_text: lines "Name: value" and a table; see the header. */
#include "client/report/report_text.h"

#include <inttypes.h>
#include <stdio.h>

#include "client/options.h"
#include "client/report/report.h"
#include "client/tally.h"
#include "common/base/units.h"

static void
print_count(FILE *out, const char *name, uint64_t value)
{
	fprintf(out, "%s: %" PRIu64 "\n", name, value);
}

/* A server that gives no tickets must not look like a slow one. */
static void
print_handshakes(FILE *out, const struct report *r)
{
	const struct tally *t = r->totals;
	uint64_t all = tally_stat(t, STATS_HANDSHAKES_COMPLETED);
	uint64_t resumed = tally_stat(t, STATS_HANDSHAKES_RESUMED);

	fprintf(out, "Handshakes per second: %.1f\n", report_rate(r, all));
	print_count(out, "Handshakes in full", all - resumed);
	fprintf(out, "Handshakes resumed: %" PRIu64 " (%.1f %%)\n", resumed,
	    report_resumed_percent(r));
	if (r->options->resume && tally_get(t, TALLY_TICKETS) == 0)
		fprintf(out,
		    "Session tickets: none, so nothing could be resumed\n");
}

static void
print_connections(FILE *out, const struct report *r)
{
	const struct tally *t = r->totals;

	print_count(out, "Connections asked for", report_asked(r));
	print_count(out, "Connections made", tally_get(t, TALLY_MADE));
	print_count(out, "Connections failed", tally_all_errors(t));
	if (report_not_made(r) > 0)
		print_count(out, "Connections not made", report_not_made(r));
	if (r->cut_off > 0)
		print_count(out, "Connections cut off", r->cut_off);
	print_count(
	    out, "Handshakes", tally_stat(t, STATS_HANDSHAKES_COMPLETED));
	if (r->options->idle)
		print_count(out, "Connections lost while idle",
		    tally_get(t, TALLY_BROKEN));
	if (tally_get(t, TALLY_UNANSWERED) > 0)
		print_count(out, "No answer to close_notify",
		    tally_get(t, TALLY_UNANSWERED));
	if (r->options->handshakes)
		print_handshakes(out, r);
}

static void
print_rate(FILE *out, const struct report *r)
{
	const struct tally *t = r->totals;

	fprintf(out, "Intended: %" PRIu64 " (%" PRIu64 " per second)\n",
	    tally_get(t, TALLY_DUE), r->options->rate);
	print_count(out, "Started", tally_get(t, TALLY_STARTED));
}

/* What a worker that died had used is not known. */
static void
print_cpu(FILE *out, const struct report *r, const char *what, uint64_t done)
{
	if (r->workers_died > 0)
		return;
	fprintf(out, "CPU time: %.3f s",
	    (double)tally_get(r->totals, TALLY_CPU_NS) / 1e9);
	if (!r->options->idle)
		fprintf(out, " (%.2f us per %s)",
		    report_cpu_for_each(r, done) / 1e3, what);
	fputc('\n', out);
}

static void
print_round_trips(FILE *out, const struct report *r)
{
	uint64_t round_trips = tally_get(r->totals, TALLY_ROUND_TRIPS);
	double rate = report_rate(r, round_trips);
	char elapsed[UNITS_TEXT];

	fprintf(out, "Round trips: %" PRIu64 " in %s\n", round_trips,
	    units_format_duration(r->elapsed_ns, elapsed));
	if (!r->options->idle)
		fprintf(out,
		    "Round trips per second: %.1f (%.1f per connection)\n",
		    rate, rate / (double)r->options->connections);
	print_cpu(out, r, "round trip", round_trips);
}

static void
print_transactions(FILE *out, const struct report *r)
{
	uint64_t transactions = tally_get(r->totals, TALLY_TRANSACTIONS);
	char elapsed[UNITS_TEXT];

	fprintf(out, "Transactions: %" PRIu64 " in %s\n", transactions,
	    units_format_duration(r->elapsed_ns, elapsed));
	fprintf(out, "Transactions per second: %.1f\n",
	    report_rate(r, transactions));
	print_cpu(out, r, "transaction", transactions);
}

static void
print_traffic(FILE *out, const struct tally *t)
{
	print_count(
	    out, "Read operations", tally_stat(t, STATS_READ_OPERATIONS));
	print_count(
	    out, "Write operations", tally_stat(t, STATS_WRITE_OPERATIONS));
	print_count(out, "Bytes received", tally_stat(t, STATS_BYTES_RECEIVED));
	print_count(out, "Bytes sent", tally_stat(t, STATS_BYTES_SENT));
}

static void
print_first_failure(FILE *out, const struct tally_failure *f)
{
	if (f->time_ns == 0)
		return;
	fprintf(out, "First failure: connection %u (worker %u): %s",
	    f->connection, f->worker, report_reason(f->reason));
	if (f->detail[0] != '\0')
		fprintf(out, ": %s", f->detail);
	fputc('\n', out);
}

static void
print_errors(FILE *out, const struct report *r)
{
	const struct tally *t = r->totals;

	print_count(out, "Errors", tally_all_errors(t) + r->workers_died);
	for (int i = 0; i < REASON_COUNT; i++)
		if (tally_errors(t, (enum close_reason)i) > 0)
			fprintf(out, "  %s: %" PRIu64 "\n",
			    report_reason((enum close_reason)i),
			    tally_errors(t, (enum close_reason)i));
	for (int i = 0; i < TALLY_ALERTS && t->alerts[i].count > 0; i++)
		fprintf(out, "    alert \"%s\": %" PRIu64 "\n",
		    t->alerts[i].name, t->alerts[i].count);
	if (r->workers_died > 0)
		fprintf(out, "  workers died: %u (%s)\n", r->workers_died,
		    r->first_death.text);
	print_first_failure(out, &t->first);
	if (t->refused[0] != '\0')
		fprintf(out, "First refused server: %s", t->refused);
}

static void
print_latency(FILE *out, const char *name, const struct hist *h)
{
	const int64_t values[] = {
		(int64_t)hist_quantile(h, 0),
		(int64_t)hist_mean(h),
		(int64_t)hist_quantile(h, 0.5),
		(int64_t)hist_quantile(h, 0.9),
		(int64_t)hist_quantile(h, 0.99),
		(int64_t)hist_quantile(h, 0.999),
		(int64_t)hist_max(h),
	};
	char text[UNITS_TEXT];

	if (hist_count(h) == 0)
		return;
	fprintf(out, "%-11s", name);
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		fprintf(out, " %9s", units_format_duration(values[i], text));
	fputc('\n', out);
}

static void
print_latencies(FILE *out, const struct tally *t)
{
	const struct hist *handshake = &t->shard.hists[STATS_HANDSHAKE_TIME];

	if (hist_count(handshake) == 0)
		return;
	fprintf(
	    out, "Latency (quantiles within %.1f%%):\n", HIST_ERROR_PERCENT);
	fprintf(out, "%-11s %9s %9s %9s %9s %9s %9s %9s\n", "", "min", "mean",
	    "p50", "p90", "p99", "p99.9", "max");
	print_latency(out, "handshake", handshake);
	print_latency(out, "round trip", &t->round_trip);
	print_latency(out, "transaction", &t->transaction);
	print_latency(out, "lateness", &t->lateness);
}

void
report_text_print(FILE *out, const struct report *r)
{
	struct errmsg why;

	print_connections(out, r);
	if (r->options->rate > 0)
		print_rate(out, r);
	if (r->options->handshakes)
		print_transactions(out, r);
	else
		print_round_trips(out, r);
	print_traffic(out, r->totals);
	print_errors(out, r);
	print_latencies(out, r->totals);
	if (r->options->rate == 0 && report_is_saturated(r))
		fprintf(out,
		    "Client saturated: a worker used %.0f %% of a CPU; "
		    "the server may be faster: use more --workers.\n",
		    100 * r->busiest);
	if (!report_is_valid(r, &why))
		fprintf(out, "INVALID: %s.\n", why.text);
	if (r->interrupted)
		fprintf(out, "Interrupted by a signal.\n");
}
