/* test_assertion: what a contradiction prints, and how it ends. */
#include "common/base/assertion.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/suite.h"

static int calls;

static int
call(int result)
{
	calls++;
	return result;
}

TEST(true_goes_on)
{
	ASSERT(call(1) == 1);
	ck_assert_int_eq(calls, 1);
}

TEST(false_aborts)
{
	char text[128] = "";
	int pipes[2];
	int status;
	pid_t pid;

	ck_assert_int_eq(pipe(pipes), 0);
	pid = fork();
	if (pid == 0) {
		(void)dup2(pipes[1], STDERR_FILENO);
		assertion_failed("sys/file.c", 42, "a == b");
	}
	(void)close(pipes[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	ck_assert_int_gt(read(pipes[0], text, sizeof text - 1), 0);
	ck_assert_str_eq(text, "sys/file.c:42: assertion failed: a == b\n");
}

TEST_WITH(macro_aborts, .signal = SIGABRT)
{
	ASSERT(call(0) == 1);
}

SUITE("common/base/assertion")
