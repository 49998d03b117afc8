/* test_signals: signals read as data. */
#include "common/sys/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "tests/support/suite.h"

static int
open_signals(void)
{
	static const int numbers[] = { SIGINT, SIGHUP, SIGCHLD, 0 };
	struct errmsg e;
	int fd = signals_open(numbers, &e);

	ck_assert_int_ge(fd, 0);
	return fd;
}

TEST(come_as_data)
{
	int fd = open_signals();
	int seen = 0;

	ck_assert_int_eq(signals_read(fd), 0);
	(void)raise(SIGINT);
	(void)raise(SIGHUP);
	(void)raise(SIGHUP); /* pending already */
	for (int i = 0; i < 2; i++)
		seen += signals_read(fd);
	ck_assert_int_eq(seen, SIGINT + SIGHUP);
	ck_assert_int_eq(signals_read(fd), 0);
	(void)close(fd);
	ck_assert_int_eq(signals_read(fd), 0);
}

TEST(descriptor)
{
	int fd = open_signals();
	struct pollfd p = { .fd = fd, .events = POLLIN };

	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_ne(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	(void)raise(SIGCHLD);
	ck_assert_int_eq(poll(&p, 1, 0), 1);
	(void)close(fd);
}

TEST(broken_pipes_are_errors)
{
	int fd = open_signals(), fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	(void)close(fds[0]);
	ck_assert_int_eq(write(fds[1], "x", 1), -1);
	ck_assert_int_eq(errno, EPIPE);
	(void)close(fds[1]);
	(void)close(fd);
}

/* Those that are not named do what they always do. */
TEST_WITH(others_are_not_blocked, .signal = SIGTERM)
{
	(void)open_signals();
	(void)raise(SIGTERM);
}

/* All whose default would end or stop a process, with or without a terminal. */
TEST_LOOP(strays_are_ignored, 2)
{
	const int strays[] = { SIGALRM, SIGIO, SIGPIPE, SIGPROF, SIGPWR,
		SIGSTKFLT, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXFSZ, SIGRTMIN,
		SIGRTMIN + 1, SIGRTMAX };
	const int others[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGQUIT,
		SIGTSTP, SIGCONT, SIGXCPU, SIGSEGV, SIGABRT };

	signals_ignore_strays(_i == 1);
	for (size_t i = 0; i < sizeof strays / sizeof *strays; i++)
		ck_assert(signals_is_ignored(strays[i]));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		ck_assert(!signals_is_ignored(others[i]));
	ck_assert_int_eq(signals_is_ignored(SIGTTIN), _i == 0);
	ck_assert_int_eq(signals_is_ignored(SIGTTOU), _i == 0);
}

/* Whoever started the program had no use for it, and ignored it. */
TEST(those_of_the_list_are_not_ignored)
{
	int fd;

	(void)signal(SIGCHLD, SIG_IGN);
	fd = open_signals();
	ck_assert(!signals_is_ignored(SIGCHLD));
	(void)close(fd);
}

/* It came before anybody could read it. */
TEST(blocked_before)
{
	static const int numbers[] = { SIGUSR1, 0 };
	struct errmsg why;
	int fd;

	signals_block(SIGUSR1);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	fd = signals_open(numbers, &why);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(signals_read(fd), SIGUSR1);
	ck_assert_int_eq(signals_read(fd), 0);
}

SUITE("common/sys/signals")
