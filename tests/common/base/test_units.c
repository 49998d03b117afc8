/* test_units: numbers with units, at and beyond their limits. */
#include "common/base/units.h"

#include <errno.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"

static struct errmsg e;
static char text[UNITS_TEXT];

static const struct {
	const char *text;
	int64_t ns;
} durations[] = {
	{ "0", 0 },
	{ "1", CLOCK_NS_PER_S },
	{ "0ns", 0 },
	{ "1ns", 1 },
	{ "007us", 7000 },
	{ "250ms", 250 * CLOCK_NS_PER_MS },
	{ "1.5s", 1500 * CLOCK_NS_PER_MS },
	{ "0.1", CLOCK_NS_PER_S / 10 },
	{ "0.3s", 300 * CLOCK_NS_PER_MS },
	{ "90m", 5400 * CLOCK_NS_PER_S },
	{ "0.5h", 1800 * CLOCK_NS_PER_S },
	{ "1d", 86400 * CLOCK_NS_PER_S },
	{ "5y", INT64_C(5) * 365 * 86400 * CLOCK_NS_PER_S },
	{ "0.4ns", 0 },
	{ "0.5ns", 1 },
	{ "0.999999999999999999999999s", CLOCK_NS_PER_S },
	{ "0.000000000000000031709791983764y", 1 },
	{ "292y", INT64_C(292) * 365 * 86400 * CLOCK_NS_PER_S },
	{ "9223372036854775807ns", INT64_MAX },
	{ "9223372036.854775807", INT64_MAX },
};

TEST_EACH(duration, durations)
{
	int64_t ns = -1;

	ck_assert_msg(units_parse_duration(durations[_i].text, &ns, &e) == 0,
	    "%s", e.text);
	ck_assert_int_eq(ns, durations[_i].ns);
}

static const char *const bad_durations[] = { "", " ", " 1", "1 ", "-1", "+1",
	"-0", ".", ".5", "1.", "1.s", "1..5", "1.5.5", "s", "1e3", "1e3s",
	"0x10", "0x1p3s", "1S", "1sec", "1ss", "1 s", "inf", "nan", "1,5s",
	"1s1", "293y", "9223372036854775808ns", "9223372036.854775808",
	"9223372036854775807.5ns", "18446744073709551616ns",
	"99999999999999999999999999s" };

TEST_EACH(bad_duration, bad_durations)
{
	int64_t ns = 42;

	e.text[0] = '\0';
	ck_assert_int_eq(units_parse_duration(bad_durations[_i], &ns, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, bad_durations[_i]));
}

static const struct {
	const char *text;
	uint64_t count, size;
} wholes[] = {
	{ "0", 0, 0 },
	{ "1", 1, 1 },
	{ "010", 10, 10 },
	{ "0k", 0, 0 },
	{ "1k", 1000, 1024 },
	{ "3M", 3000000, 3 << 20 },
	{ "2G", 2000000000, UINT64_C(2) << 30 },
	{ "18446744073709551615", UINT64_MAX, UINT64_MAX },
	{ "17179869183G", UINT64_C(17179869183) * 1000000000,
	    UINT64_C(17179869183) << 30 },
};

TEST_EACH(whole, wholes)
{
	uint64_t value = 42;

	errno = ERANGE; /* of something else */
	ck_assert_int_eq(units_parse_count(wholes[_i].text, &value, &e), 0);
	ck_assert_uint_eq(value, wholes[_i].count);
	ck_assert_int_eq(units_parse_size(wholes[_i].text, &value, &e), 0);
	ck_assert_uint_eq(value, wholes[_i].size);
}

static const char *const bad_wholes[] = { "", " ", " 1", "1 ", "-1", "+1", "k",
	"1K", "1kk", "1kB", "1.5", "1.5k", "0x10", "1e3", "1_000", "1,000",
	"18446744073709551616", "18446744073709551615k", "18446744074G",
	"99999999999999999999999999" };

TEST_EACH(bad_whole, bad_wholes)
{
	uint64_t value = 42;

	ck_assert_int_eq(units_parse_count(bad_wholes[_i], &value, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, bad_wholes[_i]));
	ck_assert_int_eq(units_parse_size(bad_wholes[_i], &value, &e), -1);
}

static const struct {
	const char *text;
	uint64_t value;
	unsigned decimals;
} decimals[] = {
	{ "0", 0, 0 },
	{ "0.0", 0, 0 },
	{ "7", 7, 0 },
	{ "0.25", 25, 2 },
	{ "0.250", 25, 2 },
	{ "10.0", 10, 0 },
	{ "1.5k", 1500, 0 },
	{ "1.0005k", 10005, 1 },
	{ "2M", 2000000, 0 },
	{ "18446744073709551615", UINT64_MAX, 0 },
};

TEST_EACH(decimal, decimals)
{
	uint64_t value;
	unsigned n;

	ck_assert_msg(
	    units_parse_decimal(decimals[_i].text, &value, &n, &e) == 0, "%s",
	    e.text);
	ck_assert_uint_eq(value, decimals[_i].value);
	ck_assert_uint_eq(n, decimals[_i].decimals);
}

static const char *const bad_decimals[] = { "", ".", ".5", "5.", "5.k", "-1",
	"1,5", "1e3", "1.5.5", "1.5x", "18446744073709551616",
	"18446744073709551615k", "0.18446744073709551616" };

TEST_EACH(bad_decimal, bad_decimals)
{
	uint64_t value;
	unsigned n;

	ck_assert_int_eq(
	    units_parse_decimal(bad_decimals[_i], &value, &n, &e), -1);
}

static const struct {
	int64_t ns;
	const char *text;
} shown_durations[] = {
	{ 0, "0 ns" },
	{ 1, "1 ns" },
	{ -1, "-1 ns" },
	{ INT64_MIN, "-9223372036854775808 ns" },
	{ 999, "999 ns" },
	{ 1000, "1.00 us" },
	{ 9994, "9.99 us" },
	{ 9995, "10.0 us" },
	{ 12345, "12.3 us" },
	{ 99949, "99.9 us" },
	{ 99950, "100 us" },
	{ 999499, "999 us" },
	{ 999500, "1.00 ms" },
	{ 999499999, "999 ms" },
	{ 999500000, "1.00 s" },
	{ 1250000000, "1.25 s" },
	{ 59900000000, "59.9 s" },
	{ 59999999999, "60.0 s" },
	{ 60000000000, "1 min 00 s" },
	{ 125000000000, "2 min 05 s" },
	{ 3599999999999, "59 min 59 s" },
	{ 3600000000000, "1 h 00 min" },
	{ 7500000000000, "2 h 05 min" },
	{ INT64_MAX, "2562047 h 47 min" },
};

TEST_EACH(show_duration, shown_durations)
{
	ck_assert_str_eq(units_format_duration(shown_durations[_i].ns, text),
	    shown_durations[_i].text);
}

static const struct {
	uint64_t bytes;
	const char *text;
} shown_bytes[] = {
	{ 0, "0 B" },
	{ 1, "1 B" },
	{ 1023, "1023 B" },
	{ 1024, "1.00 KiB" },
	{ 1536, "1.50 KiB" },
	{ 102400, "100 KiB" },
	{ 1023487, "999 KiB" },
	{ 1023488, "0.98 MiB" },
	{ 1023 * 1024, "1.00 MiB" },
	{ UINT64_C(12) << 20, "12.0 MiB" },
	{ UINT64_C(1) << 30, "1.00 GiB" },
	{ UINT64_C(1) << 40, "1.00 TiB" },
	{ UINT64_C(1) << 50, "1.00 PiB" },
	{ UINT64_C(1) << 60, "1.00 EiB" },
	{ UINT64_MAX, "16.0 EiB" },
};

TEST_EACH(show_bytes, shown_bytes)
{
	ck_assert_str_eq(units_format_bytes(shown_bytes[_i].bytes, text),
	    shown_bytes[_i].text);
}

static const struct {
	uint64_t count;
	const char *text;
} shown_counts[] = {
	{ 0, "0" },
	{ 9, "9" },
	{ 999, "999" },
	{ 1000, "1,000" },
	{ 1800000, "1,800,000" },
	{ 100000, "100,000" },
	{ UINT64_MAX, "18,446,744,073,709,551,615" },
};

TEST_EACH(show_count, shown_counts)
{
	memset(text, 'x', sizeof text);
	ck_assert_str_eq(units_format_count(shown_counts[_i].count, text),
	    shown_counts[_i].text);
}

TEST(show_rate)
{
	ck_assert_str_eq(units_format_rate(0, text), "0.0");
	ck_assert_str_eq(units_format_rate(999.96, text), "1,000.0");
	ck_assert_str_eq(units_format_rate(135979.44, text), "135,979.4");
}

SUITE("common/base/units")
