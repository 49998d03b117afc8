/*
 * stats: counters that one thread writes and any process reads.
 *
 * A slot is a process. It has STATS_SHARDS shards with the full set of counters
 * each: one for each thread that counts, so that every word has one writer
 * (base/counter.h). The value of a counter is the sum over the shards.
 *
 * Where slots lie is in stats/segment.h, how a viewer reads them in
 * stats/reader.h.
 *
 * Use:
 *	stats_add(shard, STATS_BYTES_SENT, n);
 *	stats_hist_add(shard, STATS_ECHO_TIME, ns, echoes);
 */
#ifndef COMMON_STATS_STATS_H
#define COMMON_STATS_STATS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/counter.h"
#include "common/base/hist.h"

enum stats_counter {
#define COUNTER(name, level, unit, help) STATS_##name,
#define GAUGE(name, level, unit, help)   STATS_##name,
#include "common/stats/counters.def"
	STATS_COUNTERS
};

enum stats_hist {
#define HISTOGRAM(name, level, unit, help) STATS_##name,
#include "common/stats/counters.def"
	STATS_HISTS
};

enum {
	STATS_CACHE_LINE = 64
};

/* The threads of a process that count. The master has the last one only. */
enum stats_shard_kind {
	STATS_SHARD_HANDSHAKE,
	STATS_SHARD_ECHO,
	STATS_SHARD_MASTER,
	STATS_SHARDS
};

struct stats_shard {
	/* Start of the loop turn under way, 0 while the loop sleeps. */
	_Alignas(STATS_CACHE_LINE) _Atomic int64_t busy_since_ns;
	_Atomic uint64_t counters[STATS_COUNTERS];
	struct hist hists[STATS_HISTS];
};

enum stats_state {
	STATS_SLOT_EMPTY,    /* not yet, or no longer, a process */
	STATS_SLOT_STARTING, /* forked */
	STATS_SLOT_READY,    /* takes connections */
	STATS_SLOT_DRAINING, /* takes no more */
};

struct stats_slot {
	/*
	 * Load: connections that worker has (low half) and connections that
	 * others have handed to it and it has not yet taken (high half). One
	 * word, so that one compare-and-swap sees both; all adds are atomic.
	 */
	_Alignas(STATS_CACHE_LINE) _Atomic uint64_t load;
	_Alignas(STATS_CACHE_LINE) _Atomic uint32_t state; /* stats_state */
	_Atomic int32_t pid;
	_Atomic int64_t started_ns;     /* monotonic */
	_Atomic uint32_t full, stalled; /* has no room; stands still */
	struct stats_shard shards[STATS_SHARDS];
};

/*
 * -DTLSECHO_NO_STATS makes a program that counts nothing, to measure what
 * counting costs; it is good for nothing else.
 */
#ifdef TLSECHO_NO_STATS
enum {
	STATS_COUNTING = 0
};
#else
enum {
	STATS_COUNTING = 1
};
#endif

/* Only the shard's one writer may call these three. */
static inline void
stats_add(struct stats_shard *shard, enum stats_counter c, uint64_t n)
{
	if (STATS_COUNTING)
		counter_add(&shard->counters[c], n);
}

static inline void
stats_set(struct stats_shard *shard, enum stats_counter c, uint64_t value)
{
	counter_set(&shard->counters[c], value);
}

static inline void
stats_hist_add(
    struct stats_shard *shard, enum stats_hist h, int64_t ns, uint64_t n)
{
	if (STATS_COUNTING)
		hist_add(&shard->hists[h], ns, n);
}

/* A counter summed over the shards of a slot of this very program. */
uint64_t stats_slot_total(const struct stats_slot *slot, enum stats_counter c);

/* Of a slot: accepted less ended, at least 0. */
uint64_t stats_slot_open(const struct stats_slot *slot);

#endif
