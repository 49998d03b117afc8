/* test_process: the kernel's word for it. */
#include "common/sys/process.h"

#include <sys/prctl.h>
#include <unistd.h>

#include "tests/support/in_child.h"
#include "tests/support/suite.h"

static void
hide(void)
{
	process_hide_memory();
	_exit(prctl(PR_GET_DUMPABLE));
}

TEST(memory_is_hidden)
{
	ck_assert_int_eq(prctl(PR_GET_DUMPABLE), 1);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	ck_assert_int_eq(in_child_status(hide), 1);
#else
	ck_assert_int_eq(in_child_status(hide), 0);
#endif
}

SUITE("common/sys/process")
