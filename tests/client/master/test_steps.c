/* test_steps: lines out, answers in, and sides that are gone. */
#include "client/master/steps.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/suite.h"

static struct errmsg e;
static struct io *io;
static struct steps steps;
static int other; /* the script's end; of --steps the launcher's output */
static int lines; /* and what it reads */
static int gone, lost;

static void
on_go(struct steps *s)
{
	ck_assert_ptr_eq(s, &steps);
	gone++;
}

static void
on_lost(struct steps *s)
{
	ck_assert_ptr_eq(s, &steps);
	lost++;
}

static void
set_up(void)
{
	(void)signal(SIGPIPE, SIG_IGN); /* as signals_open does */
	ck_assert_int_eq(io_open(&io, &e), 0);
}

static void
tear_down(void)
{
	steps_close(&steps);
	io_close(&io);
}

static void
open_script(void)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	other = lines = pair[0];
	steps = (struct steps){ .mode = STEPS_FD, .fd = pair[1] };
	ck_assert_int_eq(steps_open(&steps, io, "hello", &e), 0);
}

/* On the standard streams of this process. */
static void
prepare(enum steps_mode mode)
{
	int in[2];
	int out[2];

	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	ck_assert_int_eq(dup2(in[0], STDIN_FILENO), STDIN_FILENO);
	ck_assert_int_eq(dup2(out[1], STDOUT_FILENO), STDOUT_FILENO);
	(void)close(in[0]);
	(void)close(out[1]);
	other = in[1];
	lines = out[0];
	steps = (struct steps){ .mode = mode, .on_lost = on_lost };
}

static void
expect_line(const char *line)
{
	char text[64] = "";

	ck_assert_int_eq(
	    read(lines, text, strlen(line)), (ssize_t)strlen(line));
	ck_assert_str_eq(text, line);
}

static void
open_standard(enum steps_mode mode)
{
	prepare(mode);
	ck_assert_int_eq(steps_open(&steps, io, "hello 1", &e), 0);
	expect_line("hello 1\n");
}

static void
turn(int64_t wait_ns)
{
	io_wait(io, wait_ns);
	io_dispatch(io);
}

static void
answer(const char *bytes)
{
	ck_assert_int_eq(
	    write(other, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

TEST(script_answers)
{
	open_script();
	ck_assert(steps_report(&steps, "connected", on_go));
	expect_line("connected\n");
	turn(0);
	ck_assert_int_eq(gone, 0);
	/* The second byte is for the second step. */
	answer("xy");
	turn(-1);
	turn(-1);
	ck_assert_int_eq(gone, 1);
	ck_assert(!steps_report(&steps, "finished", on_go));
	expect_line("finished\n");
	ck_assert_int_eq(gone, 1);
}

TEST(script_hangs_up)
{
	open_script();
	ck_assert(steps_report(&steps, "connected", on_go));
	(void)close(other);
	turn(-1);
	ck_assert_int_eq(gone, 1);
	ck_assert(!steps_report(&steps, "finished", on_go));
}

/* It says no more, but listens. */
TEST(script_half_closed)
{
	open_script();
	ck_assert_int_eq(shutdown(other, SHUT_WR), 0);
	turn(-1);
	ck_assert(!steps_report(&steps, "connected", on_go));
	ck_assert(!steps_report(&steps, "finished", on_go));
	turn(0);
	ck_assert_int_eq(gone, 0);
	expect_line("connected\nfinished\n");
}

TEST(script_gone_before)
{
	open_script();
	(void)close(other);
	ck_assert(!steps_report(&steps, "connected", on_go));
	ck_assert_int_eq(gone, 0);
}

TEST(closed)
{
	open_script();
	ck_assert(steps_report(&steps, "connected", on_go));
	answer("x");
	steps_close(&steps);
	turn(0);
	ck_assert_int_eq(gone, 0);
}

TEST(nobody)
{
	steps = (struct steps){ .mode = STEPS_NONE };
	ck_assert_int_eq(steps_open(&steps, io, "hello", &e), 0);
	ck_assert(!steps_report(&steps, "connected", on_go));
}

TEST(newlines)
{
	open_standard(STEPS_STDIO);
	ck_assert(steps_report(&steps, "connected", on_go));
	expect_line("connected\n");
	turn(0);
	ck_assert_int_eq(gone, 0);
	answer("\n");
	turn(-1);
	ck_assert_int_eq(gone, 1);
	/* Before its line. */
	answer("\n");
	turn(-1);
	ck_assert(!steps_report(&steps, "measured", on_go));
	expect_line("measured\n");
	ck_assert_int_eq(lost, 0);
}

static const struct {
	const char *input, *trouble;
} wrong[] = {
	{ "", "standard input ended" },
	{ "\n", "standard input ended" },
	{ "\n\n", "standard input ended" },
	{ "\n\n\n", "standard input had more than 2 newlines" },
	{ "go\n", "standard input had the byte 0x67, which is no newline," },
	{ "\n\xff", "standard input had the byte 0xff, which is no newline," },
};

/* Whether it waits or not; once. */
TEST_EACH(wrong_input, wrong)
{
	open_standard(STEPS_STDIO);
	answer(wrong[_i].input);
	(void)close(other);
	ck_assert(steps_report(&steps, "connected", on_go));
	for (int i = 0; i < 4; i++)
		turn(0);
	ck_assert_int_eq(lost, 1);
	ck_assert_str_eq(steps.trouble.text, wrong[_i].trouble);
	ck_assert_int_eq(gone, wrong[_i].input[0] == '\n');
}

TEST(nobody_reads)
{
	open_standard(STEPS_STDIO);
	(void)close(lines);
	ck_assert(steps_report(&steps, "connected", on_go));
	ck_assert_int_eq(lost, 1);
	ck_assert_str_eq(steps.trouble.text, "standard output: Broken pipe");
	answer("\n");
	turn(0);
	ck_assert_int_eq(gone, 0);
}

TEST(nobody_reads_hello)
{
	prepare(STEPS_SIGNAL);
	(void)close(lines);
	ck_assert_int_eq(steps_open(&steps, io, "hello", &e), -1);
	ck_assert_str_eq(e.text, "standard output: Broken pipe");
}

static const char *const no_inputs[] = { "/dev/null", "/etc/passwd" };

TEST_EACH(cannot_wait_for, no_inputs)
{
	int fd = open(no_inputs[_i], O_RDONLY | O_CLOEXEC);

	prepare(STEPS_STDIO);
	ck_assert_int_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	ck_assert_int_eq(steps_open(&steps, io, "hello", &e), -1);
	ck_assert_str_eq(e.text,
	    "--steps: standard input is neither a pipe, nor a socket, nor a "
	    "terminal");
}

/* Nothing is read. */
TEST(signals)
{
	open_standard(STEPS_SIGNAL);
	(void)close(other);
	turn(0);
	steps_answer(&steps);
	ck_assert(!steps_report(&steps, "connected", on_go));
	ck_assert(steps_report(&steps, "measured", on_go));
	ck_assert_int_eq(gone, 0);
	steps_answer(&steps);
	ck_assert_int_eq(gone, 1);
	expect_line("connected\nmeasured\n");
	ck_assert_int_eq(lost, 0);
}

SUITE_BETWEEN("client/master/steps", set_up, tear_down)
