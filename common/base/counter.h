/*
 * counter: a word of shared memory that one thread writes and anyone reads.
 *
 * Since there is one writer, adding needs neither a lock nor a lock prefix: a
 * relaxed load and a relaxed store, which are ordinary moves. Readers see each
 * word whole, but several words not at the same moment.
 *
 * Use:
 *	counter_add(&shard->counters[c], 1);
 */
#ifndef COMMON_BASE_COUNTER_H
#define COMMON_BASE_COUNTER_H

#include <stdatomic.h>
#include <stdint.h>

static inline uint64_t
counter_get(const _Atomic uint64_t *word)
{
	return atomic_load_explicit(word, memory_order_relaxed);
}

/* By the one writer only, as counter_add. */
static inline void
counter_set(_Atomic uint64_t *word, uint64_t value)
{
	atomic_store_explicit(word, value, memory_order_relaxed);
}

static inline void
counter_add(_Atomic uint64_t *word, uint64_t n)
{
	counter_set(word, counter_get(word) + n);
}

#endif
