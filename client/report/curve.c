/* curve: rows of a table, and the last line; see the header. */
#include "client/report/curve.h"

#include "client/options.h"
#include "client/report/report.h"
#include "client/tally.h"
#include "common/base/units.h"

/* If at least this share of the rate was made, the server was not the limit. */
static const double kept_share = 0.98;

const struct curve_step *
curve_add(struct curve *c, const struct report *r, enum curve_verdict verdict,
    bool confirms, const char *why)
{
	const struct hist *response = report_response(r);
	uint64_t done = report_done(r);
	struct curve_step *s;

	if (c->count == CURVE_STEPS)
		return NULL;
	s = &c->steps[c->count++];
	*s = (struct curve_step){ .asked = options_rate(r->options),
		.made = report_rate(r, done),
		.p50_ns = (int64_t)hist_quantile(response, 0.5),
		.p99_ns = (int64_t)hist_quantile(response, 0.99),
		.service_p99_ns = (int64_t)hist_quantile(
		    &r->totals->hists[TALLY_HIST_SERVICE], 0.99),
		.cpu_ns = report_cpu_for_each(r, done),
		.verdict = verdict,
		.confirms = confirms };
	(void)snprintf(s->why, sizeof s->why, "%s", why);
	return s;
}

bool
curve_is_doubtful(const struct curve_step *step)
{
	return step->verdict == CURVE_CLIENT ||
	    (step->verdict == CURVE_MISSED && !step->confirms &&
		step->made >= kept_share * step->asked);
}

void
curve_print_head(FILE *out)
{
	fprintf(out, "%11s %11s %9s %9s %9s %9s  %s\n", "rate asked",
	    "rate made", "p50", "p99", "service", "CPU each", "verdict");
}

static void
print_duration(FILE *out, int64_t ns)
{
	char text[UNITS_TEXT];

	fprintf(out, " %9s", units_format_duration(ns, text));
}

void
curve_print_step(FILE *out, const struct curve_step *s)
{
	static const char *const verdicts[] = { [CURVE_HELD] = "held",
		[CURVE_MISSED] = "missed: ",
		[CURVE_CLIENT] = "limit of this client: " };
	char asked[UNITS_TEXT];
	char made[UNITS_TEXT];

	fprintf(out, "%11s %11s", units_format_rate(s->asked, asked),
	    units_format_rate(s->made, made));
	print_duration(out, s->p50_ns);
	print_duration(out, s->p99_ns);
	print_duration(out, s->service_p99_ns);
	print_duration(out, (int64_t)s->cpu_ns);
	fprintf(out, "  %s%s%s\n", s->confirms ? "confirming: " : "",
	    verdicts[s->verdict], s->why);
}

const struct curve_step *
curve_limit(const struct curve *c)
{
	const struct curve_step *limit = NULL;

	for (unsigned i = 0; i < c->count; i++) {
		const struct curve_step *s = &c->steps[i];

		if (s->verdict != CURVE_HELD && s->asked > c->found &&
		    (limit == NULL || s->asked <= limit->asked))
			limit = s;
	}
	return limit;
}

/* What keeps a higher rate from being held, behind a result. */
static void
format_limit(const struct curve *c, char text[static 192])
{
	const struct curve_step *limit = curve_limit(c);
	char rate[UNITS_TEXT];

	if (limit == NULL)
		(void)snprintf(text, 192,
		    c->found > 0 ? ", the highest that was to be tried" : "");
	else
		(void)snprintf(text, 192, "; %s %s: %s",
		    limit->verdict == CURVE_CLIENT ? "limit of this client at"
						   : "missed at",
		    units_format_rate(limit->asked, rate), limit->why);
}

void
curve_print_result(FILE *out, const struct curve *c)
{
	char limit[192];
	char rate[UNITS_TEXT];

	format_limit(c, limit);
	if (c->end == CURVE_FOUND)
		fprintf(out,
		    "Highest rate that meets the goals: %s per second%s\n",
		    units_format_rate(c->found, rate), limit);
	else
		fprintf(
		    out, "No rate that meets the goals was found%s\n", limit);
}

void
curve_explain(const struct curve *c, struct errmsg *why)
{
	char limit[192];

	format_limit(c, limit);
	if (c->end == CURVE_INTERRUPTED)
		(void)errmsg_set(why,
		    "the search was interrupted before a rate was confirmed");
	else if (c->end == CURVE_FOUND)
		(void)errmsg_set(
		    why, "the client, not the server, was the limit%s", limit);
	else
		(void)errmsg_set(
		    why, "no rate that meets the goals was found%s", limit);
}
