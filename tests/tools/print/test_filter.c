/* Tests of tools/print/filter. */
#include "tools/print/filter.h"

#include <check.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tools/sample/build.h"

static const struct {
	const char *globs[4];
	const char *name;
	bool is_picked;
} rows[] = {
	{ { NULL }, "accepted", true },
	{ { "accepted" }, "accepted", true },
	{ { "accept" }, "accepted", false },
	{ { "acc*" }, "accepted", true },
	{ { "*_sent", "acc*" }, "accepted", true },
	{ { "acc*", "*_sent" }, "accepted", true },
	{ { "^acc*" }, "accepted", false },
	{ { "^acc*" }, "bytes_sent", true },
	{ { "^acc*", "*" }, "accepted", false },
	{ { "*", "^acc*" }, "accepted", false },
	{ { "[a-c]*" }, "bytes_sent", true },
	{ { "bytes_?ent" }, "bytes_sent", true },
};

TEST_EACH(names_are_picked, rows)
{
	ck_assert_int_eq(
	    filter_picks(rows[_i].globs, rows[_i].name), rows[_i].is_picked);
}

TEST(no_list_picks_all)
{
	ck_assert(filter_picks(NULL, "accepted"));
}

TEST(first_without_a_match)
{
	static const char *const good[] = { "acc*", "^open", NULL };
	static const char *const bad[] = { "acc*", "^opne", "x", NULL };
	const struct sample_server server = { .name = "x" };
	struct stats_field fields[STATS_FIELDS];
	struct sample *s;

	stats_describe(fields);
	s = sample_new(&server, fields, STATS_FIELDS, 1);
	ck_assert_ptr_nonnull(s);
	ck_assert_ptr_null(filter_unmatched(NULL, s));
	ck_assert_ptr_null(filter_unmatched(good, s));
	ck_assert_str_eq(filter_unmatched(bad, s), "^opne");
	sample_free(&s);
}

SUITE("tools/print/filter")
