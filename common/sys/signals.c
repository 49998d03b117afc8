/* signals: signal, sigprocmask and signalfd; see the header. */
#include "common/sys/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "common/base/assertion.h"

static bool
is_stray(int number, bool uses_terminal)
{
	switch (number) {
	case SIGINT:
	case SIGTERM:
	case SIGHUP:
	case SIGCHLD:
	case SIGQUIT:
	case SIGTSTP:
	case SIGCONT:
	case SIGXCPU:
	case SIGABRT:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGSEGV:
	case SIGSYS:
	case SIGTRAP:
		return false;
	case SIGTTIN:
	case SIGTTOU:
		return !uses_terminal;
	default:
		return true;
	}
}

/* KILL and STOP, and the two that glibc keeps to itself, are refused. */
void
signals_ignore_strays(bool uses_terminal)
{
	for (int number = 1; number <= SIGRTMAX; number++)
		if (is_stray(number, uses_terminal))
			(void)signal(number, SIG_IGN);
}

int
signals_open(const int *numbers, struct errmsg *e)
{
	sigset_t set;
	int fd;

	ASSERT(*numbers != 0);
	(void)sigemptyset(&set);
	for (int i = 0; numbers[i] != 0; i++)
		(void)sigaddset(&set, numbers[i]);
	(void)signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return errmsg_set_errno(e, errno, "sigprocmask");
	for (int i = 0; numbers[i] != 0; i++)
		(void)signal(numbers[i], SIG_DFL);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		return errmsg_set_errno(e, errno, "signalfd");
	return fd;
}

void
signals_block(int number)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, number);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
}

bool
signals_is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 &&
	    action.sa_handler == SIG_IGN;
}

/*
 * Not by SIGSTOP, from which no shell would wake a job that has none; nor by a
 * handler, such as that of curses, which sets the terminal when it goes on, and
 * in the background is stopped for that.
 */
void
signals_stop(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTSTP);
	if (!signals_is_ignored(SIGTSTP))
		(void)signal(SIGTSTP, SIG_DFL);
	(void)raise(SIGTSTP);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
}

int
signals_read(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof info) != (ssize_t)sizeof info)
		return 0;
	return (int)info.ssi_signo;
}
