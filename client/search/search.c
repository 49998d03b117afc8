/* search: steps as the plan says; see the header. */
#include "client/search/search.h"

#include <math.h>
#include <string.h>

#include "client/identities/outcomes.h"
#include "client/job.h"
#include "client/master/master.h"
#include "client/report/goals.h"
#include "client/report/report.h"
#include "client/report/series.h"
#include "client/search/plan.h"
#include "client/tally.h"
#include "common/base/clock.h"
#include "common/base/units.h"

static const double first_rate = 1000;
static const double first_handshakes = 50;

/* In the fewest digits that say it. */
static void
set_rate(struct options *o, double rate)
{
	for (unsigned d = 0; d <= OPTIONS_RATE_DECIMALS; d++) {
		o->rate_decimals = d;
		o->rate =
		    (uint64_t)llround(rate * (double)units_power_of_10(d));
		if (fabs(options_rate(o) - rate) < 1e-9 * rate)
			break;
	}
	if (o->rate == 0)
		o->rate = 1; /* 0 would be a closed loop */
}

/* Until as many are due as the goals' quantiles need. */
static int64_t
enough_ns(const struct goals *goals, double rate)
{
	uint64_t needed = 0;

	for (unsigned i = 0; i < goals->count; i++)
		if (goal_values_needed(&goals->of[i]) > needed)
			needed = goal_values_needed(&goals->of[i]);
	return (int64_t)(1e9 * (double)needed / rate);
}

/* The one that confirms is longer; late answers end no later than that. */
static int
run_step(struct search *s, const struct job *job, double rate, bool confirms,
    struct report *r, struct errmsg *e)
{
	const struct options *asked = job->options;
	struct job step = *job;

	s->step = *asked;
	s->step.quiet = true;
	set_rate(&s->step, rate);
	if (s->step.duration_ns < enough_ns(&asked->goals, rate))
		s->step.duration_ns = enough_ns(&asked->goals, rate);
	if (confirms)
		s->step.duration_ns += s->step.duration_ns * 3 / 2;
	if (s->step.timeout_ns > 2 * s->step.duration_ns)
		s->step.timeout_ns = 2 * s->step.duration_ns;
	step.options = &s->step;
	tally_reset(job->tallies, 2 * (unsigned)asked->workers);
	tally_reset(job->totals, 1);
	if (job->outcomes != NULL)
		outcomes_reset(job->outcomes);
	series_free(&r->series);
	return master_run(&step, r, e);
}

/* The texts of the goals that were missed. */
static void
list_missed(const struct report *r, char why[static CURVE_WHY])
{
	const struct goals *goals = &r->options->goals;
	size_t used = 0;

	for (unsigned i = 0; i < goals->count && used < CURVE_WHY; i++)
		if (!goals_is_met(r, &goals->of[i]))
			used += (size_t)snprintf(why + used, CURVE_WHY - used,
			    "%s%s", used > 0 ? ", " : "", goals->of[i].text);
}

static enum curve_verdict
judge(const struct report *r, char why[static CURVE_WHY])
{
	struct errmsg reasons[REPORT_REASONS];
	bool is_behind = report_is_behind(r);
	int64_t limit_ns = r->options->late_limit_ns;
	char limit[UNITS_TEXT];

	why[0] = '\0';
	if (is_behind && report_is_saturated(r))
		(void)strcpy(why, "its CPU is busy");
	else if (is_behind)
		(void)snprintf(why, CURVE_WHY,
		    "late by more than %s itself (--late-limit)",
		    units_format_duration(limit_ns, limit));
	else if (goals_count_missed(r) > 0)
		list_missed(r, why);
	else if (report_why_invalid(r, reasons) > 0)
		(void)snprintf(
		    why, CURVE_WHY, "%.*s", CURVE_WHY - 1, reasons[0].text);
	if (is_behind)
		return CURVE_CLIENT;
	return why[0] != '\0' ? CURVE_MISSED : CURVE_HELD;
}

/* One step, and once more if that may have been a passing disturbance. */
static int
try_rate(struct search *s, const struct job *job, struct plan *plan, FILE *out,
    struct report *r, struct errmsg *e)
{
	double rate = plan_next(plan);
	const struct curve_step *step = NULL;
	char why[CURVE_WHY];

	for (int attempt = 0; attempt < 2; attempt++) {
		if (run_step(s, job, rate, plan->confirms, r, e) < 0)
			return -1;
		if (r->interrupted)
			s->curve.end = CURVE_INTERRUPTED;
		else if (report_status(r) == REPORT_FAILED)
			s->curve.end = CURVE_FAILED;
		if (s->curve.end != CURVE_FOUND)
			return 0;
		step =
		    curve_add(&s->curve, r, judge(r, why), plan->confirms, why);
		if (step == NULL)
			return 0;
		curve_print_step(out, step);
		(void)fflush(out);
		if (!curve_is_doubtful(step))
			break;
	}
	plan_tell(plan, step->verdict == CURVE_HELD, step->made);
	return 0;
}

static void
begin_plan(struct plan *plan, const struct options *o)
{
	double start = o->handshakes ? first_handshakes : first_rate;
	double least = OPTIONS_STEP_MIN * 1e9 / (double)o->duration_ns;
	double most = OPTIONS_RATE_MAX;

	if (o->rate > 0)
		start = most = options_rate(o);
	plan_init(plan, start, most, least < most ? least : most);
}

int
search_run(struct search *s, const struct job *job, FILE *out, struct report *r,
    struct errmsg *e)
{
	struct plan plan;
	int result = 0;

	s->curve = (struct curve){ .end = CURVE_FOUND };
	begin_plan(&plan, job->options);
	curve_print_head(out);
	(void)fflush(out);
	while (result == 0 && s->curve.end == CURVE_FOUND &&
	    s->curve.count < CURVE_STEPS && plan_next(&plan) > 0)
		result = try_rate(s, job, &plan, out, r, e);
	s->curve.found = plan.found;
	if (s->curve.end == CURVE_FOUND && plan.found <= 0)
		s->curve.end = CURVE_NONE;
	r->search = &s->curve;
	fputc('\n', out);
	return result;
}
