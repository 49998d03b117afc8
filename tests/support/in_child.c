/* in_child: fork, change, run, wait; see the header. */
#include "tests/support/in_child.h"

#include <check.h>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/suite.h"

enum {
	NOBODY = 65534
};

int
in_child_wait(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
in_child_status(void (*body)(void))
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		body();
		_exit(0);
	}
	return in_child_wait(pid);
}

bool
in_child_as_nobody(void (*body)(void))
{
	pid_t pid;

	if (geteuid() != 0) {
		suite_skip("not root: cannot become another user");
		return false;
	}
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (setgroups(0, NULL) < 0 || setgid(NOBODY) < 0 ||
		    setuid(NOBODY) < 0)
			_exit(1);
		body();
		_exit(0);
	}
	ck_assert_int_eq(in_child_wait(pid), 0);
	return true;
}
