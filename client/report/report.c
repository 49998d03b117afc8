/* report: what follows from a run's totals; see the header. */
#include "client/report/report.h"

#include <inttypes.h>

#include "client/options.h"
#include "client/report/curve.h"
#include "client/report/goals.h"
#include "client/report/report_identities.h"
#include "client/report/report_server.h"
#include "client/tally.h"
#include "common/base/units.h"

/* At this share of a CPU a generator's figures are about itself. */
static const double busiest_max = 0.95;

/* Failures hold connections, or let them rest, whatever their number. An alert
 * to an identity of which something else was expected is a finding. */
static bool
has_failures(const struct report *r)
{
	return tally_all_errors(r->totals) > r->sum.refused_otherwise;
}

/* What the warm-up did is in no figure. */
static bool
ended_in_warmup(const struct report *r)
{
	return r->interrupted && r->options->warmup_ns > 0 &&
	    report_done(r) == 0;
}

bool
report_is_good(const struct report *r)
{
	return r->workers_died == 0 && r->cut_off == 0 && !has_failures(r) &&
	    report_not_made(r) == 0 && !ended_in_warmup(r) &&
	    report_asked(r) > 0;
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

	if (left == 0 || r->interrupted || r->lost.text[0] != '\0' ||
	    r->workers_died > 0 || (!r->options->handshakes && has_failures(r)))
		return 0;
	return errmsg_set(why,
	    "%s of %s %s that were due could not begin, not even in the time "
	    "of --grace",
	    units_format_count(left, left_text),
	    units_format_count(due, due_text),
	    r->options->handshakes ? "transactions" : "round trips");
}

/*
 * Response times count from the moment at which a message is due, so that a
 * generator that is late makes them longer: a step of a search that meets the
 * goals would have met them without that as well.
 */
static bool
has_held_anyway(const struct report *r)
{
	return r->options->find_rate && goals_count_missed(r) == 0;
}

/* Nor would a step have met them that took ten times as long as that. */
static bool
has_missed_anyway(const struct report *r, int64_t late_ns)
{
	return r->options->find_rate &&
	    (int64_t)hist_quantile(report_response(r), 0.99) / 10 > late_ns;
}

static int
check_lateness(const struct report *r, struct errmsg *why)
{
	int64_t p99_ns = (int64_t)hist_quantile(
	    &r->totals->hists[TALLY_HIST_LATENESS], 0.99);
	char is[UNITS_TEXT];
	char limit[UNITS_TEXT];

	if (p99_ns <= r->options->late_limit_ns || has_held_anyway(r) ||
	    has_missed_anyway(r, p99_ns))
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
	if (!report_is_saturated(r) || has_held_anyway(r))
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

static int
check_untried(const struct report *r, struct errmsg *why)
{
	unsigned untried = r->sum.identities - r->sum.tried;
	char left[UNITS_TEXT];
	char all[UNITS_TEXT];

	if (untried == 0 || r->options->expect == NULL)
		return 0;
	return errmsg_set(why,
	    "%s of %s identities were never tried: the run was too short",
	    units_format_count(untried, left),
	    units_format_count(r->sum.identities, all));
}

/* The weightiest first; in a closed loop nothing is due. */
static const struct {
	int (*check)(const struct report *, struct errmsg *);
	bool of_open_loop;
} checks[] = {
	{ check_given_up, true },
	{ check_saturation, true },
	{ check_lateness, true },
	{ check_crowding, true },
	{ check_untried, false },
	{ report_check_server, false },
};

unsigned
report_why_invalid(
    const struct report *r, struct errmsg why[static REPORT_REASONS])
{
	unsigned count = 0;

	if (r->lost.text[0] != '\0')
		why[count++] = r->lost;
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		if ((r->options->rate != 0 || !checks[i].of_open_loop) &&
		    checks[i].check(r, &why[count]) < 0)
			count++;
	return count;
}

/* A generator that is starts round trips long after they are due. */
bool
report_is_behind(const struct report *r)
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
	    report_is_behind(r);
}

bool
report_is_valid(const struct report *r)
{
	struct errmsg why[REPORT_REASONS];

	return report_why_invalid(r, why) == 0;
}

/* Its last run says why it failed; otherwise what it found counts. */
static enum report_status
search_status(const struct curve *search)
{
	const struct curve_step *limit = curve_limit(search);

	if (search->end == CURVE_INTERRUPTED || search->end == CURVE_FAILED)
		return REPORT_FAILED;
	if (limit != NULL && limit->verdict == CURVE_CLIENT)
		return REPORT_INVALID;
	return search->end == CURVE_FOUND ? REPORT_OK : REPORT_MISSED;
}

enum report_status
report_status(const struct report *r)
{
	if (r->search != NULL)
		return search_status(r->search);
	if (r->lost.text[0] != '\0')
		return REPORT_INVALID;
	if (!report_is_good(r) && !only_failed_itself(r) &&
	    !goals_judge_errors(r))
		return REPORT_FAILED;
	if (r->sum.differed > 0)
		return REPORT_MISSED;
	if (!report_is_valid(r))
		return REPORT_INVALID;
	if (goals_count_missed(r) > 0)
		return REPORT_MISSED;
	return goals_count(r, GOAL_UNKNOWN) > 0 ? REPORT_INVALID : REPORT_OK;
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

	(void)errmsg_set(why, "%s of %s %s%s failed: %s%s%s%s",
	    units_format_count(all, count),
	    units_format_count(report_asked(r), asked), unit_of(r),
	    options_have_certificate(r->options) ? ""
						 : " without a certificate",
	    report_reason(first->reason), first->detail[0] != '\0' ? ": " : "",
	    first->detail, alike ? "" : " (and other errors)");
}

/* It ended the run, so it comes before all others. */
static void
explain_mismatch(const struct mismatch *m, struct errmsg *why)
{
	char offset[UNITS_TEXT];

	(void)errmsg_set(why,
	    "echo differs from what was sent: connection %u, offset %s%s%s",
	    m->connection, units_format_count(m->stream_offset, offset),
	    m->looks_like[0] != '\0' ? ": it looks like " : "", m->looks_like);
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
	else if (r->totals->mismatch.time_ns != 0)
		explain_mismatch(&r->totals->mismatch, why);
	else if (tally_all_errors(r->totals) > 0)
		explain_errors(r, why);
	else if (r->cut_off > 0)
		(void)errmsg_set(why, "%s connection%s cut off by a signal",
		    units_format_count(r->cut_off, count),
		    r->cut_off == 1 ? " was" : "s were");
	else if (not_made == 0 && ended_in_warmup(r))
		(void)errmsg_set(why,
		    "a signal ended the run within --warmup: nothing was "
		    "measured");
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

	if (r->search != NULL && r->search->end != CURVE_FAILED)
		curve_explain(r->search, why);
	else if (status == REPORT_FAILED)
		explain_failure(r, why);
	else if (status == REPORT_INVALID && report_is_valid(r))
		goals_explain(r, GOAL_UNKNOWN, why);
	else if (status == REPORT_INVALID)
		explain_invalidity(r, why);
	else if (r->sum.differed > 0)
		report_explain_difference(r, why);
	else if (status == REPORT_MISSED)
		goals_explain(r, GOAL_MISSED, why);
	return status;
}

uint64_t
report_done(const struct report *r)
{
	return tally_get(r->totals,
	    r->options->handshakes ? TALLY_TRANSACTIONS : TALLY_ROUND_TRIPS);
}

const struct hist *
report_response(const struct report *r)
{
	return &r->totals
		    ->hists[r->options->handshakes ? TALLY_HIST_TRANSACTION
						   : TALLY_HIST_ROUND_TRIP];
}

uint64_t
report_asked(const struct report *r)
{
	return options_reopen(r->options) ? tally_get(r->totals, TALLY_ASKED)
					  : r->options->connections;
}

uint64_t
report_not_made(const struct report *r)
{
	uint64_t known = tally_get(r->totals, TALLY_MADE) +
	    tally_get(r->totals, TALLY_REFUSED) +
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
