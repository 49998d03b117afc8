/* report: what follows from the totals; see the header. */
#include "client/report.h"

#include <inttypes.h>

#include "client/options.h"
#include "client/tally.h"
#include "common/units.h"

/* Above, and below, a generator's figures are about itself. */
static const double busiest_max = 0.95;
static const double in_time_min = 0.99;

bool
report_is_good(const struct report *r)
{
	return r->workers_died == 0 && r->cut_off == 0 &&
	    tally_all_errors(r->totals) == 0 &&
	    tally_get(r->totals, TALLY_MADE) == report_asked(r) &&
	    report_asked(r) > 0;
}

static int
check_lateness(const struct report *r, struct errmsg *why)
{
	int64_t p99_ns = (int64_t)hist_quantile(&r->totals->lateness, 0.99);
	char is[UNITS_TEXT];
	char limit[UNITS_TEXT];

	if (p99_ns <= r->options->late_limit_ns)
		return 0;
	return errmsg_set(why,
	    "the generator was late: p99 of its lateness is %s, --late-limit "
	    "is %s",
	    units_format_duration(p99_ns, is),
	    units_format_duration(r->options->late_limit_ns, limit));
}

static int
check_saturation(const struct report *r, struct errmsg *why)
{
	const struct tally *t = r->totals;
	uint64_t due = tally_get(t, TALLY_DUE);
	double in_time = (double)tally_get(t, TALLY_STARTED_IN_TIME);

	if (r->busiest >= busiest_max)
		return errmsg_set(why,
		    "the generator was saturated: a worker used %.0f %% of a "
		    "CPU; use more --workers",
		    100 * r->busiest);
	if (tally_get(t, TALLY_CROWDED) > 0)
		return errmsg_set(why,
		    "the generator was saturated: %" PRIu64
		    " visits found all connections in use; use more "
		    "--connections",
		    tally_get(t, TALLY_CROWDED));
	if (tally_all_errors(t) == 0 && in_time < in_time_min * (double)due)
		return errmsg_set(why,
		    "the generator was late: only %.1f %% were started before "
		    "the end",
		    100 * in_time / (double)due);
	return 0;
}

bool
report_is_valid(const struct report *r, struct errmsg *why)
{
	return r->options->rate == 0 ||
	    (check_lateness(r, why) == 0 && check_saturation(r, why) == 0);
}

enum report_status
report_status(const struct report *r)
{
	struct errmsg why;

	if (!report_is_good(r))
		return REPORT_FAILED;
	return report_is_valid(r, &why) ? REPORT_OK : REPORT_INVALID;
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
