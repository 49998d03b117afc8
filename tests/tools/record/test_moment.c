/* Tests of tools/record/moment: files, times and servers. */
#include "tools/record/moment.h"

#include <check.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/demo_segment.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"
#include "tests/tools/record/recording_case.h"

static struct errmsg e;

#define DAY (INT64_C(86400) * CLOCK_NS_PER_S)

static const struct {
	const char *text;
	int64_t seconds; /* -1: it is no time */
} times[] = {
	{ "00:00", 20000 * 86400 },
	{ "12:00", 20000 * 86400 + 43200 },
	{ "12:00:00", 20000 * 86400 + 43200 },
	{ "12:00:01", 19999 * 86400 + 43201 }, /* the day before */
	{ "23:59", 19999 * 86400 + 86340 },
	{ "1970-01-01T00:00:01Z", 1 },
	{ "2026-01-31T12:30:15Z", 1769862615 },
	{ "2026-01-31T12:30:15", -1 },
	{ "2026-01-31", -1 },
	{ "24:30", -1 },
	{ "12:60", -1 },
	{ "12:30:15.5", -1 },
	{ "12:30 ", -1 },
	{ "", -1 },
	{ "last", -1 },
	{ "2199-12-31T23:59:59Z", INT64_C(7258118399) },
	{ "2200-01-01T00:00:00Z", -1 }, /* nanoseconds would overflow */
	{ "1899-12-31T23:59:59Z", -1 },
	{ "9999-01-01T00:00:00Z", -1 },
};

TEST_EACH(times_are_read, times)
{
	int64_t ns = 0;
	bool is_time =
	    moment_parse_time(times[_i].text, 20000 * DAY + DAY / 2, &ns);

	ck_assert_int_eq(is_time, times[_i].seconds >= 0);
	if (is_time)
		ck_assert_int_eq(ns, times[_i].seconds * CLOCK_NS_PER_S);
}

/* The case's recording begins at 2026-02-02T02:40:00Z. */
static const struct {
	const char *text;
	int n;             /* which sample; -1: */
	const char *words; /* it is refused with these */
} moments[] = {
	{ "a.rec", 99, NULL },
	{ "./a.rec", 99, NULL },
	{ "a.rec@first", 0, NULL },
	{ "a.rec@02:40", 0, NULL },
	{ "a.rec@02:40:07", 7, NULL },
	{ "a.rec@2026-02-02T02:41:39Z", 99, NULL },
	{ "a.rec@2027-01-01T00:00:00Z", 99, NULL },
	{ "a.rec@23:00", -1, "a.rec begins at 2026-02-02T02:40:00Z, after" },
	{ "a.rec@02:39", -1, "a.rec begins at 2026-02-02T02:40:00Z, after" },
	{ "a.rec@noon", -1, "'noon' is not a time: such as 12:30" },
	{ "b.rec@12:00", -1, "b.rec: No such file" },
	{ "/b", -1, "/b: No such file" },
	{ "b@c.rec", 3, NULL },
	{ "nobody", -1, "no segment 'nobody'" },
};

TEST_EACH(moments_are_found, moments)
{
	struct sample *s;

	scratch_enter();
	recording_case_write("a.rec", 0, 100);
	recording_case_write("b@c.rec", 3, 4);
	s = moment_take(moments[_i].text, &e);
	ck_assert_int_eq(s != NULL, moments[_i].n >= 0);
	if (s != NULL)
		ck_assert_int_eq(sample_wall_ns(s),
		    recording_case_wall_ns((unsigned)moments[_i].n));
	else
		ck_assert_msg(
		    strstr(e.text, moments[_i].words) != NULL, "%s", e.text);
	sample_free(&s);
	scratch_leave();
}

TEST(server_is_a_moment)
{
	struct demo_segment demo;
	struct sample *s;

	demo_segment_start(&demo, "moment", 2);
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 42);
	ck_assert(!moment_is_file(demo.name));
	s = moment_take(demo.name, &e);
	ck_assert_msg(s != NULL, "%s", e.text);
	ck_assert_uint_eq(
	    sample_total(s, (unsigned)sample_find(s, "accepted")), 42);
	sample_free(&s);
	demo_segment_stop(&demo);
}

SUITE("tools/record/moment")
