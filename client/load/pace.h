/*
 * pace: the clockwork of an open loop: when events are intended to start, no
 * matter how long the ones before take.
 *
 * Events come at a uniform rate over all workers: event i starts i / rate
 * seconds after the begin, and belongs to worker i % workers, whose n-th event
 * is i = worker + n * workers. Nothing here knows a clock or a connection.
 *
 * Use:
 *	const struct pace pace = { start_ns, 20000, worker, workers };
 *	while (pace_time(&pace, n) <= now_ns)
 *		start_event(n++);
 */
#ifndef CLIENT_LOAD_PACE_H
#define CLIENT_LOAD_PACE_H

#include <stdint.h>

enum {
	PACE_RATE_MAX = 100000000 /* far beyond what can be sent */
};

struct pace {
	int64_t start_ns;
	uint64_t rate; /* events a second, 1 to PACE_RATE_MAX */
	unsigned worker, workers;
};

/* The intended start of the worker's n-th event, from 0; rounded down. */
int64_t pace_time(const struct pace *pace, uint64_t n);

/* How many of the worker's events have an intended start up to now_ns. */
uint64_t pace_due(const struct pace *pace, int64_t now_ns);

#endif
