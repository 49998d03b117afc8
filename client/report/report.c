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

/* Failures hold connections, or let them rest, whatever their number. */
static bool
has_failures(const struct report *r)
{
	return tally_all_errors(r->totals) > 0;
}

/*
 * A signal, and connections or workers that are lost, leave some out, too; that
 * is no matter of speed.
 */
static int
check_given_up(const struct report *r, struct errmsg *why)
{
	uint64_t due = tally_get(r->totals, TALLY_DUE);
	uint64_t left = due - tally_get(r->totals, TALLY_STARTED);
	char left_text[UNITS_TEXT];
	char due_text[UNITS_TEXT];

	if (left == 0 || r->interrupted || r->workers_died > 0 ||
	    (!r->options->handshakes && has_failures(r)))
		return 0;
	return errmsg_set(why,
	    "%s of %s %s that were due could not begin, not even in the time "
	    "of --grace",
	    units_format_count(left, left_text),
	    units_format_count(due, due_text),
	    r->options->handshakes ? "transactions" : "round trips");
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

/* Mostly no matter of speed: long transactions need more connections. */
static int
check_crowding(const struct report *r, struct errmsg *why)
{
	uint64_t crowded = tally_get(r->totals, TALLY_CROWDED);
	char text[UNITS_TEXT];

	if (crowded == 0)
		return 0;
	return errmsg_set(why,
	    "%s transaction%s found all -c connections in use: %s",
	    units_format_count(crowded, text), units_plural(crowded),
	    has_failures(r) ? "others that failed had them, see the errors"
			    : "raise -c");
}

/* The weightiest first. */
static int (*const checks[REPORT_REASONS])(
    const struct report *, struct errmsg *) = { check_given_up,
	check_saturation, check_lateness, check_crowding };

unsigned
report_why_invalid(
    const struct report *r, struct errmsg why[static REPORT_REASONS])
{
	unsigned count = 0;

	for (int i = 0; r->options->rate != 0 && i < REPORT_REASONS; i++)
		if (checks[i](r, &why[count]) < 0)
			count++;
	return count;
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
report_is_valid(const struct report *r)
{
	struct errmsg why[REPORT_REASONS];

	return report_why_invalid(r, why) == 0;
}

enum report_status
report_status(const struct report *r)
{
	if (!report_is_good(r) && !only_failed_itself(r))
		return REPORT_FAILED;
	return report_is_valid(r) ? REPORT_OK : REPORT_INVALID;
}

static const char *
unit_of(const struct report *r)
{
	return r->options->handshakes ? "transactions" : "connections";
}

/* The first stands for all, but it says so if others were different. */
static void
explain_errors(const struct report *r, struct errmsg *why)
{
	const struct tally_failure *first = &r->totals->first;
	uint64_t all = tally_all_errors(r->totals);
	bool alike = tally_errors(r->totals, first->reason) == all;
	char count[UNITS_TEXT];
	char asked[UNITS_TEXT];

	(void)errmsg_set(why, "%s of %s %s failed: %s%s%s%s",
	    units_format_count(all, count),
	    units_format_count(report_asked(r), asked), unit_of(r),
	    report_reason(first->reason), first->detail[0] != '\0' ? ": " : "",
	    first->detail, alike ? "" : " (and other errors)");
}

static void
explain_failure(const struct report *r, struct errmsg *why)
{
	uint64_t not_made = report_not_made(r);
	char count[UNITS_TEXT];
	char asked[UNITS_TEXT];

	if (r->workers_died > 0)
		(void)errmsg_set(why, "%u worker%s of this client died: %s",
		    r->workers_died, units_plural(r->workers_died),
		    r->first_death.text);
	else if (tally_all_errors(r->totals) > 0)
		explain_errors(r, why);
	else if (r->cut_off > 0)
		(void)errmsg_set(why, "%s connection%s cut off by a signal",
		    units_format_count(r->cut_off, count),
		    r->cut_off == 1 ? " was" : "s were");
	else
		(void)errmsg_set(why, "%s of %s %s were not made",
		    units_format_count(not_made, count),
		    units_format_count(report_asked(r), asked), unit_of(r));
}

static void
explain_invalidity(const struct report *r, struct errmsg *why)
{
	struct errmsg reasons[REPORT_REASONS];
	unsigned count = report_why_invalid(r, reasons);

	(void)errmsg_set(why, "the run is invalid: %s%s", reasons[0].text,
	    count > 1 ? " (and other reasons)" : "");
}

enum report_status
report_explain(const struct report *r, struct errmsg *why)
{
	enum report_status status = report_status(r);

	if (status == REPORT_FAILED)
		explain_failure(r, why);
	else if (status == REPORT_INVALID)
		explain_invalidity(r, why);
	return status;
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
