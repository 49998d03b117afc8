/* test_fd: descriptors as text and in pairs. */
#include "common/sys/fd.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/suite.h"

static struct errmsg e;

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

SUITE("common/sys/fd")
