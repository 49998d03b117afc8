/* test_file: whole files and lines, read under adverse conditions. */
#include "common/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/suite.h"

enum {
	BIG = 300000 /* more than a pipe holds, and than two growths */
};

static struct errmsg e;
static char dir[256];
static char path[300];
static uint8_t big[BIG];

/* An empty directory, and a path in it that does not exist. */
static void
setup(void)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(
	    dir, sizeof dir, "%s/file.XXXXXX", tmp != NULL ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof path, "%s/f", dir);
	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (uint8_t)(i * 7 + i / 256);
}

static void
teardown(void)
{
	(void)unlink(path);
	ck_assert_int_eq(rmdir(dir), 0);
}

static void
write_file(const void *data, size_t size)
{
	ck_assert_msg(
	    file_write_atomically(path, data, size, 0600, true, &e) == 0, "%s",
	    e.text);
}

static void
expect_file(const void *data, size_t size)
{
	struct file_bytes b = FILE_BYTES_INIT;

	ck_assert_msg(file_read(&b, path, FILE_MAX, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(b.size, size);
	ck_assert_int_eq(memcmp(b.data, data, size), 0);
	ck_assert_int_eq(b.data[size], '\0');
	file_bytes_free(&b);
	ck_assert_ptr_null(b.data);
	ck_assert_uint_eq(b.size, 0);
	file_bytes_free(&b);
}

static void
expect_error(const char *reason)
{
	char text[600];

	(void)snprintf(text, sizeof text, "%s: %s", path, reason);
	ck_assert_str_eq(e.text, text);
}

START_TEST(round_trip)
{
	static const size_t sizes[] = { 0, 1, 16383, 16384, 16385, 32768, 32769,
		BIG };

	setup();
	write_file(big, sizes[_i]);
	expect_file(big, sizes[_i]);
	teardown();
}
END_TEST

START_TEST(read_limit)
{
	struct file_bytes b = FILE_BYTES_INIT;

	setup();
	write_file(big, 20000);
	ck_assert_int_eq(file_read(&b, path, 20000, &e), 0);
	file_bytes_free(&b);
	ck_assert_int_eq(file_read(&b, path, 19999, &e), -1);
	expect_error("larger than 19999 bytes");
	ck_assert_ptr_null(b.data);
	ck_assert_int_eq(file_read(&b, path, 0, &e), -1);
	ck_assert_int_eq(file_read(&b, "/dev/zero", 1 << 20, &e), -1);
	ck_assert_int_eq(file_read(&b, "/dev/null", 0, &e), 0);
	ck_assert_uint_eq(b.size, 0);
	file_bytes_free(&b);
	teardown();
}
END_TEST

START_TEST(read_errors)
{
	struct file_bytes b = FILE_BYTES_INIT;

	setup();
	ck_assert_int_eq(file_read(&b, path, FILE_MAX, &e), -1);
	expect_error("No such file or directory");
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(file_read(&b, path, FILE_MAX, &e), -1);
	expect_error("is a directory");
	ck_assert_int_eq(file_read(&b, "/proc/self/mem", FILE_MAX, &e), -1);
	ck_assert_str_eq(e.text, "/proc/self/mem: Input/output error");
	ck_assert_ptr_null(b.data);
	ck_assert_int_eq(file_read_line(&b, path, &e), -1);
	ck_assert_ptr_null(b.data);
	ck_assert_int_eq(rmdir(path), 0);
	teardown();
}
END_TEST

/* A child that writes to a pipe in pieces, so that reads are short. */
START_TEST(read_fifo_in_pieces)
{
	pid_t pid;

	setup();
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	pid = fork();
	if (pid == 0) {
		int fd = open(path, O_WRONLY);
		size_t sent = 0;

		while (sent < BIG) {
			size_t n = sent < 300 ? 1 : 1 + sent % 5000;

			n = n > BIG - sent ? BIG - sent : n;
			if (write(fd, big + sent, n) != (ssize_t)n)
				_exit(1);
			sent += n;
		}
		_exit(0);
	}
	expect_file(big, BIG);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	teardown();
}
END_TEST

/* Signals that the other process of a test has seen handled. */
static volatile sig_atomic_t *handled;

static void
on_signal(int number)
{
	(void)number;
	*handled = *handled + 1;
}

/* A handler that interrupts system calls, and counts where both can see. */
static void
interrupt_calls(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	handled = mmap(NULL, sizeof *handled, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne((void *)(uintptr_t)handled, MAP_FAILED);
	ck_assert_int_eq(sigaction(SIGUSR1, &action, NULL), 0);
}

/* Signals the parent, which is in a system call, until it noticed often. */
static void
interrupt_parent(int times)
{
	int until = *handled + times;

	while (*handled < until) {
		if (kill(getppid(), SIGUSR1) < 0)
			_exit(1);
		(void)sched_yield();
	}
}

START_TEST(read_is_interrupted)
{
	pid_t pid;

	setup();
	interrupt_calls();
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	pid = fork();
	if (pid == 0) {
		int fd = open(path, O_WRONLY);

		interrupt_parent(50);
		if (write(fd, big, 100) != 100)
			_exit(1);
		interrupt_parent(50);
		_exit(0);
	}
	expect_file(big, 100);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	teardown();
}
END_TEST

/* The pipe is full while signals come, so writes are cut and interrupted. */
START_TEST(write_all_is_interrupted)
{
	int status;
	int ends[2];
	pid_t pid;

	setup();
	interrupt_calls();
	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		static uint8_t got[BIG];
		size_t size = 0;
		ssize_t n;

		(void)close(ends[1]);
		interrupt_parent(50);
		while ((n = read(ends[0], got + size, BIG - size)) > 0)
			size += (size_t)n;
		_exit(size == BIG && memcmp(got, big, BIG) == 0 ? 0 : 1);
	}
	ck_assert_int_eq(file_write_all(ends[1], big, BIG), 0);
	(void)close(ends[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	teardown();
}
END_TEST

START_TEST(write_all_errors)
{
	int ends[2];

	ck_assert_int_eq(file_write_all(-1, big, 0), 0);
	ck_assert_int_eq(file_write_all(-1, big, 1), -EBADF);
	ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
	ck_assert_int_eq(file_write_all(ends[1], big, BIG), -EAGAIN);
	(void)close(ends[0]);
	(void)signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(file_write_all(ends[1], big, 1), -EPIPE);
	(void)close(ends[1]);
}
END_TEST

static const struct {
	const char *content, *line;
} lines[] = {
	{ "", "" },
	{ "\n", "" },
	{ "\r\n", "" },
	{ "\nsecond", "" },
	{ "secret", "secret" },
	{ "secret\n", "secret" },
	{ "secret\r\n", "secret" },
	{ "secret\nmore\n", "secret" },
	{ " a b ", " a b " },
	{ "a\rb\r\r\n", "a\rb\r" },
	{ "a\r", "a" },
};

/* What follows the line is cleared, too: it may be another secret. */
START_TEST(read_line)
{
	struct file_bytes b = FILE_BYTES_INIT;
	size_t size = strlen(lines[_i].content);

	setup();
	write_file(lines[_i].content, size);
	ck_assert_int_eq(file_read_line(&b, path, &e), 0);
	ck_assert_uint_eq(b.size, strlen(lines[_i].line));
	ck_assert_str_eq((char *)b.data, lines[_i].line);
	for (size_t i = b.size; i <= size; i++)
		ck_assert_int_eq(b.data[i], '\0');
	file_bytes_free(&b);
	teardown();
}
END_TEST

START_TEST(read_line_with_nul)
{
	struct file_bytes b = FILE_BYTES_INIT;

	setup();
	write_file("a\0b\nc", 5);
	ck_assert_int_eq(file_read_line(&b, path, &e), 0);
	ck_assert_uint_eq(b.size, 3);
	ck_assert_mem_eq(b.data, "a\0b\0\0", 6);
	file_bytes_free(&b);
	teardown();
}
END_TEST

START_TEST(bytes_set)
{
	struct file_bytes b = FILE_BYTES_INIT;

	ck_assert_int_eq(file_bytes_set(&b, NULL, 0), 0);
	ck_assert_uint_eq(b.size, 0);
	ck_assert_int_eq(b.data[0], '\0');
	file_bytes_free(&b);
	ck_assert_int_eq(file_bytes_set(&b, big, BIG), 0);
	ck_assert_uint_eq(b.size, BIG);
	ck_assert_int_eq(memcmp(b.data, big, BIG), 0);
	ck_assert_int_eq(b.data[BIG], '\0');
	file_bytes_free(&b);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("common/file");

	SUITE_ADD_LOOP(s, round_trip, 8);
	SUITE_ADD(s, read_limit);
	SUITE_ADD(s, read_errors);
	SUITE_ADD(s, read_fifo_in_pieces);
	SUITE_ADD(s, read_is_interrupted);
	SUITE_ADD(s, write_all_is_interrupted);
	SUITE_ADD(s, write_all_errors);
	SUITE_ADD_LOOP(s, read_line, sizeof lines / sizeof *lines);
	SUITE_ADD(s, read_line_with_nul);
	SUITE_ADD(s, bytes_set);
	return suite_run(s, argc, argv);
}
