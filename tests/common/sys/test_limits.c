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

TEST(raised_to_the_hard_limit)
{
	set(100, 1000);
	ck_assert_uint_eq(limits_raise_files(), 1000);
	ck_assert_uint_eq(soft(), 1000);
	ck_assert_uint_eq(limits_raise_files(), 1000);
}

TEST(enough_for_connections)
{
	set(100, 1000);
	ck_assert_int_eq(limits_reserve_files(500, &e), 0);
	ck_assert_uint_eq(soft(), 1000);
}

TEST(hard_limit_too_low)
{
	set(100, 1000);
	ck_assert_int_eq(limits_reserve_files(990, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "990 connections"));
	ck_assert_ptr_nonnull(strstr(e.text, "the limit is 1000"));
	ck_assert_ptr_nonnull(
	    strstr(e.text, "(ulimit -Hn), or use more --workers"));
	/* More workers help only if the limit has room for a connection. */
	set(20, 20);
	ck_assert_int_eq(limits_reserve_files(1, &e), -1);
	ck_assert_ptr_null(strstr(e.text, "--workers"));
}

/* No kernel has more than 65,535 for one address. */
TEST(ports)
{
	ck_assert_int_eq(limits_check_ports(1, 1, &e), 0);
	ck_assert_int_eq(limits_check_ports(65536, 1, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text,
	    "65536 connections between 1 pair of addresses need as many"));
	ck_assert_int_eq(limits_check_ports(65536, 65536, &e), 0);
}

SUITE("common/sys/limits")
