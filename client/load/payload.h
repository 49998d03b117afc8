/*
 * payload: messages of random length and random bytes that cost nothing to
 * make: slices, at random places, of a block that is filled once.
 *
 * Owns:	the block.
 * Errors:	-1 and a line when there is no memory.
 * Use:
 *	if (payload_init(&payload, 1, 100, seed, &e) < 0) ...
 *	message = payload_pick(&payload, &len);
 *	payload_fini(&payload);
 */
#ifndef CLIENT_LOAD_PAYLOAD_H
#define CLIENT_LOAD_PAYLOAD_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"

enum {
	/* A larger block would push connections out of a core's cache. */
	PAYLOAD_BLOCK_MIN = 1 << 20
};

struct payload {
	uint8_t *block;
	size_t size;     /* at least twice the longest message */
	size_t min, max; /* of a message; 1 <= min <= max < 2^31 */
	uint64_t state;
};

int payload_init(struct payload *payload, size_t min, size_t max, uint64_t seed,
    struct errmsg *e);

/* Harmless when all zero. */
void payload_fini(struct payload *payload);

/* SplitMix64 (Steele, Lea and Flood, 2014): fast, and good enough for this. */
static inline uint64_t
payload_random(struct payload *p)
{
	uint64_t z = (p->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/*
 * The next message, valid as long as the payload. A range is scaled down from
 * 32 bits: the bias is below 2^-7 for the largest, 2^-18 for 16 KiB.
 */
static inline const uint8_t *
payload_pick(struct payload *p, size_t *len)
{
	uint64_t random = payload_random(p);
	uint64_t high = random >> 32;
	uint64_t low = random & UINT32_MAX;

	*len = p->min + (size_t)((high * (p->max - p->min + 1)) >> 32);
	return p->block + ((low * (p->size - *len + 1)) >> 32);
}

#endif
