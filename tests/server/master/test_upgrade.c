/* test_upgrade: a rehearsal that has no end. */
#include "server/master/upgrade.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "server/master/workers.h"
#include "tests/support/suite.h"

TEST(rehearsal_is_killed)
{
	struct upgrade u = { .kill_ns = 5 * CLOCK_NS_PER_S, .out_fd = -1 };
	int status;

	ck_assert_int_eq(upgrade_turn(&u, 9 * CLOCK_NS_PER_S), -1);
	u.pid = fork();
	if (u.pid == 0)
		for (;;)
			(void)pause();
	ck_assert_int_eq(upgrade_turn(&u, 4 * CLOCK_NS_PER_S), CLOCK_NS_PER_S);
	ck_assert(!u.is_late);
	ck_assert_int_eq(upgrade_turn(&u, 5 * CLOCK_NS_PER_S), -1);
	ck_assert(u.is_late);
	ck_assert_int_eq(waitpid(u.pid, &status, 0), u.pid);
	ck_assert_int_eq(WTERMSIG(status), SIGKILL);
}

/* Another child, such as the logger, ends in the same moment. */
TEST(rehearsal_is_found_among_others)
{
	static struct workers w = { .state = WORKERS_DRAINING };
	struct upgrade u = { .out_fd = -1 };
	siginfo_t info;
	pid_t pids[2];

	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(0);
	}
	u.pid = w.other_pid = pids[0];
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(
		    waitid(P_PID, (id_t)pids[i], &info, WEXITED | WNOWAIT), 0);
	workers_reap(&w);
	upgrade_on_child(&u, &w);
	ck_assert_int_eq(u.pid, 0);
}

/* A signing process is not taken in its place. */
TEST(others_are_left_when_it_is_closed)
{
	struct upgrade u = { .out_fd = -1 };
	pid_t other = fork();
	siginfo_t info;

	if (other == 0)
		_exit(0);
	ck_assert_int_eq(
	    waitid(P_PID, (id_t)other, &info, WEXITED | WNOWAIT), 0);
	u.pid = fork();
	if (u.pid == 0)
		for (;;)
			(void)pause();
	upgrade_close(&u);
	ck_assert_int_eq(u.pid, 0);
	ck_assert_int_eq(waitpid(-1, NULL, 0), other);
}

SUITE("server/master/upgrade")
