/* signals: sigprocmask and signalfd; see the header. */
#include "common/sys/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "common/base/assertion.h"

int
signals_open(const int *numbers, struct errmsg *e)
{
	sigset_t set;
	int fd;

	ASSERT(*numbers != 0);
	(void)sigemptyset(&set);
	for (; *numbers != 0; numbers++)
		(void)sigaddset(&set, *numbers);
	(void)signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return errmsg_set_errno(e, errno, "sigprocmask");
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		return errmsg_set_errno(e, errno, "signalfd");
	return fd;
}

bool
signals_is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 &&
	    action.sa_handler == SIG_IGN;
}

int
signals_read(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof info) != (ssize_t)sizeof info)
		return 0;
	return (int)info.ssi_signo;
}
