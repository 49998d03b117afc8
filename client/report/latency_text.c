/* latency_text: a table, and what its figures hide; see the header. */
#include "client/report/latency_text.h"

#include "client/options.h"
#include "client/report/latency_table.h"
#include "client/report/report.h"
#include "client/tally.h"
#include "common/base/clock.h"
#include "common/base/units.h"

/* Less is no matter for a sentence. */
static const int64_t difference_min_ns = CLOCK_NS_PER_MS;
static const int64_t stall_min_ns = 20 * CLOCK_NS_PER_MS;

/* The histogram of what the load is made of. */
static const struct hist *
responses(const struct report *r)
{
	return &r->totals
		    ->hists[r->options->handshakes ? TALLY_HIST_TRANSACTION
						   : TALLY_HIST_ROUND_TRIP];
}

/*
 * Response time is waiting and service time; a tenth may be chance. Where this
 * client was late itself, nothing follows for the server.
 */
static void
explain_open_loop(FILE *out, const struct report *r)
{
	int64_t response_ns = (int64_t)hist_quantile(responses(r), 0.99);
	int64_t service_ns =
	    (int64_t)hist_quantile(&r->totals->hists[TALLY_HIST_SERVICE], 0.99);
	const char *what = r->options->handshakes ? "Transactions" : "Messages";
	char response[UNITS_TEXT];
	char service[UNITS_TEXT];

	if (response_ns - service_ns < difference_min_ns ||
	    response_ns - service_ns < response_ns / 10 || report_is_behind(r))
		return;
	fprintf(out,
	    "%s waited: p99 is %s since they were due, and %s since they could "
	    "begin; the server was slower than they came, or stood still.\n",
	    what, units_format_duration(response_ns, response),
	    units_format_duration(service_ns, service));
}

/* A stall meets as many as there are connections, and no others are begun. */
static void
explain_closed_loop(FILE *out, const struct report *r)
{
	int64_t p99_ns = (int64_t)hist_quantile(responses(r), 0.99);
	int64_t max_ns = (int64_t)hist_max(responses(r));
	char p99[UNITS_TEXT];
	char max[UNITS_TEXT];

	if (max_ns < stall_min_ns || max_ns / 10 < p99_ns)
		return;
	fprintf(out,
	    "Closed loop: one took %s, though p99 is %s: while something "
	    "stands still nothing is begun, so that quantiles hide it; --rate "
	    "shows what users see.\n",
	    units_format_duration(max_ns, max),
	    units_format_duration(p99_ns, p99));
}

void
latency_text_print(FILE *out, const struct report *r)
{
	latency_table_print(out, r->totals);
	if (r->options->rate > 0)
		explain_open_loop(out, r);
	else if (!r->options->idle)
		explain_closed_loop(out, r);
}
