/*
 * sample: all that a segment says at one moment, and how fast it grew since
 * another. What shows it needs nothing else: whether it was read from a live
 * server (sample/take.h) or built from another place (sample/build.h) makes no
 * difference.
 *
 * Fields are counters, gauges, differences and histograms; slot 0 is the
 * master, slot 1 + i is worker i.
 *
 * Owns:	copies of all; it outlives the segment, and does not change.
 * Use:
 *	field = sample_find(now, "accepted");
 *	if (field >= 0 && sample_rate(now, before, field, &rate)) ...
 *	sample_free(&before);
 */
#ifndef TOOLS_SAMPLE_SAMPLE_H
#define TOOLS_SAMPLE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/hist.h"
#include "common/stats/field.h"
#include "common/stats/row.h"
#include "common/stats/segment.h"
#include "common/stats/shm.h"
#include "common/stats/stats.h"

struct sample;

struct sample_server {
	char name[STATS_SHM_NAME]; /* of the segment */
	char program[STATS_SEGMENT_PROGRAM];
	char foreign_user[STATS_SHM_USER]; /* neither root nor I, or "" */
	pid_t pid;
	int64_t start_ns;      /* CLOCK_MONOTONIC */
	int64_t start_wall_ns; /* since 1970 */
	bool is_alive;
};

struct sample_slot {
	enum stats_state state;
	pid_t pid;            /* 0: none */
	bool is_stalled;      /* says the server */
	bool is_stopped;      /* says the kernel: SIGSTOP, or a debugger */
	bool is_used;         /* has a process, or has ever counted anything */
	int64_t age_ns;       /* of the process; -1: not known */
	int64_t cpu_ns;       /* user and system; -1: not known */
	int64_t memory_bytes; /* resident; -1: not known */
};

/* An open connection and the slot of its worker. */
struct sample_conn {
	unsigned slot;
	struct stats_row row;
};

/* One more owner: it is freed when each of them has freed it. Returns it. */
struct sample *sample_hold(struct sample *s);
/* Frees *s, which may be NULL, and makes it NULL. */
void sample_free(struct sample **s);

const struct sample_server *sample_server(const struct sample *s);
int64_t sample_time_ns(const struct sample *s); /* CLOCK_MONOTONIC */
int64_t sample_wall_ns(const struct sample *s); /* since 1970 */
/* Of one server, and so comparable. */
bool sample_same_server(const struct sample *a, const struct sample *b);

unsigned sample_field_count(const struct sample *s);
const struct stats_field *sample_field(const struct sample *s, unsigned field);
/* The index of a field, or -1: servers of other releases may not have it. */
int sample_find(const struct sample *s, const char *name);

unsigned sample_slot_count(const struct sample *s);
const struct sample_slot *sample_slot(const struct sample *s, unsigned slot);
/* A word: "ready", "stalled", "stopped"; of a dead server always "dead". */
const char *sample_slot_state(const struct sample *s, unsigned slot);
/* Of the slots but the master's, those that are used. */
unsigned sample_worker_count(const struct sample *s);
/* Those that have a process; of a dead server, all. */
unsigned sample_workers_now(const struct sample *s);
/* Of these, those that serve whom they have, and nobody new. */
unsigned sample_workers_draining(const struct sample *s);

/* In one slot, and the sum over all slots; for a histogram, its count. */
uint64_t sample_value(const struct sample *s, unsigned slot, unsigned field);
uint64_t sample_total(const struct sample *s, unsigned field);

/*
 * How fast a total, or the count of a histogram, grew since before, per second,
 * in all slots or in one. False when there is nothing to compare with: before
 * is NULL, of another server, or of the same moment. The rate of a total that
 * fell is 0.
 */
bool sample_rate(const struct sample *now, const struct sample *before,
    unsigned field, double *per_second);
bool sample_slot_rate(const struct sample *now, const struct sample *before,
    unsigned slot, unsigned field, double *per_second);

/*
 * Merged over all slots, or of one; NULL if the field is no histogram, or one
 * with buckets that this release does not know; of one slot also if it is
 * empty.
 */
const struct hist *sample_hist(const struct sample *s, unsigned field);
const struct hist *sample_slot_hist(
    const struct sample *s, unsigned slot, unsigned field);

/* Open connections, those of a worker together; failed handshakes, the latest
 * last. Both are empty where the server keeps no table. */
const struct sample_conn *sample_conns(const struct sample *s, size_t *count);
const struct stats_offender *sample_offenders(
    const struct sample *s, size_t *count);

#endif
