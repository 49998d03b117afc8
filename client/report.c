/* report: what follows from the totals; see the header. */
#include "client/report.h"

#include "client/options.h"
#include "client/tally.h"

bool
report_is_good(const struct report *r)
{
	return r->workers_died == 0 && r->cut_off == 0 &&
	    tally_all_errors(r->totals) == 0 &&
	    tally_get(r->totals, TALLY_MADE) == r->options->connections;
}

uint64_t
report_not_made(const struct report *r)
{
	uint64_t known = tally_get(r->totals, TALLY_MADE) +
	    tally_get(r->totals, TALLY_FAILED);

	return known < r->options->connections ? r->options->connections - known
					       : 0;
}

const char *
report_cause(enum end cause)
{
	return cause == END_CLOSED ? "closed by the server" : ends_text(cause);
}

double
report_rate(const struct report *r)
{
	uint64_t round_trips = tally_get(r->totals, TALLY_ROUND_TRIPS);

	return r->elapsed_ns > 0
	    ? (double)round_trips / ((double)r->elapsed_ns / 1e9)
	    : 0;
}

double
report_cpu_per_round_trip(const struct report *r)
{
	uint64_t round_trips = tally_get(r->totals, TALLY_ROUND_TRIPS);

	return round_trips > 0
	    ? (double)tally_get(r->totals, TALLY_CPU_NS) / (double)round_trips
	    : 0;
}
