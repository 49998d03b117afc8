/* test_child: processes that are forked and watched over. */
#include "common/sys/child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/in_child.h"
#include "tests/support/suite.h"

static int
exit_with(void *arg)
{
	return *(int *)arg;
}

static int
look_at_signals(void *arg)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE,
		SIGUSR1, SIGTTOU };
	struct sigaction action;
	sigset_t blocked;

	(void)arg;
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		if (sigaction(ignored[i], NULL, &action) < 0 ||
		    action.sa_handler != SIG_IGN)
			return 1;
	if (sigprocmask(SIG_BLOCK, NULL, &blocked) < 0)
		return 2;
	for (int i = 1; i < 32; i++)
		if (sigismember(&blocked, i) == 1)
			return 3;
	return 0;
}

/* Until it is killed. */
static int
wait_for_ever(void *arg)
{
	(void)arg;
	(void)pause();
	return 0;
}

static int
raise_signal(void *arg)
{
	(void)signal(SIGUSR1, SIG_DFL);
	(void)raise(*(int *)arg);
	return 0;
}

TEST(exit_statuses)
{
	int statuses[] = { 0, 1, 3, 255 };
	char text[CHILD_TEXT], want[CHILD_TEXT];
	int status;

	for (size_t i = 0; i < 4; i++) {
		pid_t pid = child_fork(exit_with, &statuses[i]);

		ck_assert_int_gt(pid, 0);
		ck_assert_int_eq(child_wait(&status), pid);
		(void)snprintf(
		    want, sizeof want, "exited with status %d", statuses[i]);
		ck_assert_str_eq(child_describe(status, text), want);
		ck_assert(child_exited(status));
		ck_assert_int_eq(child_succeeded(status), statuses[i] == 0);
	}
	ck_assert_int_eq(child_wait(&status), 0);
	ck_assert_int_eq(child_reap(&status), 0);
}

TEST(ended_by_a_signal)
{
	char text[CHILD_TEXT];
	int number = SIGUSR1, status;
	pid_t pid = child_fork(raise_signal, &number);

	ck_assert_int_eq(child_wait(&status), pid);
	ck_assert_str_eq(child_describe(status, text), "killed by SIGUSR1");
	ck_assert(!child_exited(status));
	ck_assert(!child_succeeded(status));
}

TEST(reap_does_not_wait)
{
	char text[CHILD_TEXT];
	int status;
	pid_t pid = child_fork(wait_for_ever, NULL);

	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(child_reap(&status), 0);
	child_kill(0); /* not the whole group */
	child_kill(pid);
	ck_assert_int_eq(child_wait(&status), pid);
	ck_assert_str_eq(child_describe(status, text), "killed by SIGKILL");
}

TEST(stopped_and_going_on)
{
	char text[CHILD_TEXT];
	int status;
	pid_t pid = child_fork(wait_for_ever, NULL);

	ck_assert_int_eq(kill(pid, SIGSTOP), 0);
	AWAIT(child_next(&status) == pid);
	ck_assert(child_is_stopped(status) && !child_has_ended(status));
	ck_assert(!child_exited(status) && !child_succeeded(status));
	ck_assert_str_eq(child_describe(status, text), "stopped by SIGSTOP");
	ck_assert_int_eq(kill(pid, SIGCONT), 0);
	AWAIT(child_next(&status) == pid);
	ck_assert(!child_is_stopped(status) && !child_has_ended(status));
	child_kill(pid);
	AWAIT(child_next(&status) == pid);
	ck_assert(!child_is_stopped(status) && child_has_ended(status));
	ck_assert_int_eq(child_next(&status), 0);
}

/* Signals are the parent's business, whatever it blocks. */
TEST(signals_in_the_child)
{
	sigset_t all;
	int status;

	(void)sigfillset(&all);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &all, NULL), 0);
	ck_assert_int_gt(child_fork(look_at_signals, NULL), 0);
	ck_assert_int_gt(child_wait(&status), 0);
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}

/* What the parent has in its buffers is not printed a second time. */
TEST(stdio_is_not_flushed)
{
	int fds[2], zero = 0, status;
	char text[16];
	FILE *out;

	ck_assert_int_eq(pipe(fds), 0);
	out = fdopen(fds[1], "w");
	ck_assert_int_gt(fputs("once", out), 0);
	ck_assert_int_gt(child_fork(exit_with, &zero), 0);
	ck_assert_int_gt(child_wait(&status), 0);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_int_eq(read(fds[0], text, sizeof text), 4);
	(void)close(fds[0]);
}

static void
fork_one_too_many(void)
{
	const struct rlimit none = { 0, 0 };
	int zero = 0;

	if (setrlimit(RLIMIT_NPROC, &none) < 0 ||
	    child_fork(exit_with, &zero) != -EAGAIN)
		_exit(1);
}

/* As another user than root, to whom the limit does not apply. */
TEST(fork_that_fails)
{
	(void)in_child_as_nobody(fork_one_too_many);
}

SUITE("common/sys/child")
