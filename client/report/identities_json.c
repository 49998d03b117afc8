/* identities_json: outcomes by name, and rows; see the header. */
#include "client/report/identities_json.h"

#include <stdbool.h>

#include "client/identities/identities.h"
#include "client/identities/outcome.h"
#include "client/identities/outcomes.h"
#include "client/options.h"
#include "client/report/json_maker.h"
#include "client/report/report.h"

static int
set_outcomes(json_t *object, const struct report *r)
{
	char name[OUTCOME_TEXT];
	int result = 0;

	for (unsigned i = 0; i < OUTCOMES && result == 0; i++)
		if (outcomes_total(r->outcomes, i) > 0)
			result = json_object_set_new(object,
			    outcome_format(i, name),
			    json_integer(
				(json_int_t)outcomes_total(r->outcomes, i)));
	return result;
}

json_t *
identities_json(const struct report *r)
{
	json_t *outcomes;

	if (r->outcomes == NULL)
		return json_null();
	outcomes = json_object();
	if (outcomes == NULL || set_outcomes(outcomes, r) < 0) {
		json_decref(outcomes);
		return NULL;
	}
	return json_pack("{s:I, s:I, s:o}", "count",
	    (json_int_t)r->sum.identities, "tried", (json_int_t)r->sum.tried,
	    "outcomes", outcomes);
}

/* A table for programs; ok is false when there was no memory for it. */
struct rows {
	const struct report *report;
	json_t *list;
	bool ok;
};

static void
append_row(void *owner, const struct outcomes_row *row)
{
	struct rows *rows = owner;
	char expected[OUTCOME_TEXT];
	char got[OUTCOME_TEXT];

	if (json_array_append_new(rows->list,
		json_pack("{s:o, s:s, s:s, s:I}", "identity",
		    maker_text(
			rows->report->identities->of[row->identity].name),
		    "expected", outcome_format(row->expected, expected), "got",
		    outcome_format(row->got, got), "count",
		    (json_int_t)row->count)) < 0)
		rows->ok = false;
}

json_t *
expectations_json(const struct report *r)
{
	struct rows rows = { .report = r, .list = NULL, .ok = true };

	if (r->options->expect == NULL)
		return json_null();
	rows.list = json_array();
	outcomes_each_differing(r->outcomes, append_row, &rows);
	if (!rows.ok) {
		json_decref(rows.list);
		return NULL;
	}
	return json_pack("{s:I, s:I, s:I, s:o}", "identities",
	    (json_int_t)r->sum.identities, "as_expected",
	    (json_int_t)r->sum.as_expected, "differed",
	    (json_int_t)r->sum.differed, "table", rows.list);
}
