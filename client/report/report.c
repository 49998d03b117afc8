/* report: what follows from a run's totals; see the header. */
#include "client/report/report.h"

#include <inttypes.h>

#include "client/options.h"
#include "client/tally.h"
#include "common/base/units.h"

/* At this share of a CPU a generator's figures are about itself. */
static const double busiest_max = 0.95;

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

bool
report_is_saturated(const struct report *r)
{
	return r->busiest >= busiest_max;
}

static int
check_saturation(const struct report *r, struct errmsg *why)
{
	if (!report_is_saturated(r))
		return 0;
	return errmsg_set(why,
	    "the generator was saturated: a worker used %.0f %% of a "
	    "CPU; use more --workers",
	    100 * r->busiest);
}

/* That is no matter of speed: long transactions need more connections. */
static int
check_crowding(const struct report *r, struct errmsg *why)
{
	uint64_t crowded = tally_get(r->totals, TALLY_CROWDED);

	if (crowded == 0)
		return 0;
	return errmsg_set(why,
	    "%" PRIu64
	    " transaction%s found all -c connections in use: raise -c",
	    crowded, units_plural(crowded));
}

/* A generator that is starts round trips long after they are due. */
static bool
is_behind(const struct report *r)
{
	struct errmsg why;

	return r->options->rate != 0 &&
	    (check_lateness(r, &why) < 0 || check_saturation(r, &why) < 0);
}

/* Nothing but round trips failed, by their timeout, and we were behind. */
static bool
only_failed_itself(const struct report *r)
{
	const struct tally *t = r->totals;

	return r->workers_died == 0 && r->cut_off == 0 &&
	    report_not_made(r) == 0 && tally_all_errors(t) > 0 &&
	    tally_errors(t, REASON_ROUND_TRIP_TIMEOUT) == tally_all_errors(t) &&
	    is_behind(r);
}

bool
report_is_valid(const struct report *r, struct errmsg *why)
{
	return r->options->rate == 0 ||
	    (check_lateness(r, why) == 0 && check_saturation(r, why) == 0 &&
		check_crowding(r, why) == 0);
}

enum report_status
report_status(const struct report *r)
{
	struct errmsg why;

	if (!report_is_good(r) && !only_failed_itself(r))
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
report_reason(enum close_reason reason)
{
	return reason == REASON_CLOSED ? "closed by the server"
				       : close_reason_text(reason);
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
report_cpu_for_each(const struct report *r, uint64_t count)
{
	return count > 0
	    ? (double)tally_get(r->totals, TALLY_CPU_NS) / (double)count
	    : 0;
}
