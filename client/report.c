/* report: what follows from the totals; see the header. */
#include "client/report.h"

#include "client/options.h"
#include "client/tally.h"

bool
report_is_good(const struct report *r)
{
	return r->workers_died == 0 && r->cut_off == 0 &&
	    tally_all_errors(r->totals) == 0 &&
	    tally_get(r->totals, TALLY_MADE) == report_asked(r) &&
	    report_asked(r) > 0;
}

uint64_t
report_asked(const struct report *r)
{
	return r->options->handshakes ? tally_get(r->totals, TALLY_ASKED)
				      : r->options->connections;
}

uint64_t
report_not_made(const struct report *r)
{
	uint64_t known = tally_get(r->totals, TALLY_MADE) +
	    tally_get(r->totals, TALLY_FAILED);

	return known < report_asked(r) ? report_asked(r) - known : 0;
}

const char *
report_cause(enum end cause)
{
	return cause == END_CLOSED ? "closed by the server" : ends_text(cause);
}

double
report_rate(const struct report *r, uint64_t count)
{
	return r->elapsed_ns > 0 ? (double)count / ((double)r->elapsed_ns / 1e9)
				 : 0;
}

double
report_resumed_percent(const struct report *r)
{
	uint64_t all = tally_stat(r->totals, STATS_HANDSHAKES_COMPLETED);

	return all > 0
	    ? 100.0 * (double)tally_stat(r->totals, STATS_HANDSHAKES_RESUMED) /
		(double)all
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
