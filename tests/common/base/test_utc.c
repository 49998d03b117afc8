/* test_utc: instants as RFC 3339 writes them. */
#include "common/base/utc.h"

#include "common/base/clock.h"
#include "tests/support/suite.h"

static char text[UTC_TEXT];

static const struct {
	int64_t wall_ns;
	const char *seconds;
	const char *milliseconds;
} cases[] = {
	{ 0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z" },
	{ 1769862896789999999, "2026-01-31T12:34:56Z",
	    "2026-01-31T12:34:56.789Z" },
	{ -1000000000, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.000Z" },
	{ INT64_MAX, "2262-04-11T23:47:16Z", "2262-04-11T23:47:16.854Z" },
};

TEST_EACH(times_are_rfc_3339, cases)
{
	int64_t wall_ns = cases[_i].wall_ns;

	ck_assert_str_eq(
	    utc_format(wall_ns / CLOCK_NS_PER_S, text), cases[_i].seconds);
	ck_assert_str_eq(utc_format_ms(wall_ns, text), cases[_i].milliseconds);
}

TEST(before_1970_is_rounded_down)
{
	ck_assert_str_eq(utc_format_ms(-1, text), "1969-12-31T23:59:59.999Z");
	ck_assert_str_eq(utc_format_ms(INT64_MIN + 999999999, text),
	    "1677-09-21T00:12:44.145Z");
}

/* What X.509 can express ends with 9999; clocks may say more. */
TEST(years)
{
	ck_assert_str_eq(
	    utc_format(253402300799, text), "9999-12-31T23:59:59Z");
	ck_assert_str_eq(
	    utc_format(253402300800, text), "10000-01-01T00:00:00Z");
	ck_assert_str_eq(utc_format(INT64_MAX, text), "?");
}

SUITE("common/base/utc")
