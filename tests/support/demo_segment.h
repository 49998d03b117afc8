/*
 * demo_segment: a process that owns a statistics segment as a server does, and
 * counts in it what the test tells it to.
 *
 * It must be another process: one that attaches to its own segment would lose
 * the lock. When the test ends, however it ends, the process sees the end of
 * its pipe, removes the segment and leaves.
 *
 * Owns:	the process; the struct is the caller's.
 * Errors:	all fail the test.
 * Use:
 *	struct demo_segment demo;
 *	demo_segment_start(&demo, "table", 3);
 *	demo_segment_add(&demo, 1, STATS_ACCEPTED, 5);
 *	demo_segment_stop(&demo);
 */
#ifndef TESTS_SUPPORT_DEMO_SEGMENT_H
#define TESTS_SUPPORT_DEMO_SEGMENT_H

#include <stdint.h>
#include <sys/types.h>

#include "common/stats/reader.h"
#include "common/stats/row.h"

enum {
	DEMO_SEGMENT_ROWS = 8, /* of each slot but the first */
	DEMO_SEGMENT_OFFENDERS = 4,
};

struct demo_segment {
	char name[STATS_SHM_NAME]; /* "test-LABEL-PID" */
	pid_t pid;
	int pipe; /* commands; each is answered by a byte */
};

/* A name that no other test uses now. */
void demo_segment_name(char name[static STATS_SHM_NAME], const char *label);

/* Creates it, 0640 and with this many slots; returns when it is ready. */
void demo_segment_start(
    struct demo_segment *demo, const char *label, unsigned slots);

/* The same under a given name: the next server of that name. */
void demo_segment_start_named(
    struct demo_segment *demo, const char *name, unsigned slots);

/* These return when it is done. They count in the slot's echo shard. */
void demo_segment_add(struct demo_segment *demo, unsigned slot,
    enum stats_counter counter, uint64_t n);
void demo_segment_hist(struct demo_segment *demo, unsigned slot,
    enum stats_hist hist, int64_t ns, uint64_t n);
void demo_segment_state(struct demo_segment *demo, unsigned slot,
    enum stats_state state, pid_t pid);
/* Writes a row or an offender of a slot; index is within the slot. */
void demo_segment_row(struct demo_segment *demo, unsigned slot, unsigned index,
    const struct stats_row *row);
void demo_segment_offender(struct demo_segment *demo, unsigned slot,
    unsigned index, const struct stats_offender *offender);
/* As if its writer had died in mid-write. */
void demo_segment_tear_row(
    struct demo_segment *demo, unsigned slot, unsigned index);
/* stats_shm_step_aside; name stays as it was. */
void demo_segment_step_aside(struct demo_segment *demo);

/* Ends as a server does, and the name is removed. */
void demo_segment_stop(struct demo_segment *demo);

/* Ends by SIGKILL; the segment stays behind, for demo_segment_remove. */
void demo_segment_kill(struct demo_segment *demo);
void demo_segment_remove(const char *name);

#endif
