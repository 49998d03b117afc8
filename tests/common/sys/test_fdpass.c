/* test_fdpass: descriptors over unix sockets. */
#include "common/sys/fdpass.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/suite.h"

static int pair[2];

static void
setup(void)
{
	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
}

static void
teardown(void)
{
	(void)close(pair[0]);
	(void)close(pair[1]);
}

TEST(message_and_descriptor)
{
	int pipe_fds[2], fd;
	char text[16];

	ck_assert_int_eq(pipe(pipe_fds), 0);
	ck_assert_int_eq(fdpass_send(pair[0], "hello", 5, pipe_fds[1]), 0);
	(void)close(pipe_fds[1]); /* a copy is on its way */
	ck_assert_int_eq(fdpass_receive(pair[1], text, sizeof text, &fd), 5);
	ck_assert_mem_eq(text, "hello", 5);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	ck_assert_int_eq(read(pipe_fds[0], text, 1), 1);
	(void)close(fd);
	ck_assert_int_eq(read(pipe_fds[0], text, 1), 0);
	(void)close(pipe_fds[0]);
}

TEST(message_without_descriptor)
{
	char text[16];
	int fd = 42;

	ck_assert_int_eq(fdpass_send(pair[0], "hello", 5, -1), 0);
	ck_assert_int_eq(fdpass_receive(pair[1], text, sizeof text, &fd), 5);
	ck_assert_int_eq(fd, -1);
}

/* Neither blocks, though the sockets do. */
TEST(never_blocks)
{
	char text[16];
	int fd = 42, error;

	ck_assert_int_eq(
	    fdpass_receive(pair[1], text, sizeof text, &fd), -EAGAIN);
	ck_assert_int_eq(fd, -1);
	do
		error = fdpass_send(pair[0], "x", 1, -1);
	while (error == 0);
	ck_assert_int_eq(error, -EAGAIN);
}

/* No signal, either: SIGPIPE would end this process. */
TEST(end_of_file)
{
	char text[16];
	int fd = 42;

	(void)close(pair[0]);
	ck_assert_int_eq(fdpass_receive(pair[1], text, sizeof text, &fd), 0);
	ck_assert_int_eq(fd, -1);
	ck_assert_int_eq(fdpass_send(pair[1], "x", 1, -1), -EPIPE);
	pair[0] = -1;
}

TEST(descriptor_that_is_none)
{
	ck_assert_int_eq(fdpass_send(pair[0], "x", 1, 1000), -EBADF);
}

TEST(no_room_for_the_descriptor)
{
	struct rlimit limit = { .rlim_cur = 32, .rlim_max = 32 };
	char text[16];
	int fd = 42;

	ck_assert_int_eq(fdpass_send(pair[0], "hello", 5, 0), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	while (dup(0) >= 0)
		;
	ck_assert_int_eq(fdpass_receive(pair[1], text, sizeof text, &fd), 5);
	ck_assert_int_eq(fd, -1);
}

/* It is given up for a message only, and had again afterwards. */
TEST(spare_one)
{
	char text[16];
	int spare = -1, fd = 42, old;

	ck_assert_int_eq(
	    fdpass_receive_with_spare(pair[1], text, sizeof text, &fd, &spare),
	    -EAGAIN);
	ck_assert_int_eq(fd, -1);
	ck_assert_int_eq(fcntl(spare, F_GETFD), FD_CLOEXEC);
	old = spare;
	fdpass_keep_spare(&spare);
	ck_assert_int_eq(spare, old);
	ck_assert_int_eq(fdpass_send(pair[0], "hello", 5, 0), 0);
	ck_assert_int_eq(
	    fdpass_receive_with_spare(pair[1], text, sizeof text, &fd, &spare),
	    5);
	ck_assert_int_eq(memcmp(text, "hello", 5), 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(spare, F_GETFD), FD_CLOEXEC);
	ck_assert_int_ne(fd, spare);
	(void)close(fd);
	(void)close(pair[0]);
	pair[0] = -1;
	ck_assert_int_eq(
	    fdpass_receive_with_spare(pair[1], text, sizeof text, &fd, &spare),
	    0);
	ck_assert_int_eq(fd, -1);
	ck_assert_int_ge(fcntl(spare, F_GETFD), 0);
	(void)close(spare);
}

SUITE_BETWEEN("common/sys/fdpass", setup, teardown)
