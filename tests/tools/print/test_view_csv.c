/* Tests of tools/print/view_csv. */
#include "tools/print/view_csv.h"

#include <check.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"
#include "tools/sample/build.h"

static const struct stats_field fields[] = {
	{ .name = "accepted" },
	{ .name = "open", .kind = STATS_KIND_GAUGE },
	{ .name = "size", .kind = STATS_KIND_HIST, .unit = STATS_UNIT_BYTES },
	{ .name = "time", .kind = STATS_KIND_HIST, .unit = STATS_UNIT_NS },
};

static void
expect(const char *const *filters, bool with_titles, const char *wanted)
{
	const struct sample_server server = { .name = "one" };
	struct sample *s = sample_new(&server, fields, TEST_ROWS(fields), 2);
	const struct view view = { .now = s, .filters = filters };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	sample_set_times(s, 0, 1500 * CLOCK_NS_PER_MS);
	sample_set_value(s, 0, 0, UINT64_MAX - 1);
	sample_set_value(s, 1, 0, 1);
	sample_set_value(s, 1, 3, 9);
	sample_drop_hist(s, 3);
	hist_add(sample_make_hist(s, 1, 2), 7, 2);
	sample_set_value(s, 1, 2, 2);
	ck_assert_int_eq(sample_finish(s), 0);
	ck_assert_int_eq(view_csv_print(&view, with_titles, out), 0);
	(void)fclose(out);
	ck_assert_str_eq(text, wanted);
	free(text);
	sample_free(&s);
}

/* Of the last histogram, the buckets are not known. */
TEST(titles_and_values)
{
	expect(NULL, true,
	    "time,server,accepted,open,size_count,size_p50_bytes,"
	    "size_p99_bytes,size_max_bytes,time_count,time_p50_ns,"
	    "time_p99_ns,time_max_ns\n"
	    "1970-01-01T00:00:01.500Z,one,18446744073709551615,0,2,7,7,7,"
	    "9,,,\n");
}

TEST(later_lines_have_values_only)
{
	static const char *const globs[] = { "op*", NULL };

	expect(globs, false, "1970-01-01T00:00:01.500Z,one,0\n");
	expect(
	    globs, true, "time,server,open\n1970-01-01T00:00:01.500Z,one,0\n");
}

SUITE("tools/print/view_csv")
