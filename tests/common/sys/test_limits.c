/* test_limits: the limit of open files is raised, or the lack of it told. */
#include "common/sys/limits.h"

#include <string.h>
#include <sys/resource.h>

#include "tests/support/suite.h"

static struct errmsg e;

static void
set(rlim_t soft, rlim_t hard)
{
	const struct rlimit limit = { soft, hard };

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static rlim_t
soft(void)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	return limit.rlim_cur;
}

START_TEST(high_enough_stays)
{
	set(900, 1000);
	ck_assert_int_eq(limits_raise_files(100, &e), 0);
	ck_assert_uint_eq(soft(), 900);
}
END_TEST

START_TEST(raised_to_what_is_needed)
{
	set(100, 1000);
	ck_assert_int_eq(limits_raise_files(500, &e), 0);
	ck_assert_uint_ge(soft(), 500);
	ck_assert_uint_lt(soft(), 1000);
}
END_TEST

START_TEST(hard_limit_too_low)
{
	set(100, 1000);
	ck_assert_int_eq(limits_raise_files(990, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "990 connections"));
	ck_assert_ptr_nonnull(strstr(e.text, "the limit is 1000"));
	ck_assert_ptr_nonnull(strstr(e.text, "ulimit -Hn"));
	ck_assert_uint_eq(soft(), 100);
}
END_TEST

/* No kernel has more than 65,535 for one address. */
START_TEST(ports)
{
	ck_assert_int_eq(limits_check_ports(1, 1, &e), 0);
	ck_assert_int_eq(limits_check_ports(65536, 1, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text,
	    "65536 connections to one port of 1 address need as many local"));
	ck_assert_int_eq(limits_check_ports(65536, 65536, &e), 0);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("common/sys/limits");

	SUITE_ADD(s, high_enough_stays);
	SUITE_ADD(s, raised_to_what_is_needed);
	SUITE_ADD(s, hard_limit_too_low);
	SUITE_ADD(s, ports);
	return suite_run(s, argc, argv);
}
