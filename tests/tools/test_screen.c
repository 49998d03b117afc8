/* Tests of tools/screen, on pipes and on terminals. */
#include "tools/screen.h"

#include <check.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/background.h"
#include "tests/support/in_child.h"
#include "tests/support/process.h"
#include "tests/support/suite.h"

#define ENTER "\033[?1049h\033[?25l"
#define LEAVE "\033[?25h\033[?1049l"

enum {
	FAILED = 9,
	PIPES = 25 /* of PIPE_BUF: whole pages, more than a pipe holds */
};

static struct background b;
static struct screen *screen;
static struct errmsg e;
static const char *text;

static int
print_text(void *arg, FILE *out)
{
	(void)arg;
	fputs(text, out);
	return 0;
}

static enum screen_event
show(const char *what)
{
	text = what;
	return screen_print(screen, print_text, NULL, &e);
}

static enum screen_event
wait_long(void)
{
	return screen_wait(screen, clock_now_ns() + 3600 * CLOCK_NS_PER_S);
}

static int
open_screen(bool in_place)
{
	return screen_open(&screen, in_place, &e) == 0 ? 0 : FAILED;
}

/* Shows and waits while the size changes; returns the last event's number. */
static int
show_and_wait(void)
{
	enum screen_event event;

	if (open_screen(true) != 0)
		return FAILED;
	do {
		if (show("first line\nsecond line\nthird line\n") !=
		    SCREEN_DONE)
			return FAILED;
		event = wait_long();
	} while (event == SCREEN_CHANGED);
	screen_close(&screen);
	return (int)event;
}

static void
start_on_terminal(int rows, int columns)
{
	ck_assert_int_eq(setenv("TERM", "xterm", 1), 0);
	background_start_on_terminal(&b, show_and_wait, rows, columns);
	background_expect(&b, ENTER "\033[H");
}

TEST(terminal_is_drawn_in_place_and_restored)
{
	start_on_terminal(24, 80);
	background_expect(&b,
	    "first line\033[K\r\nsecond line\033[K\r\nthird line\033[K"
	    "\r\n\033[K\033[J");
	background_type(&b, "\003"); /* ^C */
	background_expect(&b, LEAVE);
	ck_assert_int_eq(background_finish(&b), SCREEN_STOP);
}

TEST(what_is_too_large_is_cut)
{
	start_on_terminal(3, 5);
	background_expect(&b, "first\033[K\r\n2 more lines do not fit");
	background_resize(&b, 3, 80);
	background_expect(&b, "first line\033[K\r\n2 more lines");
	background_resize(&b, 24, 80);
	background_expect(&b, "third line\033[K\r\n\033[K\033[J");
	background_signal(&b, SIGTERM);
	background_expect(&b, LEAVE);
	ck_assert_int_eq(background_finish(&b), SCREEN_STOP);
}

TEST(stopped_process_gives_the_screen_back)
{
	int status;

	start_on_terminal(24, 80);
	background_expect(&b, "third line");
	background_signal(&b, SIGTSTP);
	background_expect(&b, LEAVE);
	ck_assert_int_eq(waitpid(b.pid, &status, WUNTRACED), b.pid);
	ck_assert(WIFSTOPPED(status));
	background_signal(&b, SIGCONT);
	background_expect(&b, ENTER);
	background_expect(&b, "third line");
	background_signal(&b, SIGHUP);
	background_expect(&b, LEAVE);
	ck_assert_int_eq(background_finish(&b), SCREEN_STOP);
}

static int
stop_outside(bool shows_first)
{
	enum screen_event event;

	if (open_screen(true) != 0 ||
	    (shows_first && show("in place\n") != SCREEN_DONE))
		return FAILED;
	if (shows_first)
		screen_leave(screen);
	(void)raise(SIGTSTP);
	event = wait_long();
	screen_close(&screen);
	return (int)event;
}

static int
stop_before_showing(void)
{
	return stop_outside(false);
}

static int
stop_after_leaving(void)
{
	return stop_outside(true);
}

TEST_LOOP(stopped_outside_the_alternate_screen_stays_there, 2)
{
	const char *entered;
	int status;

	ck_assert_int_eq(setenv("TERM", "xterm", 1), 0);
	background_start_on_terminal(
	    &b, _i == 0 ? stop_before_showing : stop_after_leaving, 24, 80);
	ck_assert_int_eq(waitpid(b.pid, &status, WUNTRACED), b.pid);
	ck_assert(WIFSTOPPED(status));
	background_signal(&b, SIGCONT);
	ck_assert_int_eq(background_finish(&b), SCREEN_CHANGED);
	entered = strstr(b.text, ENTER);
	ck_assert(
	    _i == 0 ? entered == NULL : strstr(entered + 1, ENTER) == NULL);
}

static int
leave_and_show(void)
{
	if (open_screen(true) != 0 || show("in place\n") != SCREEN_DONE)
		return FAILED;
	if (!screen_is_in_place(screen) || screen_width(screen) != 80)
		return FAILED;
	screen_leave(screen);
	if (screen_is_in_place(screen) || screen_width(screen) != 0)
		return FAILED;
	if (show("for good\n") != SCREEN_DONE)
		return FAILED;
	screen_close(&screen);
	return 0;
}

TEST(what_is_shown_after_leaving_stays)
{
	ck_assert_int_eq(setenv("TERM", "xterm", 1), 0);
	background_start_on_terminal(&b, leave_and_show, 24, 80);
	background_expect(&b, "in place\033[K");
	background_expect(&b, LEAVE "for good\r\n");
	ck_assert_int_eq(background_finish(&b), 0);
	ck_assert_uint_eq(b.seen, b.size);
}

static int
touch_what_was_cut_short(void)
{
	int fd = memfd_create("cut", MFD_CLOEXEC);
	char *map;

	if (open_screen(true) != 0 || show("shown\n") != SCREEN_DONE ||
	    ftruncate(fd, 4096) < 0)
		return FAILED;
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED || ftruncate(fd, 0) < 0)
		return FAILED;
	return *(volatile char *)map;
}

TEST(segment_cut_short_restores_the_terminal)
{
	ck_assert_int_eq(setenv("TERM", "xterm", 1), 0);
	background_start_on_terminal(&b, touch_what_was_cut_short, 24, 80);
	background_expect(&b, "shown");
	background_expect(&b, LEAVE);
	background_expect(
	    &b, "tlsecho-stat: the segment was cut short while it was read");
	ck_assert_int_eq(background_finish(&b), 1);
}

static void
expect_plain_text(void)
{
	background_expect(&b, "first line\r\nsecond line\r\nthird line\r\n");
	ck_assert_ptr_null(strchr(b.text, '\033'));
	background_signal(&b, SIGINT);
	ck_assert_int_eq(background_finish(&b), SCREEN_STOP);
}

TEST(dumb_terminals_get_plain_text)
{
	ck_assert_int_eq(setenv("TERM", "dumb", 1), 0);
	background_start_on_terminal(&b, show_and_wait, 24, 80);
	expect_plain_text();
}

TEST(unknown_terminals_get_plain_text)
{
	ck_assert_int_eq(unsetenv("TERM"), 0);
	background_start_on_terminal(&b, show_and_wait, 24, 80);
	expect_plain_text();
}

TEST_LOOP(pipes_get_plain_text_at_once, 3)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

	background_start(&b, show_and_wait);
	background_expect(&b, "first line\nsecond line\nthird line\n");
	background_signal(&b, numbers[_i]);
	ck_assert_int_eq(background_finish(&b), SCREEN_STOP);
	ck_assert_uint_eq(b.seen, b.size);
}

/* A signal that is blocked would be read as data, ignored or not. */
TEST_LOOP(nohup_is_respected, 2)
{
	char blocked[PROCESS_TEXT];

	(void)signal(SIGHUP, _i == 0 ? SIG_DFL : SIG_IGN);
	background_start(&b, show_and_wait);
	background_expect(&b, "third line\n");
	ck_assert(process_status(b.pid, "SigBlk", blocked));
	ck_assert_int_eq(
	    (strtoull(blocked, NULL, 16) >> (SIGHUP - 1)) & 1, _i == 0);
	background_signal(&b, SIGTERM);
	ck_assert_int_eq(background_finish(&b), SCREEN_STOP);
}

TEST(reader_that_leaves_ends_the_wait)
{
	background_start(&b, show_and_wait);
	background_expect(&b, "third line\n");
	background_stop_reading(&b);
	ck_assert_int_eq(background_finish(&b), SCREEN_STOP);
}

static int
write_without_end(void)
{
	static char much[PIPES * PIPE_BUF + 1];
	enum screen_event event;

	memset(much, 'x', sizeof much - 1);
	if (open_screen(false) != 0)
		return FAILED;
	while ((event = show(much)) == SCREEN_DONE)
		continue;
	screen_close(&screen);
	return (int)event;
}

static void
await_full_pipe(void)
{
	int capacity = fcntl(b.fd, F_GETPIPE_SZ);
	int used = 0;

	while (used < capacity) {
		ck_assert_int_eq(ioctl(b.fd, FIONREAD, &used), 0);
		(void)sched_yield();
	}
}

/* Nobody reads, and yet the signal must be heard. */
TEST(signals_are_heard_while_a_pipe_is_full)
{
	background_start(&b, write_without_end);
	await_full_pipe();
	background_signal(&b, SIGTERM);
	ck_assert_int_eq(in_child_wait(b.pid), SCREEN_STOP);
	background_stop_reading(&b);
}

TEST(reader_that_leaves_ends_the_writing)
{
	background_start(&b, write_without_end);
	background_expect(&b, "xxxx");
	background_stop_reading(&b);
	ck_assert_int_eq(background_finish(&b), SCREEN_STOP);
}

static int
write_to_full_disk(void)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)dup2(fd, STDOUT_FILENO);
	if (open_screen(false) != 0 || show("text\n") != SCREEN_FAILED)
		return FAILED;
	return strcmp(e.text, "standard output: No space left on device");
}

TEST(full_disk_is_reported)
{
	background_start(&b, write_to_full_disk);
	ck_assert_int_eq(background_finish(&b), 0);
}

TEST(wait_ends_in_time)
{
	int64_t until_ns = clock_now_ns() + 20 * CLOCK_NS_PER_MS;

	ck_assert_int_eq(open_screen(false), 0);
	ck_assert_int_eq(screen_wait(screen, until_ns), SCREEN_DONE);
	ck_assert_int_ge(clock_now_ns(), until_ns);
	ck_assert_int_eq(screen_wait(screen, 0), SCREEN_DONE);
	screen_close(&screen);
	ck_assert_ptr_null(screen);
	screen_close(&screen);
}

SUITE("tools/screen")
