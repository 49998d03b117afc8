/*
 * timeq: deadlines of one duration, in a queue.
 *
 * As all timers of a queue last equally long, the queue is sorted by itself:
 * arming appends, expiry looks at the head, and all operations are O(1).
 *
 * Owns:	nothing; a timer is a member of what it times.
 * Use:
 *	timeq_init(&idle, 30 * CLOCK_NS_PER_S);
 *	timeq_arm(&idle, &conn->timer, now_ns);
 *	while ((t = timeq_expired(&idle, now_ns)) != NULL) ...
 */
#ifndef COMMON_BASE_TIMEQ_H
#define COMMON_BASE_TIMEQ_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/list.h"

struct timeq {
	struct list timers;
	int64_t duration_ns; /* 0: timers of this queue never expire */
};

struct timeq_timer {
	struct list link;
	int64_t deadline_ns; /* 0 while not armed */
};

void timeq_init(struct timeq *q, int64_t duration_ns);
void timeq_init_timer(struct timeq_timer *t);

/* Starts the timer, or starts it anew, in whatever queue it was. */
void timeq_arm(struct timeq *q, struct timeq_timer *t, int64_t now_ns);

/*
 * For the hot path: starts the timer anew only when more than 1/16 of its
 * duration has gone since it was last started, so that it expires at most that
 * much early, and most calls touch no neighbour. The timer is in this queue or
 * in none.
 */
static inline void
timeq_touch(struct timeq *q, struct timeq_timer *t, int64_t now_ns)
{
	if (t->deadline_ns - now_ns < q->duration_ns - q->duration_ns / 16)
		timeq_arm(q, t, now_ns);
}

void timeq_cancel(struct timeq_timer *t);

/* Takes out and returns the first timer that is due; NULL when none is. */
struct timeq_timer *timeq_expired(struct timeq *q, int64_t now_ns);

/* Time until the head expires: 0 when due, -1 when there is none. */
int64_t timeq_wait_ns(const struct timeq *q, int64_t now_ns);

/* The shorter of two waits, of which -1 is the longest. */
static inline int64_t
timeq_min_wait(int64_t a_ns, int64_t b_ns)
{
	if (a_ns < 0)
		return b_ns;
	return b_ns >= 0 && b_ns < a_ns ? b_ns : a_ns;
}

/* A wait for poll(2): in milliseconds, never too short; -1: for ever. */
int timeq_poll_ms(int64_t wait_ns);

#endif
