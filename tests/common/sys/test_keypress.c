/* test_keypress: keys on a pseudo-terminal, and its end. */
#include "common/sys/keypress.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/in_child.h"
#include "tests/support/suite.h"

static struct keypress keys;
static struct errmsg e;
static int ours, terminal;

static void
open_terminal(void)
{
	if (terminal == 0)
		ck_assert_int_eq(
		    openpty(&ours, &terminal, NULL, NULL, NULL), 0);
	ck_assert_int_eq(keypress_open(&keys, terminal, &e), 0);
	ck_assert_int_eq(keypress_fd(&keys), terminal);
}

static bool
is_readable(int wait_ms)
{
	struct pollfd p = { .fd = keypress_fd(&keys), .events = POLLIN };

	return poll(&p, 1, wait_ms) == 1;
}

static void
type(const char *text)
{
	ck_assert_int_eq(
	    write(ours, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert(is_readable(await_left_ms(await_deadline_ns())));
}

/* One byte, a function key's sequence, and what ends a line or a file. */
TEST_LOOP(any_key, 5)
{
	static const char *const all[] = { "x", "\033[15~", "\r", "\004", " " };

	open_terminal();
	ck_assert(!is_readable(0));
	ck_assert(!keypress_read(&keys)); /* does not wait */
	type(all[_i]);
	ck_assert(keypress_read(&keys));
	ck_assert(!is_readable(0));
	keypress_close(&keys);
}

TEST(settings_come_back)
{
	struct termios before;
	struct termios after;

	ck_assert_int_eq(openpty(&ours, &terminal, NULL, NULL, NULL), 0);
	ck_assert_int_eq(tcgetattr(terminal, &before), 0);
	ck_assert_int_eq(keypress_open(&keys, terminal, &e), 0);
	ck_assert_int_eq(tcgetattr(terminal, &after), 0);
	ck_assert_uint_ne(after.c_lflag, before.c_lflag);
	ck_assert_uint_ne(after.c_lflag & ISIG, 0);
	keypress_close(&keys);
	ck_assert_int_eq(tcgetattr(terminal, &after), 0);
	ck_assert_uint_eq(after.c_lflag, before.c_lflag);
	ck_assert_mem_eq(after.c_cc, before.c_cc, sizeof before.c_cc);
	ck_assert_int_eq(keypress_fd(&keys), -1);
	keypress_close(&keys);
}

/* Or its owner would be woken for ever by what it never reads. */
TEST(terminal_is_gone)
{
	(void)signal(SIGHUP, SIG_IGN);
	open_terminal();
	ck_assert_int_eq(close(ours), 0);
	ck_assert(is_readable(await_left_ms(await_deadline_ns())));
	ck_assert(keypress_read(&keys));
	keypress_close(&keys);
}

TEST(not_a_terminal)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(keypress_open(&keys, ends[0], &e), -1);
	ck_assert_str_eq(e.text, "standard input is not a terminal");
	ck_assert_int_eq(keypress_fd(&keys), -1);
	keypress_close(&keys);
}

/* Who is stopped instead of going on fails. */
static void
use_in_background(void)
{
	open_terminal();
	if (setpgid(0, 0) != 0 || !keypress_is_background(terminal) ||
	    keypress_fd(&keys) != -1 || write(ours, "x", 1) != 1 ||
	    keypress_read(&keys))
		_exit(1);
	keypress_close(&keys);
	_exit(keypress_open(&keys, terminal, &e) == -1 &&
		    strncmp(e.text, "another job has the terminal", 28) == 0
		? 0
		: 2);
}

/* A session of its own, whose foreground the terminal is at first. */
static void
leave_foreground(void)
{
	int status;
	pid_t pid;

	(void)setsid();
	if (openpty(&ours, &terminal, NULL, NULL, NULL) != 0 ||
	    ioctl(terminal, TIOCSCTTY, 0) != 0)
		_exit(3);
	pid = fork();
	if (pid == 0)
		use_in_background();
	if (waitpid(pid, &status, WUNTRACED) != pid)
		_exit(4);
	if (!WIFEXITED(status))
		(void)kill(pid, SIGKILL);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 5);
}

TEST(another_job_has_the_terminal)
{
	ck_assert_int_eq(in_child_status(leave_foreground), 0);
}

SUITE("common/sys/keypress")
