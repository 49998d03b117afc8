/* test_when: instants and the validity that options mean. */
#include "certs/when.h"

#include <string.h>

#include "tests/support/suite.h"

enum {
	NOW = 1800000000, /* 2027-01-15T08:00:00Z */
	DAY = WHEN_DAY_S,
	SKEW = WHEN_CLOCK_SKEW_S
};

static const struct {
	const char *text;
	time_t when; /* -1: refused */
} instants[] = {
	{ "2027-01-15T08:00:00Z", NOW },
	{ "1970-01-01T00:00:00Z", 0 },
	{ "9999-12-31T23:59:59Z", 253402300799 },
	{ "2050-01-01T00:00:00Z", 2524608000 },
	{ "2024-02-29T12:00:00Z", 1709208000 },
	{ "+0", NOW },
	{ "+2d", NOW + 2 * DAY },
	{ "-2d", NOW - 2 * DAY },
	{ "-90m", NOW - 5400 },
	{ "+1y", NOW + 365 * DAY },
	{ "-1.5h", NOW - 5400 },
	{ "1969-12-31T23:59:59Z", -1 },
	{ "10000-01-01T00:00:00Z", -1 },
	{ "-100y", -1 },
	{ "2023-02-29T12:00:00Z", -1 },
	{ "2024-13-01T00:00:00Z", -1 },
	{ "2024-01-01T24:00:00Z", -1 },
	{ "2024-01-01T00:00:60Z", -1 },
	{ "2024-1-1T0:0:0Z", -1 },
	{ " 2024-01-01T00:00:00Z", -1 },
	{ "2024-01-01T00:00:00Z ", -1 },
	{ "2024-01-01T00:00:00", -1 },
	{ "2024-01-01T00:00:00+01:00", -1 },
	{ "2024-01-01", -1 },
	{ "2d", -1 },
	{ "+", -1 },
	{ "--2d", -1 },
	{ "+2x", -1 },
	{ "", -1 },
};

TEST_EACH(parse, instants)
{
	struct errmsg e = { "" };
	time_t when = -1;
	int result = when_parse(&when, instants[_i].text, NOW, &e);

	if (instants[_i].when == -1) {
		ck_assert_msg(result == -1, "'%s'", instants[_i].text);
		ck_assert_str_ne(e.text, "");
		return;
	}
	ck_assert_msg(result == 0, "%s", e.text);
	ck_assert_int_eq(when, instants[_i].when);
}

static const struct {
	const char *what;
	struct when_wish wish;
	time_t issuer_ends;
	time_t not_before, not_after; /* both -1: refused */
} lives[] = {
	{ "days from now", { .days = 10 }, 0, NOW - SKEW, NOW + 10 * DAY },
	{ "within the issuer's", { .days = 10 }, NOW + 11 * DAY, NOW - SKEW,
	    NOW + 10 * DAY },
	{ "cut to the issuer's", { .days = 10 }, NOW + 9 * DAY, NOW - SKEW,
	    NOW + 9 * DAY },
	{ "issuer has ended", { .days = 10 }, NOW - DAY, -1, -1 },
	{ "a later beginning",
	    { .days = 10, .has_not_before = true, .not_before = NOW + DAY }, 0,
	    NOW + DAY, NOW + 11 * DAY },
	{ "beginning after the issuer's end",
	    { .days = 10, .has_not_before = true, .not_before = NOW + DAY },
	    NOW + DAY, -1, -1 },
	{ "an end",
	    { .days = 10, .has_not_after = true, .not_after = NOW + DAY }, 0,
	    NOW - SKEW, NOW + DAY },
	{ "an end after the issuer's is kept",
	    { .days = 10, .has_not_after = true, .not_after = NOW + 2 * DAY },
	    NOW + DAY, NOW - SKEW, NOW + 2 * DAY },
	{ "a past end moves the beginning",
	    { .days = 10, .has_not_after = true, .not_after = NOW - 2 * DAY },
	    NOW + DAY, NOW - 3 * DAY, NOW - 2 * DAY },
	{ "both",
	    { .days = 10,
		.has_not_before = true,
		.not_before = 5,
		.has_not_after = true,
		.not_after = 6 },
	    NOW, 5, 6 },
	{ "both, empty",
	    { .days = 10,
		.has_not_before = true,
		.not_before = 6,
		.has_not_after = true,
		.not_after = 6 },
	    NOW, -1, -1 },
	{ "an end in 1970",
	    { .days = 10, .has_not_after = true, .not_after = DAY - 1 }, NOW,
	    -1, -1 },
	{ "beyond 9999",
	    { .days = 36500,
		.has_not_before = true,
		.not_before = 253402300799 - DAY },
	    0, -1, -1 },
};

TEST_EACH(validity, lives)
{
	struct errmsg e = { "" };
	struct when_validity v = { -1, -1 };
	int result =
	    when_validity(&v, &lives[_i].wish, NOW, lives[_i].issuer_ends, &e);

	if (lives[_i].not_after == -1) {
		ck_assert_msg(result == -1, "%s", lives[_i].what);
		ck_assert_str_ne(e.text, "");
		return;
	}
	ck_assert_msg(result == 0, "%s: %s", lives[_i].what, e.text);
	ck_assert_msg(
	    v.not_before == lives[_i].not_before, "%s", lives[_i].what);
	ck_assert_msg(v.not_after == lives[_i].not_after, "%s", lives[_i].what);
}

SUITE("certs/when")
