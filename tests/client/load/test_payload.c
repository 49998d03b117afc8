/* test_payload: lengths and places of messages. */
#include "client/load/payload.h"

#include <string.h>

#include "tests/support/suite.h"

static const struct {
	size_t min, max;
} ranges[] = { { 1, 1 }, { 1, 2 }, { 1, 100 }, { 16384, 16384 },
	{ 1, 16 << 20 }, { 16 << 20, 16 << 20 } };

enum {
	RANGES = sizeof ranges / sizeof *ranges
};

static struct payload p;
static struct errmsg e;

TEST_LOOP(messages_lie_in_the_block, RANGES)
{
	size_t min = ranges[_i].min;
	size_t max = ranges[_i].max;

	ck_assert_int_eq(payload_init(&p, min, max, 42, &e), 0);
	ck_assert_uint_ge(p.size, 2 * max);
	ck_assert_uint_ge(p.size, PAYLOAD_BLOCK_MIN);
	for (int i = 0; i < 10000; i++) {
		size_t len;
		const uint8_t *message = payload_pick(&p, &len);

		ck_assert_uint_ge(len, min);
		ck_assert_uint_le(len, max);
		ck_assert(message >= p.block);
		ck_assert(message + len <= p.block + p.size);
	}
	payload_fini(&p);
	payload_fini(&p);
}

TEST(all_lengths_occur)
{
	unsigned seen[101] = { 0 };
	size_t len;

	ck_assert_int_eq(payload_init(&p, 1, 100, 1, &e), 0);
	for (int i = 0; i < 100000; i++) {
		(void)payload_pick(&p, &len);
		seen[len]++;
	}
	ck_assert_uint_eq(seen[0], 0);
	for (len = 1; len <= 100; len++) {
		ck_assert_uint_gt(seen[len], 850); /* 1000, and 5 sigma */
		ck_assert_uint_lt(seen[len], 1150);
	}
	payload_fini(&p);
}

TEST(all_bytes_occur)
{
	unsigned seen[256] = { 0 };

	ck_assert_int_eq(payload_init(&p, 1, 100, 7, &e), 0);
	for (size_t i = 0; i < p.size; i++)
		seen[p.block[i]]++;
	for (int i = 0; i < 256; i++) {
		ck_assert_uint_gt(seen[i], 3700); /* 4096, and 6 sigma */
		ck_assert_uint_lt(seen[i], 4500);
	}
	payload_fini(&p);
}

TEST(seeds_make_the_difference)
{
	struct payload other;

	ck_assert_int_eq(payload_init(&p, 1, 100, 7, &e), 0);
	ck_assert_int_eq(payload_init(&other, 1, 100, 7, &e), 0);
	ck_assert_mem_eq(p.block, other.block, p.size);
	payload_fini(&other);
	ck_assert_int_eq(payload_init(&other, 1, 100, 8, &e), 0);
	ck_assert_mem_ne(p.block, other.block, p.size);
	payload_fini(&other);
	payload_fini(&p);
}

SUITE("client/load/payload")
