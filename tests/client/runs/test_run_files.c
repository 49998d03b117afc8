/* test_run_files: many files, some of which are wrong, each in its place. */
#include "client/runs/run_files.h"

#include <stdio.h>
#include <string.h>

#include "tests/client/runs/run_case.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

enum {
	FILES = 60
};

static struct run runs[FILES];
static struct errmsg whys[FILES];
static char names[FILES][16];
static char *paths[FILES];

/* Every seventh is no run, and every eleventh is not there. */
static bool
is_wrong(int i)
{
	return i % 7 == 0 || i % 11 == 0;
}

static void
make_files(void)
{
	for (int i = 0; i < FILES; i++) {
		(void)snprintf(names[i], sizeof names[i], "%d.json", i);
		paths[i] = names[i];
		if (i % 11 == 0)
			continue;
		if (i % 7 == 0)
			scratch_write(names[i], "{");
		else
			run_case_write(run_case_new((unsigned)i), names[i]);
	}
}

TEST(each_in_its_place)
{
	struct hist h;

	make_files();
	run_files_read(runs, whys, paths, FILES);
	for (int i = 0; i < FILES; i++) {
		ck_assert_int_eq(runs[i].root == NULL, is_wrong(i));
		if (is_wrong(i)) {
			ck_assert_int_eq(
			    strncmp(whys[i].text, names[i], strlen(names[i])),
			    0);
			continue;
		}
		ck_assert_str_eq(run_file_text(&runs[i]), names[i]);
		run_hist(&runs[i], "round_trip", &h);
		ck_assert_int_eq(
		    memcmp(&h, run_case_hist((unsigned)i), sizeof h), 0);
		run_free(&runs[i]);
	}
}

TEST(none_and_one)
{
	run_files_read(runs, whys, paths, 0);
	make_files();
	run_files_read(runs, whys, &paths[1], 1);
	ck_assert_ptr_nonnull(runs[0].root);
	run_free(&runs[0]);
}

SUITE_BETWEEN("client/runs/run_files", scratch_enter, scratch_leave)
