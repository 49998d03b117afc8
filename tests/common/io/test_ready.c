/* test_ready: one event to one thread, until it is armed again. */
#include "common/io/ready.h"

#include <unistd.h>

#include "common/sys/fd.h"
#include "tests/support/suite.h"

TEST(told_once)
{
	int one, other, fd;
	struct errmsg e;
	char text[4];

	fd = ready_open(&e);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fd_open_pair(&one, &other, &e), 0);
	ck_assert_int_eq(ready_add(fd, one, &one), 0);
	ck_assert_ptr_null(ready_wait(fd, 0));
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(write(other, "x", 1), 1);
	ck_assert_ptr_eq(ready_wait(fd, -1), &one);
	ck_assert_ptr_null(ready_wait(fd, 0));
	ck_assert_int_eq(read(one, text, sizeof text), 1);
	/* The second message was there before. */
	ready_arm(fd, one, &one);
	ck_assert_ptr_eq(ready_wait(fd, -1), &one);
	(void)close(one);
	ck_assert_ptr_null(ready_wait(fd, 0));
	(void)close(other);
	(void)close(fd);
}

SUITE("common/io/ready")
