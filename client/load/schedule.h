/*
 * schedule: a worker's events of an open loop: which are due, and how late they
 * were noticed. How late that is says how good a generator we are, and nothing
 * about the server.
 *
 * Use:
 *	schedule_init(&schedule, options, worker, start_ns, stop_ns);
 *	schedule_notice(&schedule, tally, now_ns);
 *	while (begun < schedule.noticed)
 *		begin(schedule_time(&schedule, begun++));
 */
#ifndef CLIENT_LOAD_SCHEDULE_H
#define CLIENT_LOAD_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "client/load/pace.h"

struct options;
struct tally;

struct schedule {
	struct pace pace;
	uint64_t events;  /* of this worker, in the whole run */
	uint64_t noticed; /* of these, so far */
};

/* By options' rate: up to stop_ns, or as many as options' round_trips. */
void schedule_init(struct schedule *schedule, const struct options *options,
    unsigned worker, int64_t start_ns, int64_t stop_ns);

/* Notices all that is due, and how late that is. */
void schedule_notice(
    struct schedule *schedule, struct tally *tally, int64_t now_ns);

/* The intended start of the worker's n-th event. */
static inline int64_t
schedule_time(const struct schedule *s, uint64_t n)
{
	return pace_time(&s->pace, n);
}

/* Nothing is left to be noticed. */
static inline bool
schedule_is_done(const struct schedule *s)
{
	return s->noticed == s->events;
}

/* Until the next event; -1: there is none. */
int64_t schedule_wait_ns(const struct schedule *schedule, int64_t now_ns);

#endif
