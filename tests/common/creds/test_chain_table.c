/* test_chain_table: what is found, for how long, and what makes way. */
#include "common/creds/chain_table.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "tests/support/suite.h"

enum {
	NOW_S = 1000,
	THREADS = 4,
	ROUNDS = 5000
};

static struct tls_chain_table *table;
static uint8_t key[TLS_CHAIN_KEY];

/* A key whose set is the first: the number is at its end. */
static const uint8_t *
key_of(unsigned n)
{
	memset(key, 0, sizeof key);
	memcpy(key + sizeof key - sizeof n, &n, sizeof n);
	return key;
}

static bool
add(unsigned n, int64_t from_s, int64_t until_s)
{
	return tls_chain_table_insert(
	    table, key_of(n), &(struct tls_span){ from_s, until_s });
}

static bool
find(unsigned n)
{
	return tls_chain_table_lookup(table, key_of(n), NOW_S);
}

TEST(span_is_cut)
{
	struct tls_span span = TLS_SPAN_ALWAYS;

	ck_assert(tls_span_holds(&span, INT64_MIN));
	ck_assert(tls_span_holds(&span, INT64_MAX - 1));
	tls_span_cut(&span, 90, 100);
	tls_span_cut(&span, 80, 100);
	tls_span_cut(&span, 110, 100);
	tls_span_cut(&span, 120, 100);
	ck_assert_int_eq(span.from_s, 90);
	ck_assert_int_eq(span.until_s, 110);
	ck_assert(!tls_span_holds(&span, 89));
	ck_assert(tls_span_holds(&span, 90));
	ck_assert(tls_span_holds(&span, 109));
	ck_assert(!tls_span_holds(&span, 110));
	/* What begins now has begun. */
	tls_span_cut(&span, 100, 100);
	tls_span_cut(&span, 101, 100);
	ck_assert(!tls_span_holds(&span, 99));
	ck_assert(tls_span_holds(&span, 100));
	ck_assert(!tls_span_holds(&span, 101));
}

TEST(finds_what_was_added)
{
	table = tls_chain_table_new(64);
	ck_assert(!find(1));
	ck_assert(!add(1, NOW_S, NOW_S + 1));
	ck_assert(find(1));
	ck_assert(!find(2));
	tls_chain_table_free(&table);
	ck_assert_ptr_null(table);
	tls_chain_table_free(&table);
}

TEST_LOOP(no_byte_of_the_key_may_differ, TLS_CHAIN_KEY)
{
	table = tls_chain_table_new(1);
	(void)add(7, NOW_S, NOW_S + 1);
	(void)key_of(7);
	key[_i] ^= 1;
	ck_assert(!tls_chain_table_lookup(table, key, NOW_S));
	ck_assert(find(7));
	tls_chain_table_free(&table);
}

/* A free entry is all zeros, and no key of zeros is in it. */
TEST(free_entries_are_not_found)
{
	table = tls_chain_table_new(8);
	ck_assert(!find(0));
	(void)add(1, NOW_S, NOW_S + 1);
	ck_assert(!find(0));
	ck_assert(!tls_chain_table_lookup(table, key_of(0), 0));
	tls_chain_table_free(&table);
}

TEST(holds_for_its_span)
{
	table = tls_chain_table_new(64);
	(void)add(1, 10, 20);
	ck_assert(!tls_chain_table_lookup(table, key_of(1), 9));
	ck_assert(tls_chain_table_lookup(table, key_of(1), 10));
	ck_assert(tls_chain_table_lookup(table, key_of(1), 19));
	ck_assert(!tls_chain_table_lookup(table, key_of(1), 20));
	/* A new verdict takes the place of the old one. */
	ck_assert(!add(1, 20, 30));
	ck_assert(!tls_chain_table_lookup(table, key_of(1), 19));
	ck_assert(tls_chain_table_lookup(table, key_of(1), 29));
	tls_chain_table_free(&table);
}

/* One set of eight: the one that was used longest ago goes. */
TEST(least_recently_used_makes_way)
{
	table = tls_chain_table_new(8);
	for (unsigned i = 0; i < 8; i++)
		ck_assert(!add(i, NOW_S, NOW_S + 1));
	ck_assert(find(0)); /* 1 is the oldest now */
	ck_assert(add(8, NOW_S, NOW_S + 1));
	ck_assert(!find(1));
	for (unsigned i = 0; i < 9; i++)
		ck_assert(i == 1 || find(i));
	/* What is there already pushes nobody out. */
	ck_assert(!add(5, NOW_S, NOW_S + 2));
	ck_assert(find(0) && find(8));
	tls_chain_table_free(&table);
}

/* Never more than asked for; also when that is no multiple of eight. */
TEST_LOOP(is_bounded, 7)
{
	static const unsigned sizes[] = { 1, 2, 7, 8, 9, 100, 4096 };
	unsigned size = sizes[_i];
	unsigned evicted = 0, found = 0;

	table = tls_chain_table_new(size);
	for (unsigned i = 0; i < 3 * size; i++) {
		uint64_t head = i;

		(void)key_of(i);
		memcpy(key, &head, sizeof head);
		evicted += tls_chain_table_insert(
		    table, key, &(struct tls_span){ NOW_S, NOW_S + 1 });
	}
	for (unsigned i = 0; i < 3 * size; i++) {
		uint64_t head = i;

		(void)key_of(i);
		memcpy(key, &head, sizeof head);
		found += tls_chain_table_lookup(table, key, NOW_S);
	}
	ck_assert_uint_le(found, size);
	ck_assert_uint_gt(2 * found, size);
	ck_assert_uint_eq(found + evicted, 3 * size);
	tls_chain_table_free(&table);
}

TEST_WITH(none_is_a_mistake, .signal = SIGABRT)
{
	(void)tls_chain_table_new(0);
}

/* More than there is memory for: nothing is found, and that is all. */
TEST(without_memory)
{
	if (SUITE_IS_SANITIZED) {
		suite_skip("sanitizers abort at such a size");
		return;
	}
	table = tls_chain_table_new(SIZE_MAX / 64);
	ck_assert_ptr_nonnull(table);
	ck_assert(!add(1, NOW_S, NOW_S + 1));
	ck_assert(!find(1));
	tls_chain_table_free(&table);
}

/* Finds and adds what others push out: right or not there, never torn. */
static void *
hammer(void *seed)
{
	unsigned n = *(const unsigned *)seed;
	uint8_t own[TLS_CHAIN_KEY] = { 0 };
	uintptr_t wrong = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct tls_span span;

		n = n * 1103515245 + 12345;
		memset(own, (int)(n >> 16) % 12, sizeof own);
		span = (struct tls_span){ own[0], own[0] + 1 };
		(void)tls_chain_table_insert(table, own, &span);
		(void)tls_chain_table_lookup(table, own, own[0]);
		wrong += tls_chain_table_lookup(table, own, own[0] + 1);
	}
	return (void *)wrong;
}

TEST(many_threads)
{
	static unsigned seeds[THREADS] = { 1, 2, 3, 4 };
	pthread_t threads[THREADS];

	table = tls_chain_table_new(8);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, hammer, &seeds[i]), 0);
	for (int i = 0; i < THREADS; i++) {
		void *wrong;

		ck_assert_int_eq(pthread_join(threads[i], &wrong), 0);
		ck_assert_ptr_null(wrong);
	}
	tls_chain_table_free(&table);
}

SUITE("common/creds/chain_table")
