/* Tests of tools/sample/causes: no counter of failures is without a word. */
#include "tools/sample/causes.h"

#include <check.h>
#include <string.h>

#include "common/stats/field.h"
#include "tests/support/suite.h"

/* What counts something that went wrong, by its name. */
static bool
is_failure(const struct stats_field *f)
{
	return f->kind == STATS_KIND_TOTAL &&
	    (strncmp(f->name, "handshake_", 10) == 0 ||
		(strncmp(f->name, "ended_", 6) == 0 &&
		    strcmp(f->name, "ended_close_notify") != 0 &&
		    strcmp(f->name, "ended_local") != 0) ||
		strncmp(f->name, "refused", 7) == 0);
}

TEST(every_failure_has_a_cause)
{
	struct stats_field fields[STATS_FIELDS];

	stats_describe(fields);
	for (unsigned i = 0; i < STATS_FIELDS; i++)
		if (is_failure(&fields[i]))
			ck_assert_msg(cause_find(fields[i].name) != NULL, "%s",
			    fields[i].name);
	ck_assert_ptr_null(cause_find("bytes_sent"));
}

TEST(every_cause_is_of_a_counter)
{
	struct stats_field fields[STATS_FIELDS];
	unsigned found;

	stats_describe(fields);
	for (size_t c = 0; c < causes_count; c++) {
		found = 0;
		for (unsigned i = 0; i < STATS_FIELDS; i++)
			found += strcmp(fields[i].name, causes[c].counter) == 0;
		ck_assert_msg(found == 1, "%s", causes[c].counter);
		ck_assert_ptr_eq(cause_find(causes[c].counter), &causes[c]);
		ck_assert_int_eq(
		    causes[c].meaning[strlen(causes[c].meaning) - 1], '.');
		ck_assert_int_eq(
		    causes[c].advice[strlen(causes[c].advice) - 1], '.');
	}
}

/* "of these" in the description of a counter: the one before it is a sum. */
TEST(parts_name_their_sum)
{
	struct stats_field fields[STATS_FIELDS];

	stats_describe(fields);
	for (unsigned i = 0; i < STATS_FIELDS; i++) {
		const struct cause *cause = cause_find(fields[i].name);
		bool is_part = strncmp(fields[i].help, "of these: ", 10) == 0;

		if (cause == NULL)
			continue;
		ck_assert_msg(
		    is_part == (cause->sum != NULL), "%s", fields[i].name);
		if (is_part)
			ck_assert_int_eq(
			    cause_find(cause->sum)->kind, cause->kind);
	}
}

SUITE("tools/sample/causes")
