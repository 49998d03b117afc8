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
tally_reset(struct tally *tallies, unsigned count)
{
	memset(tallies, 0, count * sizeof *tallies);
}

void
tally_unmap(struct tally **tallies, unsigned count)
{
	if (*tallies != NULL)
		(void)munmap(*tallies, count * sizeof **tallies);
	*tallies = NULL;
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

static void
merge_failures(struct tally *into, const struct tally *from)
{
	for (int i = 0; i < REASON_COUNT; i++)
		counter_add(&into->errors[i], counter_get(&from->errors[i]));
	for (int i = 0; i < ADDR_LIST_MAX; i++)
		counter_add(
		    &into->unanswered[i], counter_get(&from->unanswered[i]));
	for (int i = 0; i < TLS_ALERTS; i++)
		counter_add(&into->alerts[i], counter_get(&from->alerts[i]));
	if (from->first.time_ns != 0 &&
	    (into->first.time_ns == 0 ||
		from->first.time_ns < into->first.time_ns))
		into->first = from->first;
	if (from->mismatch.time_ns != 0 &&
	    (into->mismatch.time_ns == 0 ||
		from->mismatch.time_ns < into->mismatch.time_ns))
		into->mismatch = from->mismatch;
	if (into->refused[0] == '\0')
		memcpy(into->refused, from->refused, sizeof into->refused);
}

void
tally_merge(struct tally *into, const struct tally *from)
{
	int64_t finished_ns = atomic_load(&from->finished_ns);

	merge_shard(&into->shard, &from->shard);
	merge_failures(into, from);
	for (int i = 0; i < TALLY_COUNTS; i++)
		counter_add(&into->counts[i], counter_get(&from->counts[i]));
	for (int i = 0; i < TALLY_HISTS; i++)
		hist_merge(&into->hists[i], &from->hists[i]);
	if (finished_ns > atomic_load(&into->finished_ns))
		atomic_store(&into->finished_ns, finished_ns);
	negotiated_merge(&into->negotiated, &from->negotiated);
}

/* Unsigned: what is left out may have begun before, and be in into. */
static void
merge_all_but(struct tally *into, const struct tally *warmup,
    enum tally_count c, uint64_t n)
{
	tally_add(into, c, tally_get(warmup, c) - n);
}

/*
 * An expected refusal may have come before its connection was opened, so what
 * is closed well may count a few that failed: they are then left out of OPENED
 * and of CLOSED, and the difference is right.
 */
void
tally_merge_warmup(struct tally *into, const struct tally *warmup, bool reopens)
{
	uint64_t failed = tally_get(warmup, TALLY_FAILED);
	uint64_t broken = tally_get(warmup, TALLY_BROKEN);
	uint64_t well = tally_get(warmup, TALLY_OVER) - failed - broken;
	uint64_t closed = tally_get(warmup, TALLY_CLOSED);
	uint64_t refused = tally_get(warmup, TALLY_REFUSED);

	if (!reopens)
		well = closed = refused = 0;
	if (closed > well)
		closed = well;
	merge_failures(into, warmup);
	merge_all_but(into, warmup, TALLY_ASKED, well);
	merge_all_but(into, warmup, TALLY_OVER, well);
	merge_all_but(into, warmup, TALLY_OPENED, closed);
	merge_all_but(into, warmup, TALLY_CLOSED, closed);
	merge_all_but(into, warmup, TALLY_MADE, well - refused);
	merge_all_but(into, warmup, TALLY_FAILED, 0);
	merge_all_but(into, warmup, TALLY_BROKEN, 0);
	merge_all_but(
	    into, warmup, TALLY_DUE, tally_get(warmup, TALLY_STARTED));
}
