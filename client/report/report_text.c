/* report_text: lines "Name: value" and a table; see the header. */
#include "client/report/report_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/options.h"
#include "client/report/curve.h"
#include "client/report/goals.h"
#include "client/report/latency_text.h"
#include "client/report/report.h"
#include "client/report/report_findings.h"
#include "client/report/report_identities.h"
#include "client/report/report_server.h"
#include "client/tally.h"
#include "common/base/units.h"
#include "common/sys/addr.h"
#include "common/tls/alert.h"

static void
print_count(FILE *out, const char *name, uint64_t value)
{
	char text[UNITS_TEXT];

	fprintf(out, "%s: %s\n", name, units_format_count(value, text));
}

static void
print_size(FILE *out, const struct options *o)
{
	char min[UNITS_TEXT], max[UNITS_TEXT];

	if (o->no_echo)
		return;
	fprintf(out, ", messages of %s", units_format_count(o->size_min, min));
	if (o->size_max != o->size_min)
		fprintf(out, " to %s", units_format_count(o->size_max, max));
	fprintf(out, " byte%s", units_plural(o->size_max));
}

static void
print_kind(FILE *out, const struct options *o)
{
	char text[UNITS_TEXT];

	if (o->idle)
		fprintf(out, ", idle%s", o->no_echo ? " without an echo" : "");
	else if (o->rate == 0)
		fprintf(out, ", closed loop");
	else if (o->rate_decimals == 0 && !part_is_given(&o->part))
		fprintf(out, ", open loop of %s per second",
		    units_format_count(o->rate, text));
	else
		fprintf(out, ", open loop of %g per second", options_rate(o));
	if (o->handshakes)
		fprintf(out, ", transactions%s",
		    o->no_echo ? " without an echo" : "");
	else if (o->pipeline > 1 && o->rate == 0)
		fprintf(out, ", pipeline of %s",
		    units_format_count(o->pipeline, text));
	if (o->reconnect > 0)
		fprintf(out, ", %s round trip%s on each",
		    units_format_count(o->reconnect, text),
		    units_plural(o->reconnect));
	if (o->connect_rate > 0)
		fprintf(out, ", at most %s connect%s per second",
		    units_format_count(o->connect_rate, text),
		    units_plural(o->connect_rate));
	if (o->resume_percent > 0)
		fprintf(out, " with session tickets");
	if (o->resume_percent > 0 && o->resume_percent < 100)
		fprintf(out, " on %" PRIu64 " %% of them", o->resume_percent);
}

/* So that a report alone says how to make it again. */
static void
print_load(FILE *out, const struct options *o)
{
	char connections[UNITS_TEXT], length[UNITS_TEXT];

	fprintf(out, "Target: %s\n", o->target);
	if (part_is_given(&o->part))
		fprintf(
		    out, "Part: %u of %u\n", o->part.index + 1, o->part.count);
	fprintf(out, "Load: %s connection%s, %" PRIu64 " worker%s",
	    units_format_count(o->connections, connections),
	    units_plural(o->connections), o->workers, units_plural(o->workers));
	print_kind(out, o);
	print_size(out, o);
	if (o->warmup_ns > 0)
		fprintf(out, ", warmup %s not counted",
		    units_format_duration(o->warmup_ns, length));
	if (o->duration_ns > 0)
		fprintf(out, ", for %s\n",
		    units_format_duration(o->duration_ns, length));
	else
		fprintf(out, ", until %s %s%s\n",
		    units_format_count(o->round_trips, length),
		    o->handshakes ? "transaction" : "round trip",
		    units_plural(o->round_trips));
}

/* A server that gives no tickets must not look like a slow one. */
static void
print_tickets(FILE *out, const struct tally *t)
{
	uint64_t offered = tally_get(t, TALLY_TICKETS_OFFERED);
	uint64_t refused = tally_get(t, TALLY_TICKETS_REFUSED);
	char text[UNITS_TEXT];

	if (tally_get(t, TALLY_TICKETS) == 0) {
		fprintf(out,
		    "Session tickets: none, so nothing could be resumed\n");
		return;
	}
	fprintf(out, "Session tickets: offered %s",
	    units_format_count(offered, text));
	fprintf(out, ", resumed %s",
	    units_format_count(tally_stat(t, STATS_HANDSHAKES_RESUMED), text));
	if (refused > 0)
		fprintf(out, "; %s were refused, and the handshakes full",
		    units_format_count(refused, text));
	fputc('\n', out);
}

static void
print_handshakes(FILE *out, const struct report *r)
{
	const struct tally *t = r->totals;
	uint64_t all = tally_stat(t, STATS_HANDSHAKES_COMPLETED);
	uint64_t resumed = tally_stat(t, STATS_HANDSHAKES_RESUMED);
	char text[UNITS_TEXT];

	print_count(out, "Handshakes", all);
	if (!options_reopen(r->options))
		return;
	print_count(out, "Handshakes in full", all - resumed);
	fprintf(out, "Handshakes resumed: %s (%.1f %%)\n",
	    units_format_count(resumed, text), report_resumed_percent(r));
	if (r->options->resume_percent > 0)
		print_tickets(out, t);
}

static void
print_negotiated(FILE *out, const struct report *r)
{
	const struct tally *t = r->totals;
	bool asks = r->options->alpn[0] != NULL;
	const struct negotiated_params *p;
	char count[UNITS_TEXT];

	for (unsigned i = 0; (p = negotiated_nth(&t->negotiated, i)); i++)
		fprintf(out,
		    "Negotiated: %s, %s, group %s (%spost-quantum), signature "
		    "%s%s%s: %s connection%s\n",
		    p->version, p->suite, p->group,
		    p->is_post_quantum ? "" : "not ", p->signature,
		    asks ? ", application protocol " : "", asks ? p->alpn : "",
		    units_format_count(p->connections, count),
		    units_plural(p->connections));
}

static void
print_if_any(FILE *out, const char *name, uint64_t value)
{
	if (value > 0)
		print_count(out, name, value);
}

/* What was asked for is what was made, failed, or was not made. */
static void
print_connections(FILE *out, const struct report *r)
{
	const struct tally *t = r->totals;

	print_count(out, "Connections asked for", report_asked(r));
	print_count(out, "Connections made", tally_get(t, TALLY_MADE));
	print_if_any(out, "Connections refused as expected",
	    tally_get(t, TALLY_REFUSED));
	print_count(out, "Connections failed", tally_get(t, TALLY_FAILED));
	print_if_any(out, "Connections not made", report_not_made(r));
	print_count(out, "Connections lost", tally_get(t, TALLY_BROKEN));
	print_if_any(out, "Connections cut off", r->cut_off);
}

/* What was begun is what was completed, failed, or was not completed. */
static void
print_begun(FILE *out, const struct report *r)
{
	const struct tally *t = r->totals;
	uint64_t over = tally_get(t, TALLY_TRANSACTIONS) +
	    tally_get(t, TALLY_REFUSED) + tally_all_errors(t);

	print_count(out, "Transactions begun", report_asked(r));
	print_if_any(out, "Transactions refused as expected",
	    tally_get(t, TALLY_REFUSED));
	print_count(out, "Transactions failed", tally_all_errors(t));
	print_if_any(out, "Transactions not completed",
	    report_asked(r) > over ? report_asked(r) - over : 0);
}

static void
print_rate(FILE *out, const struct report *r)
{
	print_count(out, "Intended", tally_get(r->totals, TALLY_DUE));
	print_count(out, "Started", tally_get(r->totals, TALLY_STARTED));
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
	char count[UNITS_TEXT];
	char text[UNITS_TEXT];

	fprintf(out, "Round trips: %s in %s\n",
	    units_format_count(round_trips, count),
	    units_format_duration(r->elapsed_ns, text));
	if (!r->options->idle)
		fprintf(out, "Round trips per second: %s (%s per connection)\n",
		    units_format_rate(rate, count),
		    units_format_rate(
			rate / (double)r->options->connections, text));
	print_cpu(out, r, "round trip", round_trips);
}

static void
print_transactions(FILE *out, const struct report *r)
{
	uint64_t transactions = tally_get(r->totals, TALLY_TRANSACTIONS);
	char count[UNITS_TEXT];
	char text[UNITS_TEXT];

	fprintf(out, "Transactions: %s in %s\n",
	    units_format_count(transactions, count),
	    units_format_duration(r->elapsed_ns, text));
	fprintf(out, "Transactions per second: %s\n",
	    units_format_rate(report_rate(r, transactions), text));
	print_cpu(out, r, "transaction", transactions);
}

static void
print_bytes(FILE *out, const struct report *r, const char *name, uint64_t bytes)
{
	uint64_t rate = (uint64_t)report_rate(r, bytes);
	char count[UNITS_TEXT];
	char text[UNITS_TEXT];

	fprintf(out, "%s: %s (%s/s)\n", name, units_format_count(bytes, count),
	    units_format_bytes(rate, text));
}

static void
print_traffic(FILE *out, const struct report *r)
{
	const struct tally *t = r->totals;

	print_count(
	    out, "Read operations", tally_stat(t, STATS_READ_OPERATIONS));
	print_count(
	    out, "Write operations", tally_stat(t, STATS_WRITE_OPERATIONS));
	print_bytes(
	    out, r, "Bytes received", tally_stat(t, STATS_BYTES_RECEIVED));
	print_bytes(out, r, "Bytes sent", tally_stat(t, STATS_BYTES_SENT));
}

static void
print_first_failure(FILE *out, const struct tally_failure *f)
{
	if (f->time_ns == 0)
		return;
	fprintf(out, "First failure: connection %u (worker %u): %s",
	    f->connection, f->worker, report_reason(f->reason));
	fprintf(out, "%s%s\n", f->detail[0] != '\0' ? ": " : "", f->detail);
}

static void
print_alerts(FILE *out, const struct tally *t)
{
	char name[TLS_ALERT_TEXT];
	char count[UNITS_TEXT];

	for (int i = 0; i < TLS_ALERTS; i++)
		if (tally_alerts(t, (uint8_t)i) > 0)
			fprintf(out, "    alert \"%s\": %s\n",
			    tls_alert_name((uint8_t)i, name),
			    units_format_count(
				tally_alerts(t, (uint8_t)i), count));
}

static void
print_errors(FILE *out, const struct report *r)
{
	const struct tally *t = r->totals;
	char text[UNITS_TEXT];

	print_count(out, "Errors", tally_all_errors(t) + r->workers_died);
	for (enum close_reason i = 0; i < REASON_COUNT; i++)
		if (tally_errors(t, i) > 0)
			fprintf(out, "  %s: %s\n", report_reason(i),
			    units_format_count(tally_errors(t, i), text));
	print_alerts(out, t);
	if (r->workers_died > 0)
		fprintf(out, "  workers died: %u (%s)\n", r->workers_died,
		    r->first_death.text);
	print_first_failure(out, &t->first);
	if (t->refused[0] != '\0')
		fprintf(out, "First refused server: %s", t->refused);
	report_print_mismatch(out, r);
}

static void
print_invalidity(FILE *out, const struct report *r)
{
	struct errmsg why[REPORT_REASONS];
	unsigned count = report_why_invalid(r, why);

	for (unsigned i = 0; i < count; i++)
		fprintf(out, "INVALID: %s.\n", why[i].text);
}

/* With one address these are errors, and told as such. */
static void
print_addresses(FILE *out, const struct report *r)
{
	const struct addr_list *addrs = r->addrs;
	char address[ADDR_TEXT];
	char count[UNITS_TEXT];

	for (int i = 0; addrs->count > 1 && i < addrs->count; i++) {
		uint64_t n = counter_get(&r->totals->unanswered[i]);

		if (n > 0)
			fprintf(out, "No answer from %s: %s connect%s\n",
			    addr_format(&addrs->of[i], address),
			    units_format_count(n, count), units_plural(n));
	}
}

static void
print_done(FILE *out, const struct report *r)
{
	if (r->options->handshakes)
		print_begun(out, r);
	else
		print_connections(out, r);
	print_if_any(out, "No answer to close_notify",
	    tally_get(r->totals, TALLY_UNANSWERED));
	print_if_any(out, "Answer to close_notify only at FIN",
	    tally_get(r->totals, TALLY_HURRIED));
	print_handshakes(out, r);
	if (r->options->rate > 0)
		print_rate(out, r);
	if (r->options->handshakes)
		print_transactions(out, r);
	else
		print_round_trips(out, r);
}

void
report_text_print(FILE *out, const struct report *r)
{
	print_load(out, r->options);
	print_negotiated(out, r);
	print_addresses(out, r);
	print_done(out, r);
	report_print_identities(out, r);
	report_print_strangers(out, r);
	print_traffic(out, r);
	print_errors(out, r);
	latency_text_print(out, r);
	report_print_server(out, r);
	if (r->options->rate == 0 && report_is_saturated(r))
		fprintf(out,
		    "Client saturated: a worker used %.0f %% of a CPU; "
		    "the server may be faster: use more --workers.\n",
		    100 * r->busiest);
	goals_print(out, r);
	print_invalidity(out, r);
	if (r->interrupted)
		fprintf(out, "Interrupted by a signal.\n");
	if (r->search != NULL)
		curve_print_result(out, r->search);
}
