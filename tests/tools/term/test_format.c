/* Tests of tools/term/format: numbers in few columns. */
#include "tools/term/format.h"

#include <check.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"

static char text[FORMAT_TEXT];

static const struct {
	double count;
	const char *text;
} counts[] = {
	{ -1, "0" },
	{ 0, "0" },
	{ 0.001, "0.00" },
	{ 0.04, "0.04" },
	{ 0.3, "0.3" },
	{ 3, "3" },
	{ 9.94, "9.9" },
	{ 9.96, "10" },
	{ 9999, "9,999" },
	{ 10000, "10.0k" },
	{ 138138, "138k" },
	{ 999499, "999k" },
	{ 999500, "1.00M" },
	{ 1.25e9, "1.25G" },
	{ 1.8e19, "18.0E" },
};

TEST_EACH(counts_have_seven_columns_at_most, counts)
{
	ck_assert_str_eq(format_count(counts[_i].count, text), counts[_i].text);
	ck_assert_uint_le(strlen(counts[_i].text), 7);
}

static const struct {
	enum stats_unit unit;
	double value;
	const char *text;
} values[] = {
	{ STATS_UNIT_BYTES, 6983516, "6.66 MiB" },
	{ STATS_UNIT_BYTES, 1e30, "16.0 EiB" },
	{ STATS_UNIT_NS, 35300, "35.3 us" },
	{ STATS_UNIT_DATE, 0, "-" },
	{ STATS_UNIT_DATE, 1700000000, "2023-11-14" },
	{ STATS_UNIT_DATE, 1e18, "-" },
	{ STATS_UNIT_COUNT, 12, "12" },
};

TEST_EACH(values_are_of_a_unit, values)
{
	ck_assert_str_eq(format_value(values[_i].unit, values[_i].value, text),
	    values[_i].text);
}

static const struct {
	int64_t ns;
	const char *text;
} spans[] = {
	{ -5, "0.0 s" },
	{ CLOCK_NS_PER_S / 2, "0.5 s" },
	{ 59 * CLOCK_NS_PER_S, "59 s" },
	{ 60 * CLOCK_NS_PER_S, "1 min" },
	{ 7200 * CLOCK_NS_PER_S, "2 h" },
	{ 86400 * 13 * CLOCK_NS_PER_S, "13 d" },
};

TEST_EACH(spans_have_one_unit, spans)
{
	ck_assert_str_eq(format_span(spans[_i].ns, text), spans[_i].text);
}

TEST(time_of_day)
{
	ck_assert_str_eq(
	    format_clock(INT64_C(1700000000) * CLOCK_NS_PER_S, text),
	    "22:13:20");
}

SUITE("tools/term/format")
