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

/*
 * How long a schedule that is to start at this time of the wall clock is to
 * wait, so that those of all parts interleave, where their hosts' clocks agree:
 * for a multiple of the time in which each part has one event. 0 if that is
 * longer than 10 ms. rate: events of all parts in a period.
 */
int64_t part_grid_wait_ns(const struct part *part, uint64_t rate,
    uint64_t period_ns, int64_t wall_ns);

#endif
