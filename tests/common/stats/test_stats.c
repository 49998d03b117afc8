/* test_stats: adding, and sums over shards. */
#include "common/stats/stats.h"

#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

static struct stats_slot *
new_slot(void)
{
	struct stats_slot *slot = aligned_alloc(STATS_CACHE_LINE, sizeof *slot);

	ck_assert_ptr_nonnull(slot);
	memset(slot, 0, sizeof *slot);
	return slot;
}

TEST(shards_have_their_own_cache_lines)
{
	ck_assert_uint_eq(sizeof(struct stats_shard) % STATS_CACHE_LINE, 0);
	ck_assert_uint_eq(sizeof(struct stats_slot) % STATS_CACHE_LINE, 0);
	ck_assert_uint_eq(
	    offsetof(struct stats_slot, shards) % STATS_CACHE_LINE, 0);
	ck_assert_uint_ge(offsetof(struct stats_slot, state), STATS_CACHE_LINE);
}

TEST(total_is_the_sum_over_shards)
{
	struct stats_slot *slot = new_slot();

	stats_add(&slot->shards[STATS_SHARD_HANDSHAKE], STATS_ACCEPTED, 5);
	stats_add(&slot->shards[STATS_SHARD_ECHO], STATS_ACCEPTED, 70);
	stats_add(&slot->shards[STATS_SHARD_MASTER], STATS_ACCEPTED, 900);
	stats_add(&slot->shards[STATS_SHARD_ECHO], STATS_ENDED, 1);
	ck_assert_uint_eq(stats_slot_total(slot, STATS_ACCEPTED), 975);
	stats_set(&slot->shards[STATS_SHARD_MASTER], STATS_ACCEPTED, 0);
	ck_assert_uint_eq(stats_slot_total(slot, STATS_ACCEPTED), 75);
	free(slot);
}

TEST(open_is_never_negative)
{
	struct stats_slot *slot = new_slot();

	ck_assert_uint_eq(stats_slot_open(slot), 0);
	stats_add(&slot->shards[STATS_SHARD_HANDSHAKE], STATS_ACCEPTED, 3);
	ck_assert_uint_eq(stats_slot_open(slot), 3);
	stats_add(&slot->shards[STATS_SHARD_ECHO], STATS_ENDED, 3);
	ck_assert_uint_eq(stats_slot_open(slot), 0);
	stats_add(&slot->shards[STATS_SHARD_ECHO], STATS_ENDED, 1);
	ck_assert_uint_eq(stats_slot_open(slot), 0);
	free(slot);
}

enum {
	ADDS = 1000000
};

static void *
add_many(void *arg)
{
	struct stats_shard *shard = arg;

	for (int i = 0; i < ADDS; i++) {
		stats_add(shard, STATS_ACCEPTED, 1);
		stats_add(shard, STATS_ENDED, 1);
	}
	return NULL;
}

/* Two writers, each in its shard, lose nothing; a reader sees it only grow. */
TEST(one_writer_a_shard_needs_no_lock)
{
	struct stats_slot *slot = new_slot();
	pthread_t writers[2];
	uint64_t before = 0;
	uint64_t now = 0;

	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&writers[i], NULL, add_many,
				     &slot->shards[i]),
		    0);
	while (now < ADDS) {
		now = stats_slot_total(slot, STATS_ACCEPTED);
		ck_assert_uint_ge(now, before);
		before = now;
	}
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_join(writers[i], NULL), 0);
	ck_assert_uint_eq(stats_slot_total(slot, STATS_ACCEPTED), 2 * ADDS);
	ck_assert_uint_eq(stats_slot_open(slot), 0);
	free(slot);
}

TEST(histograms_count_in_their_shard)
{
	struct stats_slot *slot = new_slot();
	struct stats_shard *shard = &slot->shards[STATS_SHARD_ECHO];

	stats_hist_add(shard, STATS_ECHO_TIME, 1000, 3);
	ck_assert_uint_eq(hist_count(&shard->hists[STATS_ECHO_TIME]), 3);
	ck_assert_uint_eq(hist_count(&shard->hists[STATS_HANDSHAKE_TIME]), 0);
	ck_assert_uint_eq(
	    hist_count(&slot->shards[0].hists[STATS_ECHO_TIME]), 0);
	free(slot);
}

SUITE("common/stats/stats")
