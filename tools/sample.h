/*
 * sample: the values of all counters at one moment, and how fast they grew
 * since another.
 *
 * Owns:	a copy of all values; it may outlive the segment.
 * Use:
 *	now = sample_take(shm, clock_now_ns(), clock_wall_ns());
 *	if (sample_rate(now, before, field, &per_second)) ...
 *	sample_free(&before);
 */
#ifndef TOOLS_SAMPLE_H
#define TOOLS_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/hist.h"
#include "common/stats/reader.h"
#include "common/stats/stats.h"

struct sample;

/*
 * Reads all counters. The times, monotonic and wall-clock, are those that the
 * sample will tell. NULL when there is no memory.
 */
struct sample *sample_take(
    const struct stats_shm *shm, int64_t now_ns, int64_t wall_ns);

/* Frees *s, which may be NULL, and makes it NULL. */
void sample_free(struct sample **s);

/* Whether the server was alive. */
bool sample_is_alive(const struct sample *s);
int64_t sample_time_ns(const struct sample *s);
int64_t sample_wall_ns(const struct sample *s);

/* In one slot, and the sum over all slots; for a histogram, its count. */
uint64_t sample_value(const struct sample *s, unsigned slot, unsigned field);
uint64_t sample_total(const struct sample *s, unsigned field);

/*
 * How fast a total, or the count of a histogram, grew since before, per second.
 * False when there is nothing to compare with: before is NULL, of another
 * server, or of the same moment. The rate of a total that fell is 0.
 */
bool sample_rate(const struct sample *now, const struct sample *before,
    unsigned field, double *per_second);

/*
 * Merged over all slots; NULL if the field is no histogram, or one with buckets
 * that this release does not know.
 */
const struct hist *sample_hist(const struct sample *s, unsigned field);

/* Whether it has a process, or has ever counted anything. */
bool sample_slot_used(const struct sample *s, unsigned slot);
pid_t sample_slot_pid(const struct sample *s, unsigned slot);

/* A word such as "ready" or "stalled"; of a dead server always "dead". */
const char *sample_slot_state(const struct sample *s, unsigned slot);

#endif
