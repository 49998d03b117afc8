/*
 * part: which of several clients this one is, that make one load together
 * (--part I/N). Whatever is numbered goes to them in turn: event i of the open
 * loop of all, say, to the one whose index is i % N.
 *
 * Use:
 *	o->connections = part_share(&o->part, o->connections);
 */
#ifndef CLIENT_PART_H
#define CLIENT_PART_H

#include <stdbool.h>

#include "client/quota.h"

struct part {
	unsigned index; /* from 0 */
	unsigned count; /* 0: --part is not given, so this is the only one */
};

static inline bool
part_is_given(const struct part *p)
{
	return p->count > 0;
}

/* At least 1. */
static inline unsigned
part_count(const struct part *p)
{
	return part_is_given(p) ? p->count : 1;
}

/* How many of total fall to it; those of all parts sum to it. */
static inline uint64_t
part_share(const struct part *p, uint64_t total)
{
	return quota_of(total, part_count(p), p->index);
}

#endif
