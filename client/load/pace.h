/*
 * pace: when connections may begin, with --connect-rate: evenly, at most so
 * many a second over all workers. Moments are on a grid of the monotonic clock,
 * which all processes of a host share, and the workers have them in turn, so
 * they keep in step without a word. A moment that was missed is not made up
 * for: no burst follows.
 *
 * Use:
 *	pace_init(&pace, 500, worker, workers, now_ns);
 *	... wait at most pace_wait_ns(&pace, now_ns) ...
 *	if (pace_take(&pace, now_ns))
 *		... begin one ...
 */
#ifndef CLIENT_LOAD_PACE_H
#define CLIENT_LOAD_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* All zero: no limit. */
struct pace {
	int64_t gap_ns;  /* between two moments of this worker */
	int64_t next_ns; /* its next one */
};

/* rate: of all workers, a second; at most 10^9; 0: no limit. */
void pace_init(struct pace *pace, uint64_t rate, unsigned worker,
    unsigned workers, int64_t now_ns);

/* Until pace_take is true; 0: it is now. */
int64_t pace_wait_ns(const struct pace *pace, int64_t now_ns);

/* True: one may begin now, and the next one only later. */
bool pace_take(struct pace *pace, int64_t now_ns);

#endif
