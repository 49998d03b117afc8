/* test_slab: objects of one size, and the memory they leave. */
#include "common/base/slab.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/support/suite.h"

enum {
	COUNT = 3000, /* several blocks of them */
	SIZE = 500,
	THREADS = 4,
	ROUNDS = 200,
};

static struct slab slab = SLAB_INIT(SIZE);
static uint8_t *objects[COUNT];

static void
take_all(void)
{
	for (int i = 0; i < COUNT; i++) {
		objects[i] = slab_take(&slab);
		ck_assert_ptr_nonnull(objects[i]);
		ck_assert_uint_eq((uintptr_t)objects[i] % SLAB_LINE, 0);
		memset(objects[i], i & 0xff, SIZE);
	}
}

/* Each has kept its bytes: no two overlap. */
static void
give(int first, int step)
{
	uint8_t expected[SIZE];

	for (int i = first; i < COUNT; i += step) {
		memset(expected, i & 0xff, SIZE);
		ck_assert_mem_eq(objects[i], expected, SIZE);
		slab_give(&slab, objects[i]);
	}
}

/* Whether there is memory where an object was. */
static bool
is_mapped(const uint8_t *object)
{
	unsigned char in_core;
	void *page = (void *)((uintptr_t)object & ~(uintptr_t)4095);

	return mincore(page, 1, &in_core) == 0 || errno != ENOMEM;
}

TEST(objects_are_apart)
{
	take_all();
	give(1, 2);
	for (int i = 1; i < COUNT; i += 2) {
		objects[i] = slab_take(&slab);
		memset(objects[i], i & 0xff, SIZE);
	}
	give(0, 1);
	slab_give(&slab, NULL);
}

TEST(what_has_been_given_is_taken_first)
{
	void *first = slab_take(&slab), *second = slab_take(&slab);

	ck_assert_int_eq((uint8_t *)second - (uint8_t *)first, 512);
	slab_give(&slab, first);
	ck_assert_ptr_eq(slab_take(&slab), first);
	slab_give(&slab, first);
	slab_give(&slab, second);
}

TEST(empty_blocks_go_back)
{
	take_all();
	give(1, 2);
	for (int i = 0; i < COUNT; i++)
		ck_assert(is_mapped(objects[i]));
	give(0, 2);
	for (int i = 0; i < COUNT; i++)
		ck_assert(!is_mapped(objects[i]));
	ck_assert_ptr_null(slab.first);
}

/* NULL if nobody else has had one of its objects meanwhile. */
static void *
take_and_give(void *arg)
{
	int own = *(const int *)arg;
	int *mine[ROUNDS];
	bool shared = false;

	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < ROUNDS; i++) {
			mine[i] = slab_take(&slab);
			*mine[i] = own;
		}
		for (int i = 0; i < ROUNDS; i++) {
			shared = shared || *mine[i] != own;
			slab_give(&slab, mine[i]);
		}
	}
	return shared ? arg : NULL;
}

TEST(from_several_threads)
{
	pthread_t threads[THREADS];
	int names[THREADS];

	for (int i = 0; i < THREADS; i++) {
		names[i] = i;
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, take_and_give, &names[i]),
		    0);
	}
	for (int i = 0; i < THREADS; i++) {
		void *shared;

		ck_assert_int_eq(pthread_join(threads[i], &shared), 0);
		ck_assert_ptr_null(shared);
	}
	ck_assert_ptr_null(slab.first);
}

SUITE("common/base/slab")
