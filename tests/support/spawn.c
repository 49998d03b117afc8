/* spawn: fork, exec, pipes, pidfd; see the header. */
#include "tests/support/spawn.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/shell.h"

static void
pass_listener(int fd)
{
	char pid[16];

	(void)snprintf(pid, sizeof pid, "%d", (int)getpid());
	(void)setenv("LISTEN_PID", pid, 1);
	(void)setenv("LISTEN_FDS", "1", 1);
	if (fd == 3)
		(void)fcntl(fd, F_SETFD, 0);
	else
		(void)dup2(fd, 3);
}

/* In the child. */
static _Noreturn void
become(const char *const argv[], const struct spawn_options *options)
{
	const struct rlimit limit = { options->max_fds, options->max_fds };

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (options->max_fds > 0)
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	/* It may have the number already: then dup2 would change nothing. */
	if (options->kept_fd > 0 && options->kept_fd != SPAWN_KEPT_FD)
		(void)dup2(options->kept_fd, SPAWN_KEPT_FD);
	else if (options->kept_fd > 0)
		(void)fcntl(SPAWN_KEPT_FD, F_SETFD, 0);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (options->closed & 1U << fd)
			(void)close(fd);
	if (options->listen_fd > 0)
		pass_listener(options->listen_fd);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)execvp(argv[0], (char *const *)(uintptr_t)argv);
	(void)dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static void
start_on_pipes(struct spawn *s, const char *const argv[],
    const struct spawn_options *options)
{
	int in[2];
	int out[2];

	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	/* Nobody reads while a test does other things: it must not block. */
	(void)fcntl(out[1], F_SETPIPE_SZ, (int)sizeof s->text);
	s->pid = fork();
	ck_assert_int_ge(s->pid, 0);
	if (s->pid == 0) {
		(void)dup2(in[0], STDIN_FILENO);
		(void)dup2(out[1], STDOUT_FILENO);
		(void)dup2(out[1], STDERR_FILENO);
		become(argv, options);
	}
	(void)close(in[0]);
	(void)close(out[1]);
	s->in = in[1];
	s->out = out[0];
}

static void
start_on_terminal(struct spawn *s, const char *const argv[],
    const struct spawn_options *options)
{
	s->pid = forkpty(&s->out, NULL, NULL, NULL);
	ck_assert_int_ge(s->pid, 0);
	if (s->pid == 0)
		become(argv, options);
	(void)fcntl(s->out, F_SETFD, FD_CLOEXEC);
	s->in = s->out;
}

void
spawn_start(struct spawn *s, const char *const argv[],
    const struct spawn_options *options)
{
	static const struct spawn_options none;

	if (options == NULL)
		options = &none;
	s->size = 0;
	s->seen = 0;
	s->is_silent = false;
	s->text[0] = '\0';
	(void)shell_find_programs();
	(void)signal(SIGPIPE, SIG_IGN);
	if (options->terminal)
		start_on_terminal(s, argv, options);
	else
		start_on_pipes(s, argv, options);
	s->pidfd = pidfd_open(s->pid, 0);
	ck_assert_int_ge(s->pidfd, 0);
	ck_assert_int_eq(fcntl(s->out, F_SETFL, O_NONBLOCK), 0);
}

void
spawn_shell(struct spawn *s, const struct spawn_options *options,
    const char *format, ...)
{
	char line[4096] = "exec ";
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line + 5, sizeof line - 5, format, args);
	va_end(args);
	ck_assert(n > 0 && (size_t)n < sizeof line - 5);
	spawn_start(
	    s, (const char *const[]){ "sh", "-c", line, NULL }, options);
}

void
spawn_write(const struct spawn *s, const void *bytes, size_t n)
{
	int64_t until_ns = await_deadline_ns();
	size_t done = 0;

	while (done < n) {
		struct pollfd p = { .fd = s->in, .events = POLLOUT };
		ssize_t part =
		    write(s->in, (const char *)bytes + done, n - done);

		if (part > 0)
			done += (size_t)part;
		else if (errno == EAGAIN &&
		    poll(&p, 1, await_left_ms(until_ns)) > 0)
			continue;
		else
			ck_abort_msg("writing to %d: %s; it said:\n%s",
			    (int)s->pid, strerror(errno), s->text);
	}
}

void
spawn_close_input(struct spawn *s)
{
	(void)close(s->in);
	s->in = -1;
}

/*
 * False at the end, which a terminal tells as EIO, and when nothing is there.
 * What does not fit is dropped.
 */
static bool
read_more(struct spawn *s)
{
	static char rest[4096];
	size_t room = sizeof s->text - 1 - s->size;
	ssize_t n = room > 0 ? read(s->out, s->text + s->size, room)
			     : read(s->out, rest, sizeof rest);

	if (n <= 0) {
		s->is_silent = n == 0 || errno != EAGAIN;
		return false;
	}
	if (room > 0)
		s->size += (size_t)n;
	s->text[s->size] = '\0';
	return true;
}

/* Until there is something to read, or the process has ended. */
static bool
wait_for_either(const struct spawn *s, int64_t until_ns)
{
	struct pollfd fds[] = { { .fd = s->is_silent ? -1 : s->out,
				    .events = POLLIN },
		{ .fd = s->pidfd, .events = POLLIN } };

	if (poll(fds, 2, await_left_ms(until_ns)) == 0)
		ck_abort_msg(
		    "process %d goes on; it said:\n%s", (int)s->pid, s->text);
	return (fds[1].revents & POLLIN) != 0;
}

void
spawn_expect_bytes(struct spawn *s, const void *bytes, size_t n)
{
	int64_t until_ns = await_deadline_ns();
	bool ended = false;
	char *found;

	while ((found = memmem(
		    s->text + s->seen, s->size - s->seen, bytes, n)) == NULL) {
		if (s->pid != 0 && read_more(s))
			continue;
		if (s->pid == 0 || ended || await_left_ms(until_ns) == 0)
			ck_abort_msg("'%.*s' did not come:\n%s", (int)n,
			    (const char *)bytes, s->text);
		ended = wait_for_either(s, until_ns);
	}
	s->seen = (size_t)(found - s->text) + n;
}

void
spawn_expect(struct spawn *s, const char *text)
{
	spawn_expect_bytes(s, text, strlen(text));
}

bool
spawn_said(const struct spawn *s, const char *text)
{
	return memmem(s->text, s->size, text, strlen(text)) != NULL;
}

unsigned
spawn_count(const struct spawn *s, const char *text)
{
	const char *at = s->text;
	unsigned count = 0;

	while ((at = strstr(at, text)) != NULL) {
		at++;
		count++;
	}
	return count;
}

void
spawn_signal(const struct spawn *s, int number)
{
	ck_assert_int_eq(kill(s->pid, number), 0);
}

int
spawn_wait(struct spawn *s)
{
	int64_t until_ns = await_deadline_ns();
	int status;

	while (!wait_for_either(s, until_ns))
		while (read_more(s))
			continue;
	while (read_more(s))
		continue;
	ck_assert_int_eq(waitpid(s->pid, &status, 0), s->pid);
	s->pid = 0;
	(void)close(s->pidfd);
	(void)close(s->out);
	if (s->in >= 0 && s->in != s->out)
		(void)close(s->in);
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : SPAWN_SIGNALLED + WTERMSIG(status);
}
