/* test_fd: descriptors as text and in pairs. */
#include "common/sys/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/in_child.h"
#include "tests/support/suite.h"

static struct errmsg e;
static unsigned closed; /* standard streams, as bits */

/* With any of them closed, nobody could read what an assertion prints. */
static void
open_those_that_are_closed(void)
{
	char byte = 'x';

	for (int fd = 0; fd < 3; fd++)
		if (closed & 1U << fd)
			(void)close(fd);
	if (fd_open_standard(&e) < 0)
		_exit(1);
	if (dup(STDIN_FILENO) < 3)
		_exit(2);
	for (int fd = 0; fd < 3; fd++) {
		if ((closed & 1U << fd) == 0)
			continue;
		if ((fd == 0 ? read(fd, &byte, 1) : write(fd, &byte, 1)) >= 0 ||
		    errno != EBADF)
			_exit(3);
	}
}

/* Each set of them; none is the first. */
TEST_LOOP(standard_streams, 8)
{
	closed = (unsigned)_i;
	ck_assert_int_eq(in_child_status(open_those_that_are_closed), 0);
}

static void
write_beyond_the_limit(void)
{
	struct rlimit limit;
	FILE *file = tmpfile();

	if (file == NULL || fd_open_standard(&e) < 0)
		_exit(1);
	if (getrlimit(RLIMIT_FSIZE, &limit) < 0)
		_exit(2);
	limit.rlim_cur = 0;
	if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
		_exit(3);
	if (write(fileno(file), "x", 1) >= 0 || errno != EFBIG)
		_exit(4);
}

TEST(size_limit_is_an_error)
{
	ck_assert_int_eq(in_child_status(write_beyond_the_limit), 0);
}

TEST(open_descriptor)
{
	char text[16];
	int got = -1;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)snprintf(text, sizeof text, "%d", fd);
	ck_assert_int_eq(fd_parse(text, &got, &e), 0);
	ck_assert_int_eq(got, fd);
	(void)close(fd);
	ck_assert_int_eq(fd_parse(text, &got, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "is not an open descriptor"));
}

/* The second one is 3 when it is cut to 32 bits. */
static const char *const not_open[] = { "99", "4294967299", "x", "-1", "" };

TEST_EACH(no_descriptor, not_open)
{
	int got = -7;

	ck_assert_int_eq(fd_parse(not_open[_i], &got, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, not_open[_i]));
	ck_assert_int_eq(got, -7);
}

TEST(pair)
{
	char text[8];
	int a, b;

	ck_assert_int_eq(fd_open_pair(&a, &b, &e), 0);
	ck_assert_int_eq(fcntl(a, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(b, F_GETFD), FD_CLOEXEC);
	ck_assert_int_lt(read(a, text, sizeof text), 0); /* does not block */
	ck_assert_int_eq(write(b, "one", 3), 3);
	ck_assert_int_eq(write(b, "two", 3), 3);
	ck_assert_int_eq(read(a, text, sizeof text), 3); /* one message */
	(void)close(b);
	ck_assert_int_eq(read(a, text, sizeof text), 3);
	ck_assert_int_eq(read(a, text, sizeof text), 0);
	(void)close(a);
}

TEST(no_room_for_a_pair)
{
	struct rlimit enough, none;
	int a = -7, b = -7;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &enough), 0);
	none = (struct rlimit){ 0, enough.rlim_max };
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	ck_assert_int_eq(fd_open_pair(&a, &b, &e), -1);
	/* What looks for leaks when the program ends wants descriptors. */
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &enough), 0);
	ck_assert_str_eq(e.text, "socketpair: Too many open files");
	ck_assert_int_eq(a, -7);
}

static void
close_others(void)
{
	int kept[] = { dup(0), -1, dup(0) }, other = dup(0);

	kept[1] = fcntl(0, F_DUPFD, 100);
	fd_close_others(kept, sizeof kept / sizeof *kept);
	for (int i = 0; i < 3; i++)
		if (fcntl(kept[i], F_GETFD) < 0 || fcntl(i, F_GETFD) < 0)
			_exit(1);
	if (fcntl(other, F_GETFD) >= 0 || fcntl(99, F_GETFD) >= 0)
		_exit(2);
	fd_close_others((const int[]){ -1 }, 1);
	if (fcntl(kept[1], F_GETFD) >= 0)
		_exit(3);
}

TEST(others_are_closed)
{
	ck_assert_int_eq(in_child_status(close_others), 0);
}

TEST(wait_until_readable)
{
	int one, other;

	ck_assert_int_eq(fd_open_pair(&one, &other, &e), 0);
	ck_assert(!fd_wait_readable(one, 0));
	ck_assert_int_eq(write(other, "x", 1), 1);
	ck_assert(fd_wait_readable(one, 0));
	ck_assert(fd_wait_readable(one, INT64_MAX));
	(void)close(one);
	(void)close(other);
}

static void
poll_without_descriptors(void)
{
	struct pollfd fds[3] = { { .fd = 0, .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
		{ .fd = 1, .events = POLLPRI } };
	struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_NOFILE, &none) < 0)
		_exit(1);
	if (fd_poll(fds, 3, 0) != 1)
		_exit(2);
	if (fds[0].revents != POLLIN || fds[1].revents != 0 ||
	    fds[2].revents != 0)
		_exit(3);
	if (fd_poll(NULL, 0, 0) != 0)
		_exit(4);
}

/* Of which nothing is to be read: as many as the limit are asked at a time. */
static void
poll_with_one_descriptor(void)
{
	struct pollfd fds[2] = { { .fd = -1 }, { .events = POLLIN } };
	struct rlimit one = { 1, 1 };
	int ends[2];

	if (pipe(ends) < 0 || setrlimit(RLIMIT_NOFILE, &one) < 0)
		_exit(1);
	fds[1].fd = ends[0];
	if (fd_poll(fds, 2, 0) != 0 || fds[1].revents != 0)
		_exit(2);
	if (write(ends[1], "", 1) != 1 || fd_poll(fds, 2, 0) != 1 ||
	    fds[1].revents != POLLIN)
		_exit(3);
}

TEST(a_limit_below_what_is_polled)
{
	ck_assert_int_eq(in_child_status(poll_without_descriptors), 0);
	ck_assert_int_eq(in_child_status(poll_with_one_descriptor), 0);
}

SUITE("common/sys/fd")
