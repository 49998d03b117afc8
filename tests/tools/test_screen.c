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
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/background.h"
#include "tests/support/in_child.h"
#include "tests/support/process.h"
#include "tests/support/suite.h"

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
open_screen(void)
{
	return screen_open(&screen, &e) == 0 ? 0 : FAILED;
}

/* Returns the last event's number. */
static int
show_and_wait(void)
{
	enum screen_event event = SCREEN_FAILED;

	if (open_screen() != 0)
		return FAILED;
	if (show("first line\nsecond line\nthird line\n") == SCREEN_DONE)
		event = wait_long();
	screen_close(&screen);
	return (int)event;
}

TEST(terminals_get_plain_text)
{
	background_start_on_terminal(&b, show_and_wait, 24, 80);
	background_expect(&b, "first line\r\nsecond line\r\nthird line\r\n");
	ck_assert_ptr_null(strchr(b.text, '\033'));
	background_type(&b, "\003"); /* ^C */
	ck_assert_int_eq(background_finish(&b), SCREEN_STOP);
}

static int
tell_width(void)
{
	return (int)screen_width();
}

TEST(width_is_that_of_the_terminal)
{
	background_start_on_terminal(&b, tell_width, 24, 77);
	ck_assert_int_eq(background_finish(&b), 77);
	background_start(&b, tell_width);
	ck_assert_int_eq(background_finish(&b), 0);
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
	if (open_screen() != 0)
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
	if (open_screen() != 0 || show("text\n") != SCREEN_FAILED)
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

	ck_assert_int_eq(open_screen(), 0);
	ck_assert_int_eq(screen_wait(screen, until_ns), SCREEN_DONE);
	ck_assert_int_ge(clock_now_ns(), until_ns);
	ck_assert_int_eq(screen_wait(screen, 0), SCREEN_DONE);
	screen_close(&screen);
	ck_assert_ptr_null(screen);
	screen_close(&screen);
}

SUITE("tools/screen")
