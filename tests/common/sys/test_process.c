/* test_process: the kernel's word for it. */
#include "common/sys/process.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
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

/* As a service manager does it: capset is forbidden. */
static void
forbid_capset(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_capset, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {
		.len = sizeof filter / sizeof *filter, .filter = filter
	};

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

static void
keep_what_there_is(void)
{
	struct errmsg e;

	if (process_keep_capabilities(0, &e) < 0)
		_exit(1);
	forbid_capset();
	_exit(process_keep_capabilities(0, &e) < 0 ? 2 : 0);
}

static void
drop_too_late(void)
{
	struct errmsg e;

	forbid_capset();
	_exit(process_keep_capabilities(0, &e) < 0 ? 2 : 0);
}

TEST(capabilities_that_are_not_there_are_not_dropped)
{
	ck_assert_int_eq(in_child_status(keep_what_there_is), 0);
	ck_assert_int_eq(in_child_status(drop_too_late), getuid() == 0 ? 2 : 0);
}

SUITE("common/sys/process")
