/* child: fork and wait; see the header. */
#include "common/sys/child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/sys/signals.h"

#ifdef __SANITIZE_ADDRESS__
#	include <sanitizer/lsan_interface.h>
#endif

/* The parent handles signals, and sends messages to its children. */
static void
set_up_signals(void)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t none;

	signals_ignore_strays(false);
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		(void)signal(ignored[i], SIG_IGN);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* _exit does not do it. */
static void
check_leaks(void)
{
#ifdef __SANITIZE_ADDRESS__
	__lsan_do_leak_check();
#endif
}

pid_t
child_fork(int (*run)(void *arg), void *arg)
{
	pid_t pid = fork();
	int status;

	ASSERT(run != NULL);
	if (pid < 0)
		return -errno;
	if (pid > 0)
		return pid;
	set_up_signals();
	status = run(arg);
	check_leaks();
	_exit(status);
}

static pid_t
wait_with(int options, int *status)
{
	pid_t pid;

	do
		pid = waitpid(-1, status, options);
	while (pid < 0 && errno == EINTR);
	return pid > 0 ? pid : 0;
}

pid_t
child_reap(int *status)
{
	return wait_with(WNOHANG, status);
}

pid_t
child_wait(int *status)
{
	return wait_with(0, status);
}

int
child_wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

pid_t
child_next(int *status)
{
	return wait_with(WNOHANG | WUNTRACED | WCONTINUED, status);
}

int64_t
child_cpu_ns(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (pid <= 0 || clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &t) < 0)
		return -1;
	return (int64_t)t.tv_sec * CLOCK_NS_PER_S + t.tv_nsec;
}

void
child_die_with(pid_t parent)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		(void)raise(SIGKILL);
}

void
child_go_on_without_parent(void)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGCONT);
}

void
child_kill(pid_t pid)
{
	if (pid > 0)
		(void)kill(pid, SIGKILL);
}

void
child_abort(pid_t pid)
{
	if (pid > 0)
		(void)kill(pid, SIGABRT);
}

void
child_go_on(pid_t pid)
{
	if (pid > 0)
		(void)kill(pid, SIGCONT);
}

const char *
child_describe(int status, char text[static CHILD_TEXT])
{
	if (WIFSIGNALED(status))
		(void)snprintf(text, CHILD_TEXT, "killed by SIG%s",
		    sigabbrev_np(WTERMSIG(status)));
	else if (WIFSTOPPED(status))
		(void)snprintf(text, CHILD_TEXT, "stopped by SIG%s",
		    sigabbrev_np(WSTOPSIG(status)));
	else
		(void)snprintf(text, CHILD_TEXT, "exited with status %d",
		    WEXITSTATUS(status));
	return text;
}

bool
child_has_ended(int status)
{
	return WIFEXITED(status) || WIFSIGNALED(status);
}

bool
child_is_stopped(int status)
{
	return WIFSTOPPED(status);
}

bool
child_exited(int status)
{
	return WIFEXITED(status);
}

bool
child_was_killed(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

bool
child_succeeded(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
