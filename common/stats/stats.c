/* stats: sums over the shards of a slot; see the header. */
#include "common/stats/stats.h"

#include "common/base/assertion.h"

uint64_t
stats_slot_total(const struct stats_slot *slot, enum stats_counter c)
{
	uint64_t sum = 0;

	ASSERT(c < STATS_COUNTERS);
	for (int shard = 0; shard < STATS_SHARDS; shard++)
		sum += counter_get(&slot->shards[shard].counters[c]);
	return sum;
}

uint64_t
stats_slot_open(const struct stats_slot *slot)
{
	uint64_t ended = stats_slot_total(slot, STATS_ENDED);
	uint64_t accepted = stats_slot_total(slot, STATS_ACCEPTED);

	return accepted > ended ? accepted - ended : 0;
}
