/* Tests of tools/list: what --list writes, and where it cannot. */
#include "tools/list.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/stats/field.h"
#include "tests/support/background.h"
#include "tests/support/demo_segment.h"
#include "tests/support/suite.h"

static struct options options;
static struct background b;

static int
list(void)
{
	struct errmsg e;

	if (list_run(&options, &e) == 0)
		return 0;
	fprintf(stderr, "%s\n", e.text);
	return 1;
}

static void
expect_all_fields(void)
{
	struct stats_field fields[STATS_FIELDS];

	stats_describe(fields);
	background_expect(&b, "name ");
	for (int i = 0; i < STATS_FIELDS; i++) {
		background_expect(&b, "\n");
		background_expect(&b, fields[i].name);
		background_expect(&b, fields[i].help);
	}
	ck_assert_int_eq(background_finish(&b), 0);
}

TEST(release_is_listed)
{
	background_start(&b, list);
	expect_all_fields();
	ck_assert_ptr_nonnull(strstr(b.text,
	    "\nbytes_sent                       total      bytes  info    "
	    "application data sent\n"));
	ck_assert_ptr_nonnull(strstr(b.text,
	    "\nopen                             gauge      count  info    "
	    "connections open now\n"));
	ck_assert_ptr_nonnull(strstr(b.text,
	    "\nloop_turn                        histogram  ns     detail  "));
}

TEST(segment_is_listed)
{
	struct demo_segment demo;

	demo_segment_start(&demo, "list", 1);
	options.stats = demo.name;
	background_start(&b, list);
	expect_all_fields();
	demo_segment_stop(&demo);
}

TEST(missing_segment_is_reported)
{
	char name[STATS_SHM_NAME];

	demo_segment_name(name, "nothing");
	options.stats = name;
	background_start(&b, list);
	background_expect(&b, "no segment 'test-nothing-");
	ck_assert_int_eq(background_finish(&b), 1);
}

static int
list_to_full_disk(void)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)dup2(fd, STDOUT_FILENO);
	return list();
}

TEST(full_disk_is_reported)
{
	background_start(&b, list_to_full_disk);
	background_expect(&b, "standard output: No space left on device\n");
	ck_assert_int_eq(background_finish(&b), 1);
}

SUITE("tools/list")
