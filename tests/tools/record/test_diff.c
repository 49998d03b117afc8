/* Tests of tools/record/diff: what changed, as text and as JSON. */
#include "tools/record/diff.h"

#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"
#include "tests/tools/record/recording_case.h"
#include "tools/sample/build.h"

static struct diff d = { .a_name = "monday.rec", .b_name = "default" };

/* What print writes about two samples of the case. */
static char *
print(int (*print_diff)(const struct diff *, FILE *), unsigned a, unsigned b)
{
	struct sample *before = recording_case_sample(a);
	struct sample *after = recording_case_sample(b);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	d.a = before;
	d.b = after;
	ck_assert_int_eq(print_diff(&d, out), 0);
	ck_assert_int_eq(fclose(out), 0);
	sample_free(&before);
	sample_free(&after);
	return text;
}

static void
expect(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		ck_assert_msg(strstr(text, *words) != NULL, "no '%s' in:\n%s",
		    *words, text);
}

/*
 * Sample n has n * 6 accepted and n / 2 * 6 ended. In between its histogram got
 * the squares of 10 to 29, in us.
 */
TEST(counters_have_values_and_rates)
{
	static const char *const words[] = {
		"before  2026-02-02T02:40:10Z: monday.rec: demo 1.0, pid 10, "
		"started 2026-02-02T02:39:59Z\n",
		"after   2026-02-02T02:40:30Z: default: demo 1.0",
		"The same server, 20.0 s later.\n",
		"\ncounter   before  after  difference  rate/s\n",
		"\naccepted      60    180        +120    6.00\n",
		"\nopen          30     90         +60        \n",
		"\nhistogram  before  after  difference  rate/s     p50     "
		"p99\n",
		"\necho_time      40    120         +80    4.00  365 us  "
		"841 us\n",
		NULL
	};
	char *text = print(diff_print, 10, 30);

	expect(text, words);
	ck_assert_ptr_null(strstr(text, "\ndate")); /* has not changed */
	free(text);
	d.all = true;
	text = print(diff_print, 10, 30);
	ck_assert_ptr_nonnull(strstr(text, "\ndate"));
	free(text);
}

TEST(another_server_has_no_rates)
{
	static const char *const words[] = {
		"Another server: its counters began at 0.\n",
		"\naccepted     120     60         -60        \n", NULL
	};
	char *text = print(diff_print, 20, RECORDING_CASE_SERVER + 10);

	expect(text, words);
	free(text);
}

TEST(earlier_and_equal_are_said)
{
	static const char *const earlier[] = {
		"The same server, not later: there are no rates.\n",
		"\naccepted     120     60         -60        \n", NULL
	};
	static const char *const equal[] = { "Nothing has changed.\n", NULL };
	char *text = print(diff_print, 20, 10);

	expect(text, earlier);
	free(text);
	text = print(diff_print, 10, 10);
	expect(text, equal);
	free(text);
}

TEST(json_has_the_same)
{
	char *text = print(diff_print_json, 10, 30);
	json_t *root = json_loads(text, 0, NULL);
	const char *of, *name;
	json_int_t before, after, difference, count, p50;
	double seconds, rate;
	int same;

	ck_assert_ptr_nonnull(root);
	ck_assert_int_eq(
	    json_unpack(root, "{s{ss}s{ss}sbsFs{s{sIsIsIsF}}s{s{sIsI}}}",
		"before", "of", &of, "after", "name", &name, "same_server",
		&same, "seconds", &seconds, "counters", "accepted", "before",
		&before, "after", &after, "difference", &difference,
		"per_second", &rate, "histograms", "echo_time", "difference",
		&count, "p50_ns", &p50),
	    0);
	ck_assert_str_eq(of, "monday.rec");
	ck_assert_str_eq(name, "default");
	ck_assert_int_eq(same, 1);
	ck_assert_double_eq(seconds, 20);
	ck_assert_int_eq(before, 60);
	ck_assert_int_eq(after, 180);
	ck_assert_int_eq(difference, 120);
	ck_assert_double_eq(rate, 6);
	ck_assert_int_eq(count, 80);
	ck_assert_int_gt(p50, 10 * 10 * 1000);
	ck_assert_ptr_null(
	    json_object_get(json_object_get(root, "counters"), "date"));
	json_decref(root);
	free(text);
}

static const struct sample_server server = { .name = "a",
	.program = "demo",
	.pid = 1 };

static struct sample *
make(const struct stats_field *fields, unsigned count, uint64_t value)
{
	struct sample *s = sample_new(&server, fields, count, 1);

	for (unsigned i = 0; i < count; i++)
		sample_set_value(s, 0, i, value + i);
	ck_assert_int_eq(sample_finish(s), 0);
	return s;
}

/* Releases have not all fields in common, nor in the same order. */
TEST(fields_are_found_by_name)
{
	static const struct stats_field old[] = {
		{ .name = "gone", .help = "a" },
		{ .name = "both", .help = "b", .unit = STATS_UNIT_BYTES },
	};
	static const struct stats_field new[] = {
		{ .name = "both", .help = "b", .unit = STATS_UNIT_BYTES },
		{ .name = "gone", .help = "a", .kind = STATS_KIND_GAUGE },
		{ .name = "new", .help = "c" },
	};
	static const struct {
		const char *name;
		bool has_a, has_b;
		uint64_t a, b;
	} expected[] = {
		{ "both", true, true, 11, 100 },
		{ "gone", false, true, 0, 101 },
		{ "new", false, true, 0, 102 },
		{ "gone", true, false, 10, 0 },
	};
	struct sample *a = make(old, 2, 10);
	struct sample *b = make(new, 3, 100);
	struct diff_row row;
	unsigned i = 0, n = 0;

	d.a = a;
	d.b = b;
	for (; diff_next(&d, &i, &row); n++) {
		ck_assert_uint_lt(n, sizeof expected / sizeof *expected);
		ck_assert_str_eq(row.field->name, expected[n].name);
		ck_assert_int_eq(row.has_a, expected[n].has_a);
		ck_assert_int_eq(row.has_b, expected[n].has_b);
		ck_assert_uint_eq(row.a, expected[n].a);
		ck_assert_uint_eq(row.b, expected[n].b);
		ck_assert(!row.has_rate);
	}
	ck_assert_uint_eq(n, sizeof expected / sizeof *expected);
	sample_free(&a);
	sample_free(&b);
}

SUITE("tools/record/diff")
