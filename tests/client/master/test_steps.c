/* test_steps: lines out, bytes in, and sides that are gone. */
#include "client/master/steps.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/suite.h"

static struct errmsg e;
static struct io *io;
static struct steps steps;
static int other; /* the script's end */
static int gone;

static void
on_go(struct steps *s)
{
	ck_assert_ptr_eq(s, &steps);
	gone++;
}

static void
set_up(void)
{
	int pair[2];

	(void)signal(SIGPIPE, SIG_IGN); /* as signals_open does */
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert_int_eq(io_open(&io, &e), 0);
	other = pair[0];
	steps = (struct steps){ .fd = pair[1] };
}

static void
tear_down(void)
{
	steps_cancel(&steps);
	io_close(&io);
}

static void
expect_line(const char *line)
{
	char text[32] = "";

	ck_assert_int_eq(
	    read(other, text, strlen(line)), (ssize_t)strlen(line));
	ck_assert_str_eq(text, line);
}

static void
turn(int64_t wait_ns)
{
	io_wait(io, wait_ns);
	io_dispatch(io);
}

TEST(says_and_waits)
{
	ck_assert_int_eq(steps_report(&steps, io, "connected", on_go), 0);
	expect_line("connected\n");
	turn(0);
	ck_assert_int_eq(gone, 0);
	/* The second byte is for the second step. */
	ck_assert_int_eq(write(other, "xy", 2), 2);
	turn(-1);
	ck_assert_int_eq(gone, 1);
	turn(0);
	ck_assert_int_eq(gone, 1);
	ck_assert_int_eq(steps_report(&steps, io, "finished", on_go), 0);
	expect_line("finished\n");
	turn(-1);
	ck_assert_int_eq(gone, 2);
}

TEST(end_of_file_is_go)
{
	ck_assert_int_eq(steps_report(&steps, io, "connected", on_go), 0);
	(void)close(other);
	turn(-1);
	ck_assert_int_eq(gone, 1);
	ck_assert_int_eq(steps_report(&steps, io, "finished", on_go), -1);
}

/* It says no more, but listens. */
TEST(half_closed)
{
	ck_assert_int_eq(shutdown(other, SHUT_WR), 0);
	ck_assert_int_eq(steps_report(&steps, io, "connected", on_go), 0);
	turn(-1);
	ck_assert_int_eq(steps_report(&steps, io, "finished", on_go), 0);
	turn(-1);
	ck_assert_int_eq(gone, 2);
	expect_line("connected\nfinished\n");
}

TEST(gone_before)
{
	(void)close(other);
	ck_assert_int_eq(steps_report(&steps, io, "connected", on_go), -1);
	ck_assert_int_eq(gone, 0);
}

TEST(cancelled)
{
	ck_assert_int_eq(steps_report(&steps, io, "connected", on_go), 0);
	ck_assert_int_eq(write(other, "x", 1), 1);
	steps_cancel(&steps);
	turn(0);
	ck_assert_int_eq(gone, 0);
}

SUITE_BETWEEN("client/master/steps", set_up, tear_down)
