/* tally: shared memory, counting and merging; see the header. */
#include "client/tally.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "common/base/assertion.h"

struct tally *
tally_map(unsigned count, struct errmsg *e)
{
	void *memory = mmap(NULL, count * sizeof(struct tally),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED) {
		(void)errmsg_set_errno(e, errno, "tallies: mmap");
		return NULL;
	}
	return memory;
}

void
tally_unmap(struct tally **tallies, unsigned count)
{
	if (*tallies != NULL)
		(void)munmap(*tallies, count * sizeof **tallies);
	*tallies = NULL;
}

uint64_t
tally_open(const struct tally *t)
{
	uint64_t closed = tally_get(t, TALLY_CLOSED);
	uint64_t opened = tally_get(t, TALLY_OPENED);

	return opened > closed ? opened - closed : 0;
}

uint64_t
tally_errors(const struct tally *t, enum close_reason reason)
{
	ASSERT(reason < REASON_COUNT);
	return counter_get(&t->errors[reason]);
}

uint64_t
tally_all_errors(const struct tally *t)
{
	return tally_get(t, TALLY_FAILED) + tally_get(t, TALLY_BROKEN);
}

uint64_t
tally_alerts(const struct tally *t, uint8_t number)
{
	return counter_get(&t->alerts[number]);
}

uint64_t
tally_stat(const struct tally *t, enum stats_counter c)
{
	return counter_get(&t->shard.counters[c]);
}

void
tally_fail(struct tally *t, const struct tally_failure *failure, bool made)
{
	ASSERT(failure->time_ns != 0);
	ASSERT(failure->reason > REASON_NONE && failure->reason < REASON_COUNT);
	counter_add(&t->errors[failure->reason], 1);
	tally_add(t, made ? TALLY_BROKEN : TALLY_FAILED, 1);
	if (failure->reason == REASON_PEER_ALERT)
		counter_add(&t->alerts[failure->alert], 1);
	if (t->first.time_ns == 0)
		t->first = *failure;
}

static void
merge_shard(struct stats_shard *into, const struct stats_shard *from)
{
	for (int i = 0; i < STATS_COUNTERS; i++)
		counter_add(
		    &into->counters[i], counter_get(&from->counters[i]));
	for (int i = 0; i < STATS_HISTS; i++)
		hist_merge(&into->hists[i], &from->hists[i]);
}

void
tally_merge(struct tally *into, const struct tally *from)
{
	int64_t finished_ns = atomic_load(&from->finished_ns);

	merge_shard(&into->shard, &from->shard);
	for (int i = 0; i < TALLY_COUNTS; i++)
		counter_add(&into->counts[i], counter_get(&from->counts[i]));
	for (int i = 0; i < REASON_COUNT; i++)
		counter_add(&into->errors[i], counter_get(&from->errors[i]));
	for (int i = 0; i < ADDR_LIST_MAX; i++)
		counter_add(
		    &into->unanswered[i], counter_get(&from->unanswered[i]));
	for (int i = 0; i < TLS_ALERTS; i++)
		counter_add(&into->alerts[i], counter_get(&from->alerts[i]));
	hist_merge(&into->round_trip, &from->round_trip);
	hist_merge(&into->transaction, &from->transaction);
	hist_merge(&into->lateness, &from->lateness);
	if (finished_ns > atomic_load(&into->finished_ns))
		atomic_store(&into->finished_ns, finished_ns);
	negotiated_merge(&into->negotiated, &from->negotiated);
	if (from->first.time_ns != 0 &&
	    (into->first.time_ns == 0 ||
		from->first.time_ns < into->first.time_ns))
		into->first = from->first;
	if (into->refused[0] == '\0')
		memcpy(into->refused, from->refused, sizeof into->refused);
}
