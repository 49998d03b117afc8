/* Tests of tools/timestamp. */
#include "tools/timestamp.h"

#include <check.h>

#include "tests/support/suite.h"

static const struct {
	int64_t wall_ns;
	const char *seconds;
	const char *milliseconds;
} cases[] = {
	{ 0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z" },
	{ 1769862896789999999, "2026-01-31T12:34:56Z",
	    "2026-01-31T12:34:56.789Z" },
	{ -1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999Z" },
	{ INT64_MAX, "2262-04-11T23:47:16Z", "2262-04-11T23:47:16.854Z" },
	{ INT64_MIN, "1677-09-21T00:12:43Z", "1677-09-21T00:12:43.145Z" },
};

START_TEST(times_are_rfc_3339)
{
	char text[TIMESTAMP_TEXT];

	ck_assert_str_eq(
	    timestamp_s(cases[_i].wall_ns, text), cases[_i].seconds);
	ck_assert_str_eq(
	    timestamp_ms(cases[_i].wall_ns, text), cases[_i].milliseconds);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("tools/timestamp");

	SUITE_ADD_LOOP(s, times_are_rfc_3339, sizeof cases / sizeof *cases);
	return suite_run(s, argc, argv);
}
