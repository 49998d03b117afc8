/* test_counter: a word with one writer and one reader. */
#include "common/base/counter.h"

#include <pthread.h>

#include "tests/support/suite.h"

enum {
	ADDITIONS = 100000
};

static _Atomic uint64_t word;

START_TEST(arithmetic)
{
	ck_assert_uint_eq(counter_get(&word), 0);
	counter_add(&word, 5);
	counter_add(&word, 0);
	ck_assert_uint_eq(counter_get(&word), 5);
	counter_set(&word, UINT64_MAX);
	counter_add(&word, 2); /* as any unsigned number */
	ck_assert_uint_eq(counter_get(&word), 1);
}
END_TEST

static void *
write_all(void *unused)
{
	for (int i = 0; i < ADDITIONS; i++)
		counter_add(&word, 1);
	return unused;
}

START_TEST(reader_never_sees_less)
{
	pthread_t writer;
	uint64_t last = 0;

	ck_assert_int_eq(pthread_create(&writer, NULL, write_all, NULL), 0);
	while (last < ADDITIONS) {
		uint64_t now = counter_get(&word);

		ck_assert_uint_ge(now, last);
		last = now;
	}
	(void)pthread_join(writer, NULL);
	ck_assert_uint_eq(counter_get(&word), ADDITIONS);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("common/base/counter");

	SUITE_ADD(s, arithmetic);
	SUITE_ADD(s, reader_never_sees_less);
	return suite_run(s, argc, argv);
}
