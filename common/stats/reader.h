/*
 * reader: a segment of another process, read by its own description, so that a
 * viewer of one release shows the server of another. All but stats_shm_attach
 * works on the handle of the creator, too.
 *
 * Owns:	as stats/shm.h: stats_shm_close ends it.
 * Errors:	touching a segment that somebody cuts short after it was
 *		attached raises SIGBUS: a viewer has to expect it.
 * Use:
 *	if (stats_shm_attach(&shm, "default", &e) < 0) ...
 *	n = stats_shm_value(shm, slot, field);
 *	stats_shm_close(&shm);
 */
#ifndef COMMON_STATS_READER_H
#define COMMON_STATS_READER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/errmsg.h"
#include "common/base/hist.h"
#include "common/stats/field.h"
#include "common/stats/segment.h"
#include "common/stats/shm.h"
#include "common/stats/stats.h"

/*
 * Attaches read-only. Fails when there is no such segment (the message lists
 * those that are there), when it may not be read (the message has its mode,
 * user and group), and when version, ready mark, sizes or names are wrong: all
 * are checked before any use. A segment whose server is dead can be attached:
 * see stats_shm_owner.
 */
int stats_shm_attach(
    struct stats_shm **shm, const char *name, struct errmsg *e);

/*
 * Pid of the server, which holds the lock; 0 when it is dead. A server in
 * another pid namespace has no pid here: then it is what the header says.
 */
pid_t stats_shm_owner(const struct stats_shm *shm);

/* A verified copy: it does not change while attached. */
const struct stats_header *stats_shm_header(const struct stats_shm *shm);

/*
 * field < field_count and slot < slot_count of the header. The value of a
 * difference is computed, and is at least 0; that of a histogram is its count.
 * Nothing depends on the server being alive; an unknown state is read as
 * STATS_SLOT_EMPTY.
 */
const struct stats_field *stats_shm_field(
    const struct stats_shm *shm, unsigned field);
uint64_t stats_shm_value(
    const struct stats_shm *shm, unsigned slot, unsigned field);
enum stats_state stats_shm_state(const struct stats_shm *shm, unsigned slot);
/* It stands still, and is given no connections. */
bool stats_shm_is_stalled(const struct stats_shm *shm, unsigned slot);
pid_t stats_shm_pid(const struct stats_shm *shm, unsigned slot);
/* When its process was started, monotonic; 0: never. */
int64_t stats_shm_started_ns(const struct stats_shm *shm, unsigned slot);
/* Connections that it has, and those that are on the way to it. */
uint64_t stats_shm_load(const struct stats_shm *shm, unsigned slot);
/*
 * For how long the longest turn of its loops is under way at now_ns, monotonic;
 * 0: they sleep. A process that is stopped in its sleep is not told apart from
 * one that has nothing to do: see stats_shm_is_stalled, too.
 */
int64_t stats_shm_turn_ns(
    const struct stats_shm *shm, unsigned slot, int64_t now_ns);

/*
 * Adds a histogram of a slot, all shards, to into. -1 when its shape is not
 * that of this program (hist_buckets and hist_sub_bits of the header).
 */
int stats_shm_merge_hist(const struct stats_shm *shm, unsigned slot,
    unsigned field, struct hist *into);

#endif
