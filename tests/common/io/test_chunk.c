/* test_chunk: a pool gives back what it got, and does not grow for ever. */
#include "common/io/chunk.h"

#include "tests/support/suite.h"

TEST(last_one_comes_first)
{
	struct io_chunk_pool pool = { .first = NULL };
	struct io_chunk *a = io_chunk_get(&pool);
	struct io_chunk *b = io_chunk_get(&pool);

	ck_assert_ptr_nonnull(a);
	ck_assert_ptr_nonnull(b);
	b->end = 10;
	b->begin = 5;
	io_chunk_put(&pool, a);
	io_chunk_put(&pool, b);
	ck_assert_int_eq(pool.count, 2);
	ck_assert_ptr_eq(io_chunk_get(&pool), b);
	ck_assert_uint_eq(b->begin, 0);
	ck_assert_uint_eq(b->end, 0);
	ck_assert_ptr_null(b->next);
	ck_assert_ptr_eq(io_chunk_get(&pool), a);
	ck_assert_int_eq(pool.count, 0);
	io_chunk_put(&pool, a);
	io_chunk_put(&pool, b);
	io_chunk_pool_fini(&pool);
	ck_assert_ptr_null(pool.first);
}

TEST(not_all_are_kept)
{
	struct io_chunk_pool pool = { .first = NULL };

	for (int i = 0; i < IO_CHUNKS_KEPT + 20; i++)
		io_chunk_put(&pool, io_chunk_new());
	ck_assert_int_eq(pool.count, IO_CHUNKS_KEPT);
	io_chunk_pool_fini(&pool);
}

SUITE("common/io/chunk")
