/* test_cpus: lists of CPUs, and a thread that stays on one. */
#include "common/sys/cpus.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "tests/support/suite.h"

static struct cpus cpus;
static struct errmsg e;
static char text[CPUS_TEXT];

static const struct {
	const char *text;
	const char *formatted;
	unsigned count;
} lists[] = {
	{ "0", "0", 1 },
	{ "0,2,4-7", "0,2,4-7", 6 },
	{ "7,0", "7,0", 2 },         /* the order counts */
	{ "3,3", "3,3", 2 },         /* two workers on one */
	{ "5-5", "5", 1 },           /* a range of one */
	{ "0,1,2,3", "0-3", 4 },     /* four that are a range */
	{ "0-1,1-2", "0-1,1-2", 4 }, /* not one */
	{ "007", "7", 1 },
	{ "0-1023", "0-1023", CPUS_MAX },
	{ "65535", "65535", 1 },
};

START_TEST(good_lists)
{
	ck_assert_int_eq(cpus_parse(&cpus, lists[_i].text, &e), 0);
	ck_assert_uint_eq(cpus.count, lists[_i].count);
	ck_assert_str_eq(cpus_format(&cpus, text), lists[_i].formatted);
}
END_TEST

static const char *const nonsense[] = { "", ",", "0,", ",0", "0,,1", "-", "-1",
	"1-", "2-1", "1-2-3", "x", "0x1", "1 ", " 1", "1, 2", "0:2", "65536",
	"99999999999999999999", "auto" };

START_TEST(bad_lists)
{
	ck_assert_int_eq(cpus_parse(&cpus, nonsense[_i], &e), -1);
	ck_assert_msg(
	    strstr(e.text, "is not a list of CPUs") != NULL, "%s", e.text);
}
END_TEST

START_TEST(too_many)
{
	ck_assert_int_eq(cpus_parse(&cpus, "0-1024", &e), -1);
	ck_assert_str_eq(e.text, "lists more than 1024 CPUs");
	ck_assert_int_eq(cpus_parse(&cpus, "0-1023,0", &e), -1);
}
END_TEST

START_TEST(in_turn)
{
	ck_assert_int_eq(cpus_parse(&cpus, "4,0,2", &e), 0);
	ck_assert_uint_eq(cpus_nth(&cpus, 0), 4);
	ck_assert_uint_eq(cpus_nth(&cpus, 2), 2);
	ck_assert_uint_eq(cpus_nth(&cpus, 3), 4);
	ck_assert_uint_eq(cpus_nth(&cpus, 64), 0);
}
END_TEST

/* Every second CPU: ranges do not help. */
START_TEST(long_text_is_cut)
{
	cpus.count = 0;
	for (unsigned i = 0; i < CPUS_MAX / 2; i++)
		cpus.of[cpus.count++] = (uint16_t)(2 * i);
	(void)cpus_format(&cpus, text);
	ck_assert_uint_lt(strlen(text), CPUS_TEXT);
	ck_assert_uint_gt(strlen(text), CPUS_TEXT - 10);
	ck_assert_str_eq(strstr(text, ",..."), ",...");
	ck_assert_ptr_eq(strstr(text, "0,2,4,6,"), text);
}
END_TEST

START_TEST(none_is_no_text)
{
	cpus.count = 0;
	ck_assert_str_eq(cpus_format(&cpus, text), "");
}
END_TEST

static void *
count_usable(void *count)
{
	struct cpus inherited;

	ck_assert_int_eq(cpus_usable(&inherited, &e), 0);
	*(unsigned *)count = inherited.count;
	return NULL;
}

START_TEST(pinned)
{
	pthread_t thread;
	struct cpus before;
	unsigned last, count = 0;

	ck_assert_int_eq(cpus_usable(&before, &e), 0);
	ck_assert_uint_ge(before.count, 1);
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
		ck_assert_ptr_nonnull(strstr(e.text, "may run on"));
	}
}
END_TEST

/* None has so many; the last is beyond what the kernel is asked about. */
START_TEST(absent_ones)
{
	static const char *const absent[] = { "1023", "65535" };

	ck_assert_int_eq(cpus_parse(&cpus, absent[_i], &e), 0);
	ck_assert_int_eq(cpus_check_usable(&cpus, &e), -1);
	ck_assert_ptr_eq(strstr(e.text, "CPU "), e.text);
	ck_assert_int_eq(cpus_pin(cpus.of[0], &e), -1);
	ck_assert_ptr_eq(strstr(e.text, "cannot run on CPU "), e.text);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("common/sys/cpus");

	SUITE_ADD_LOOP(s, good_lists, sizeof lists / sizeof *lists);
	SUITE_ADD_LOOP(s, bad_lists, sizeof nonsense / sizeof *nonsense);
	SUITE_ADD(s, too_many);
	SUITE_ADD(s, in_turn);
	SUITE_ADD(s, long_text_is_cut);
	SUITE_ADD(s, none_is_no_text);
	SUITE_ADD(s, pinned);
	SUITE_ADD_LOOP(s, absent_ones, 2);
	return suite_run(s, argc, argv);
}
