/* test_counter: arithmetic; two writers and a reader are in test_stats. */
#include "common/base/counter.h"

#include "tests/support/suite.h"

TEST(arithmetic)
{
	static _Atomic uint64_t word;

	ck_assert_uint_eq(counter_get(&word), 0);
	counter_add(&word, 5);
	counter_add(&word, 0);
	ck_assert_uint_eq(counter_get(&word), 5);
	counter_set(&word, UINT64_MAX);
	counter_add(&word, 2); /* as any unsigned number */
	ck_assert_uint_eq(counter_get(&word), 1);
}

SUITE("common/base/counter")
