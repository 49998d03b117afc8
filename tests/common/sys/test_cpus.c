/* test_cpus: lists of CPUs, and a thread that stays on one. */
#include "common/sys/cpus.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "tests/support/suite.h"

static struct cpus cpus;
static struct errmsg e;

static const struct {
	const char *text;
	unsigned count;
	uint16_t first, second, last;
} lists[] = {
	{ "0", 1, 0, 0, 0 },
	{ "0,2,4-7", 6, 0, 2, 7 },
	{ "7,0", 2, 7, 0, 0 },   /* the order counts */
	{ "3,3", 2, 3, 3, 3 },   /* two workers on one */
	{ "5-5,1", 2, 5, 1, 1 }, /* a range of one */
	{ "0-1,1-2", 4, 0, 1, 2 },
	{ "007", 1, 7, 7, 7 },
	{ "0-1023", CPUS_MAX, 0, 1, 1023 },
	{ "65535", 1, 65535, 65535, 65535 },
};

TEST_EACH(good_lists, lists)
{
	ck_assert_int_eq(cpus_parse(&cpus, lists[_i].text, &e), 0);
	ck_assert_uint_eq(cpus.count, lists[_i].count);
	ck_assert_uint_eq(cpus.of[0], lists[_i].first);
	ck_assert_uint_eq(cpus_nth(&cpus, 1), lists[_i].second);
	ck_assert_uint_eq(cpus.of[cpus.count - 1], lists[_i].last);
}

static const char *const nonsense[] = { "", ",", "0,", ",0", "0,,1", "-", "-1",
	"1-", "2-1", "1-2-3", "x", "0x1", "1 ", " 1", "1, 2", "0:2", "65536",
	"99999999999999999999", "auto" };

TEST_EACH(bad_lists, nonsense)
{
	ck_assert_int_eq(cpus_parse(&cpus, nonsense[_i], &e), -1);
	ck_assert_msg(
	    strstr(e.text, "is not a list of CPUs") != NULL, "%s", e.text);
}

TEST(too_many)
{
	ck_assert_int_eq(cpus_parse(&cpus, "0-1024", &e), -1);
	ck_assert_str_eq(e.text, "lists more than 1024 CPUs");
	ck_assert_int_eq(cpus_parse(&cpus, "0-1023,0", &e), -1);
}

TEST(in_turn)
{
	ck_assert_int_eq(cpus_parse(&cpus, "4,0,2", &e), 0);
	ck_assert_uint_eq(cpus_nth(&cpus, 0), 4);
	ck_assert_uint_eq(cpus_nth(&cpus, 2), 2);
	ck_assert_uint_eq(cpus_nth(&cpus, 3), 4);
	ck_assert_uint_eq(cpus_nth(&cpus, 64), 0);
}

static void *
count_usable(void *count)
{
	*(unsigned *)count = cpus_count_usable();
	return NULL;
}

TEST(pinned)
{
	pthread_t thread;
	struct cpus before;
	unsigned last, count = 0;

	ck_assert_int_eq(cpus_usable(&before, &e), 0);
	ck_assert_uint_ge(before.count, 1);
	ck_assert_uint_eq(cpus_count_usable(), before.count);
	ck_assert_int_eq(cpus_check_usable(&before, &e), 0);
	last = before.of[before.count - 1];
	ck_assert_int_eq(cpus_pin(last, &e), 0);
	ck_assert_int_eq(sched_getcpu(), (int)last);
	ck_assert_int_eq(cpus_usable(&cpus, &e), 0);
	ck_assert_uint_eq(cpus.count, 1);
	ck_assert_uint_eq(cpus.of[0], last);
	ck_assert_int_eq(
	    pthread_create(&thread, NULL, count_usable, &count), 0);
	(void)pthread_join(thread, NULL);
	ck_assert_uint_eq(count, 1);
	if (before.count > 1) {
		ck_assert_int_eq(cpus_check_usable(&before, &e), -1);
		ck_assert_ptr_nonnull(
		    strstr(e.text, "this process may not run on it"));
	}
}

/* None has so many; the last is beyond what the kernel is asked about. */
TEST_LOOP(absent_ones, 2)
{
	static const char *const absent[] = { "1023", "65535" };

	ck_assert_int_eq(cpus_parse(&cpus, absent[_i], &e), 0);
	ck_assert_int_eq(cpus_check_usable(&cpus, &e), -1);
	ck_assert_ptr_eq(strstr(e.text, "CPU "), e.text);
	ck_assert_int_eq(cpus_pin(cpus.of[0], &e), -1);
	ck_assert_ptr_eq(strstr(e.text, "cannot run on CPU "), e.text);
}

SUITE("common/sys/cpus")
