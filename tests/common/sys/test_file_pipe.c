/* test_file_pipe: short reads, cut writes, and signals in between. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/sys/file.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

enum {
	BIG = 300000 /* more than a pipe holds */
};

static const char path[] = "pipe";
static struct errmsg e;
static uint8_t big[BIG];

static void
setup(void)
{
	scratch_enter();
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (uint8_t)(i * 7 + i / 256);
}

/* The pipe delivers this much of what is big. */
static void
expect(size_t size)
{
	struct file_bytes b = FILE_BYTES_INIT;

	ck_assert_msg(file_read(&b, path, FILE_MAX, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(b.size, size);
	ck_assert_int_eq(memcmp(b.data, big, size), 0);
	file_bytes_free(&b);
}

/* A child that writes to a pipe in pieces, so that reads are short. */
TEST(read_fifo_in_pieces)
{
	pid_t pid;

	setup();
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
	expect(BIG);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	scratch_leave();
}

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

/* A pipe is full, so its writer waits. */
static void
wait_until_full(int pipe_end)
{
	int size = 0;

	while (size < fcntl(pipe_end, F_GETPIPE_SZ)) {
		if (ioctl(pipe_end, FIONREAD, &size) < 0)
			_exit(1);
		(void)sched_yield();
	}
}

TEST(read_is_interrupted)
{
	pid_t pid;

	setup();
	interrupt_calls();
	pid = fork();
	if (pid == 0) {
		int fd = open(path, O_WRONLY);

		interrupt_parent(50);
		if (write(fd, big, 100) != 100)
			_exit(1);
		interrupt_parent(50);
		_exit(0);
	}
	expect(100);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	scratch_leave();
}

/* The pipe is full while signals come, so writes are cut and interrupted. */
TEST(write_all_is_interrupted)
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
		wait_until_full(ends[0]);
		interrupt_parent(50);
		while ((n = read(ends[0], got + size, BIG - size)) > 0)
			size += (size_t)n;
		_exit(size == BIG && memcmp(got, big, BIG) == 0 ? 0 : 1);
	}
	ck_assert_int_eq(file_write_all(ends[1], big, BIG), 0);
	(void)close(ends[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	scratch_leave();
}

TEST(write_all_errors)
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

SUITE("common/sys/file_pipe")
