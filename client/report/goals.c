/* goals: metrics of a report; see the header. */
#include "client/report/goals.h"

#include "client/options.h"
#include "client/report/report.h"
#include "client/tally.h"
#include "common/base/assertion.h"
#include "common/base/units.h"

enum {
	VALUES_TEXT = 2 * UNITS_TEXT + 32
};

static const char *const outcome_words[] = { [GOAL_MET] = "met",
	[GOAL_MISSED] = "missed",
	[GOAL_UNKNOWN] = "not measured" };

static const struct hist *
find_hist(const struct report *r, unsigned which)
{
	const struct tally *t = r->totals;

	if (which == GOAL_HIST_HANDSHAKE)
		return &t->shard.hists[STATS_HANDSHAKE_TIME];
	if (which == GOAL_HIST_RESPONSE)
		return report_response(r);
	ASSERT(which < TALLY_HISTS);
	return &t->hists[which];
}

/* A step of a search is long enough; if fewer came, its rate was too high. */
static uint64_t
values_needed(const struct report *r, const struct goal *g)
{
	return r->options->find_rate ? 1 : goal_values_needed(g);
}

static bool
measure_latency(const struct report *r, const struct goal *g, double *value)
{
	const struct hist *h = find_hist(r, g->hist);

	if (g->metric == GOAL_MEAN)
		*value = hist_mean(h);
	else if (g->metric == GOAL_MAX)
		*value = (double)hist_max(h);
	else
		*value = (double)hist_quantile(h, g->quantile);
	return hist_count(h) >= values_needed(r, g);
}

/* The share of all; false if there are none. */
static bool
measure_share(uint64_t part, double all, double *percent)
{
	*percent = all > 0 ? 100 * (double)part / all : 0;
	return all > 0;
}

bool
goals_measure(const struct report *r, const struct goal *g, double *value)
{
	uint64_t done = report_done(r);
	uint64_t errors = tally_all_errors(r->totals) + r->workers_died;

	switch (g->metric) {
	case GOAL_QUANTILE:
	case GOAL_MIN:
	case GOAL_MEAN:
	case GOAL_MAX:
		return measure_latency(r, g, value);
	case GOAL_RATE:
		*value = report_rate(r, done);
		return r->elapsed_ns > 0;
	case GOAL_KEPT:
		*value = 100 * report_rate(r, done) / options_rate(r->options);
		return r->elapsed_ns > 0;
	case GOAL_ERRORS:
		*value = (double)errors;
		return true;
	case GOAL_ERROR_RATE:
		return measure_share(errors, (double)report_asked(r), value);
	case GOAL_CPU:
		*value = report_cpu_for_each(r, done);
		return done > 0 && r->workers_died == 0;
	case GOAL_RESUMED:
		*value = report_resumed_percent(r);
		return tally_stat(r->totals, STATS_HANDSHAKES_COMPLETED) > 0;
	}
	return false;
}

/* A rate at which a search sees nothing done is too high. */
enum goal_outcome
goals_judge(const struct report *r, const struct goal *g)
{
	double value;

	if (!goals_measure(r, g, &value))
		return r->options->find_rate ? GOAL_MISSED : GOAL_UNKNOWN;
	return goal_is_met(g, value) ? GOAL_MET : GOAL_MISSED;
}

bool
goals_is_met(const struct report *r, const struct goal *g)
{
	return goals_judge(r, g) == GOAL_MET;
}

unsigned
goals_count(const struct report *r, enum goal_outcome outcome)
{
	const struct goals *goals = &r->options->goals;
	unsigned count = 0;

	for (unsigned i = 0; i < goals->count; i++)
		count += goals_judge(r, &goals->of[i]) == outcome;
	return count;
}

unsigned
goals_count_missed(const struct report *r)
{
	return goals_count(r, GOAL_MISSED);
}

bool
goals_judge_errors(const struct report *r)
{
	const struct goals *goals = &r->options->goals;

	return (goals_have(goals, GOAL_ERRORS) ||
		   goals_have(goals, GOAL_ERROR_RATE)) &&
	    r->workers_died == 0 && r->cut_off == 0 &&
	    report_not_made(r) == 0 && report_done(r) > 0;
}

/* "4 of at least 100 values": of what is missing; "" for other metrics. */
static const char *
format_values(
    const struct report *r, const struct goal *g, char text[VALUES_TEXT])
{
	char have[UNITS_TEXT];
	char needed[UNITS_TEXT];

	text[0] = '\0';
	if (goal_values_needed(g) > 0)
		(void)snprintf(text, VALUES_TEXT, "%s of at least %s value%s",
		    units_format_count(hist_count(find_hist(r, g->hist)), have),
		    units_format_count(goal_values_needed(g), needed),
		    units_plural(goal_values_needed(g)));
	return text;
}

static const char *
format(const struct report *r, const struct goal *g, char text[VALUES_TEXT])
{
	double value;

	if (!goals_measure(r, g, &value))
		return format_values(r, g, text);
	switch (g->unit) {
	case GOAL_NS:
		return units_format_duration((int64_t)value, text);
	case GOAL_COUNT:
		return units_format_count((uint64_t)value, text);
	case GOAL_PERCENT:
		(void)snprintf(text, UNITS_TEXT, "%.3g %%", value);
		return text;
	case GOAL_PER_SECOND:
		break;
	}
	return units_format_rate(value, text);
}

void
goals_explain(
    const struct report *r, enum goal_outcome outcome, struct errmsg *why)
{
	const struct goals *goals = &r->options->goals;
	size_t used;
	char text[VALUES_TEXT];
	unsigned told = 0;

	used = (size_t)snprintf(why->text, sizeof why->text,
	    "%u of %u goal%s %s: ", goals_count(r, outcome), goals->count,
	    units_plural(goals->count), outcome_words[outcome]);
	for (unsigned i = 0; i < goals->count; i++) {
		const struct goal *g = &goals->of[i];

		if (used >= sizeof why->text || goals_judge(r, g) != outcome)
			continue;
		used +=
		    (size_t)snprintf(why->text + used, sizeof why->text - used,
			"%s%s", told++ > 0 ? ", " : "", g->text);
		if (used < sizeof why->text && format(r, g, text)[0] != '\0')
			used += (size_t)snprintf(why->text + used,
			    sizeof why->text - used, " (%s)", text);
	}
}

static void
print_goal(FILE *out, const struct report *r, const struct goal *g)
{
	static const char *const words[] = { [GOAL_MET] = "met",
		[GOAL_MISSED] = "MISSED",
		[GOAL_UNKNOWN] = "NOT MEASURED" };
	bool is_known = goals_judge(r, g) != GOAL_UNKNOWN;
	char text[VALUES_TEXT];
	const char *figure = format(r, g, text);

	fprintf(out, "  %-20s %12s  %s%s%s\n", g->text, is_known ? figure : "-",
	    words[goals_judge(r, g)], is_known || figure[0] == '\0' ? "" : ": ",
	    is_known ? "" : figure);
}

void
goals_print(FILE *out, const struct report *r)
{
	const struct goals *goals = &r->options->goals;

	if (goals->count > 0)
		fprintf(out, "Goals:\n");
	for (unsigned i = 0; i < goals->count; i++)
		print_goal(out, r, &goals->of[i]);
}
