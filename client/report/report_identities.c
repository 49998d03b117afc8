/* report_identities: outcomes, and a table of what differed; see the header. */
#include "client/report/report_identities.h"

#include <stdbool.h>

#include "client/identities/identities.h"
#include "client/identities/outcome.h"
#include "client/identities/outcomes.h"
#include "client/options.h"
#include "client/report/report.h"
#include "common/base/units.h"

static const char *
name_of(const struct report *r, unsigned identity)
{
	return r->identities->of[identity].name;
}

static void
print_outcomes(FILE *out, const struct report *r)
{
	char name[OUTCOME_TEXT];
	char total[UNITS_TEXT];
	char identities[UNITS_TEXT];

	for (unsigned i = 0; i < OUTCOMES; i++) {
		unsigned of = outcomes_identities(r->outcomes, i);

		if (of > 0)
			fprintf(out, "  %s: %s (%s of the identities)\n",
			    outcome_format(i, name),
			    units_format_count(
				outcomes_total(r->outcomes, i), total),
			    units_format_count(of, identities));
	}
}

/* What a table needs to know of the rows that went before. */
struct table {
	const struct report *report;
	FILE *out;
	unsigned rows;
};

static void
print_row(void *owner, const struct outcomes_row *row)
{
	struct table *t = owner;
	char expected[OUTCOME_TEXT];
	char got[OUTCOME_TEXT];
	char count[UNITS_TEXT];

	if (t->rows == 0)
		fprintf(t->out, "  %-24s %-28s %-28s %s\n", "identity",
		    "expected", "got", "how often");
	if (t->rows++ < REPORT_ROWS)
		fprintf(t->out, "  %-24s %-28s %-28s %s\n",
		    name_of(t->report, row->identity),
		    outcome_format(row->expected, expected),
		    outcome_format(row->got, got),
		    units_format_count(row->count, count));
}

static void
print_expectations(FILE *out, const struct report *r)
{
	const struct outcomes_sum *sum = &r->sum;
	struct table table = { .report = r, .out = out };
	char good[UNITS_TEXT];
	char bad[UNITS_TEXT];

	fprintf(out, "As expected: %s; otherwise: %s\n",
	    units_format_count(sum->as_expected, good),
	    units_format_count(sum->differed, bad));
	outcomes_each_differing(r->outcomes, print_row, &table);
	if (table.rows > REPORT_ROWS)
		fprintf(out, "  ... and %s more in the report of --json\n",
		    units_format_count(table.rows - REPORT_ROWS, good));
}

void
report_print_identities(FILE *out, const struct report *r)
{
	char all[UNITS_TEXT];
	char tried[UNITS_TEXT];

	if (r->outcomes == NULL)
		return;
	fprintf(out, "Identities: %s, of which %s were tried\n",
	    units_format_count(r->sum.identities, all),
	    units_format_count(r->sum.tried, tried));
	print_outcomes(out, r);
	if (r->options->expect != NULL)
		print_expectations(out, r);
}

struct first {
	const struct report *report;
	struct errmsg *why;
	bool is_known;
};

static void
explain_row(void *owner, const struct outcomes_row *row)
{
	struct first *first = owner;
	char expected[OUTCOME_TEXT];
	char got[OUTCOME_TEXT];
	char count[UNITS_TEXT];

	if (first->is_known)
		return;
	first->is_known = true;
	(void)errmsg_set(first->why,
	    "%s %s%s did not come out as expected: %s, expected %s, got %s",
	    units_format_count(first->report->sum.differed, count),
	    first->report->options->handshakes ? "transaction" : "connection",
	    units_plural(first->report->sum.differed),
	    name_of(first->report, row->identity),
	    outcome_format(row->expected, expected),
	    outcome_format(row->got, got));
}

void
report_explain_difference(const struct report *r, struct errmsg *why)
{
	struct first first = { .report = r, .why = why, .is_known = false };

	outcomes_each_differing(r->outcomes, explain_row, &first);
}
