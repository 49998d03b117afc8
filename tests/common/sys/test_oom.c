/* test_oom: what a child is born with, also when memory is hidden. */
#include "common/sys/oom.h"

#include <stdio.h>
#include <unistd.h>

#include "common/sys/process.h"
#include "tests/support/in_child.h"
#include "tests/support/suite.h"

static int
value_of_self(void)
{
	FILE *f = fopen("/proc/self/oom_score_adj", "r");
	int value = -2000;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%d", &value), 1);
	(void)fclose(f);
	return value;
}

static void
leave_by_difference(void)
{
	oom_close();
	oom_offer(true); /* without a file nothing happens */
	_exit((value_of_self() + 2000) % 250);
}

TEST(children_first)
{
	int own = value_of_self();
	int offered = own + OOM_OFFERED < OOM_MAX ? own + OOM_OFFERED : OOM_MAX;

	oom_open();
	process_hide_memory();
	oom_offer(true);
	ck_assert_int_eq(
	    in_child_status(leave_by_difference), (offered + 2000) % 250);
	ck_assert_int_eq(value_of_self(), offered);
	oom_offer(false);
	ck_assert_int_eq(value_of_self(), own);
	ck_assert_int_eq(
	    in_child_status(leave_by_difference), (own + 2000) % 250);
	oom_close();
}

SUITE("common/sys/oom")
