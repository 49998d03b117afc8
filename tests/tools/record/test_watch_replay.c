/* Tests of tools/watch on a recording: which samples are shown. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/background.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"
#include "tests/tools/record/recording_case.h"
#include "tests/tools/watch_body.h"

enum {
	SAMPLES = 12,
	SHOWN_MAX = 14
};

static struct background b;

static const struct {
	int64_t interval_s;
	uint64_t count;
	bool once;
	int shown[SHOWN_MAX]; /* -1 ends them */
} rows[] = {
	{ 0, 0, false, { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1 } },
	{ 0, 3, false, { 0, 1, 2, -1 } },
	{ 1, 0, false, { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1 } },
	{ 3, 0, false, { 0, 3, 6, 9, 11, -1 } },
	{ 4, 0, false, { 0, 4, 8, 11, -1 } },
	{ 10, 0, false, { 0, 10, 11, -1 } },
	{ 60, 0, false, { 0, 11, -1 } },
	{ 4, 2, false, { 0, 4, -1 } },
	{ 0, 1, true, { 11, -1 } },
};

/* 6 are accepted each second, which is what the rates have to say. */
TEST_EACH(samples_are_chosen, rows)
{
	const int *shown = rows[_i].shown;
	const char *line = b.text;

	watch_options = (struct options){ .replay = "a.rec",
		.json = true,
		.interval_ns = rows[_i].interval_s * CLOCK_NS_PER_S,
		.count = rows[_i].count,
		.once = rows[_i].once };
	scratch_enter();
	recording_case_write("a.rec", 0, SAMPLES);
	background_start(&b, watch_body);
	ck_assert_int_eq(background_finish(&b), 0);
	for (; *shown >= 0; shown++) {
		const char *end = strchr(line, '\n');
		char word[64];

		ck_assert_ptr_nonnull(end);
		(void)snprintf(
		    word, sizeof word, "\"accepted\":%d,", 6 * *shown);
		ck_assert_ptr_nonnull(strstr(line, word));
		ck_assert(strstr(line, word) < end);
		if (*shown > 0)
			ck_assert_ptr_nonnull(
			    strstr(line, "\"rates\":{\"accepted\":6.0,"));
		line = end + 1;
	}
	ck_assert_str_eq(line, "");
	scratch_leave();
}

SUITE("tools/record/watch_replay")
