/*
 * schedule: a worker's events of an open loop: when they are intended to start,
 * no matter how long earlier ones take; which are due; and how late they were
 * noticed. Lateness says how good this generator is, and nothing about the
 * server.
 *
 * Events come at a uniform rate over all workers of all parts (client/part.h):
 * event i is due i / rate periods after the start. It belongs to part i % parts
 * and there to worker i / parts % workers, so the n-th event of a worker is
 * i = first + n * stride, with first = part + worker * parts and
 * stride = parts * workers.
 *
 * Use:
 *	schedule_init(&schedule, options, worker, start_ns, stop_ns);
 *	schedule_notice(&schedule, tally, clock_now_ns());
 *	while (begun < schedule.noticed)
 *		began_ns = schedule_time(&schedule, begun++);
 */
#ifndef CLIENT_LOAD_SCHEDULE_H
#define CLIENT_LOAD_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct options;
struct tally;

struct schedule {
	int64_t start_ns;
	uint64_t rate;          /* events of all parts in a period */
	uint64_t period_ns;     /* a second, or for a rate of 0.1 it is 10 */
	uint64_t first, stride; /* of this worker's, among those of all */
	uint64_t events;        /* of this worker, in the whole run */
	uint64_t noticed;       /* of these, so far */
};

/*
 * Takes the rate from the options; events are due before stop_ns, or there are
 * as many as the options' round_trips, if they are not 0.
 */
void schedule_init(struct schedule *schedule, const struct options *options,
    unsigned worker, int64_t start_ns, int64_t stop_ns);

/* Notices all that is due, and counts how late that is. */
void schedule_notice(
    struct schedule *schedule, struct tally *tally, int64_t now_ns);

/* When the worker's n-th event, from 0, is to start; rounded down. */
int64_t schedule_time(const struct schedule *schedule, uint64_t n);

/* Nothing is left to be noticed. */
static inline bool
schedule_is_done(const struct schedule *s)
{
	return s->noticed == s->events;
}

/* Until the next event; -1: there is none. */
int64_t schedule_wait_ns(const struct schedule *schedule, int64_t now_ns);

#endif
