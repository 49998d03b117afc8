/*
 * shm: the POSIX shared-memory segment /tlsecho.NAME (shm_overview(7)).
 *
 * The creator holds an fcntl(2) write lock on the segment for life, so that a
 * second server of the same name is refused, a segment whose owner died is
 * recognised and replaced, and a viewer can tell a dead server from an idle
 * one. Forked children do not inherit that lock. A process that holds it must
 * never close another descriptor of the same file, or the lock is gone: it must
 * not attach to its own segment, nor create it a second time. The functions for
 * readers work on the creator's handle too.
 *
 * Owns:	struct stats_shm owns mapping, descriptor and, if it created
 *		it, the name.
 * Errors:	-1 and a line that names the segment and says what to do.
 *		Touching a segment that somebody cuts short after it was
 *		attached raises SIGBUS: a viewer has to expect it.
 * Names:	1 to STATS_SHM_NAME - 1 of [A-Za-z0-9._-], not beginning with a
 *		dot.
 * Use:
 *	struct stats_shm *shm;
 *	if (stats_shm_create(&shm, &options, &e) < 0) ...
 *	slot = stats_shm_slot(shm, 1 + worker);
 */
#ifndef COMMON_STATS_SHM_H
#define COMMON_STATS_SHM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/errmsg.h"
#include "common/stats/stats.h"

#define STATS_SHM_MAGIC UINT64_C(0x6f6863656c735431) /* "1Tslecho" */

enum {
	STATS_SHM_NAME = 64,
	/* Changes when header, field, slot or shard layouts change. */
	STATS_SHM_VERSION = 1,
	STATS_SHM_PROGRAM = 32,
	/* What a segment may have; a viewer refuses more. */
	STATS_SHM_SLOTS_MAX = 1024,
	STATS_SHM_FIELDS_MAX = 1024,
};

struct stats_header {
	uint64_t magic;
	uint32_t version;
	_Atomic uint32_t ready; /* stored last, with release: 1 when complete */
	uint64_t size;          /* of the whole segment */
	uint32_t field_count, field_size, field_offset;
	uint32_t slot_count, slot_size, slot_offset;
	uint32_t shard_count, shard_size, shard_offset; /* in the slot */
	uint32_t hist_buckets, hist_sub_bits;
	int32_t pid;                     /* of the master */
	int64_t start_wall_ns;           /* since 1970 */
	int64_t start_ns;                /* CLOCK_MONOTONIC */
	char program[STATS_SHM_PROGRAM]; /* "tlsecho-server 0.1.0" */
};

struct stats_shm_options {
	const char *name;
	unsigned slots;      /* 1 + workers, at most STATS_SHM_SLOTS_MAX */
	mode_t mode;         /* such as 0640, whatever the umask; of 0666 */
	gid_t group;         /* (gid_t)-1: the process's own */
	const char *program; /* "tlsecho-server 0.1.0" */
};

struct stats_shm;

/* 0 when the name can be used, else -1 with the reason, which quotes it. */
int stats_shm_check_name(const char *name, struct errmsg *e);

/*
 * Creates, or replaces a segment whose owner is dead. Memory is allocated at
 * once, so that a full /dev/shm fails here and not with SIGBUS later. Fails
 * when another live process owns the name: the message has its pid.
 */
int stats_shm_create(struct stats_shm **shm,
    const struct stats_shm_options *options, struct errmsg *e);

/*
 * Attaches read-only. Fails, with a message of its own each, when there is no
 * such segment (it lists those that are), when it may not be read (it tells
 * mode, user and group), and when version, ready mark, sizes or names are not
 * right (all are checked against the file before any use). A segment whose
 * server is dead can be attached: see stats_shm_owner.
 */
int stats_shm_attach(
    struct stats_shm **shm, const char *name, struct errmsg *e);

/* Removes the name if this process created it, unmaps, frees. NULL is fine. */
void stats_shm_close(struct stats_shm **pointer);

/*
 * In a forked child of the creator: the child goes on using the mapping, and
 * stats_shm_close will not remove the name.
 */
void stats_shm_disown(struct stats_shm *shm);

/*
 * Pid of the process that holds the lock; 0 when the server is dead. A holder
 * of another pid namespace has no pid here: then it is the header's.
 */
pid_t stats_shm_owner(const struct stats_shm *shm);

/* A verified copy: it does not change while attached. */
const struct stats_header *stats_shm_header(const struct stats_shm *shm);

/* Creator: slots to write, which are one array. index < slot_count. */
struct stats_slot *stats_shm_slot(struct stats_shm *shm, unsigned index);

/*
 * Reader: everything by the segment's own description. field < field_count,
 * slot < slot_count. A difference is computed, clamped at 0; the value of a
 * histogram is its count. Nothing depends on the server being alive; an unknown
 * state is read as STATS_SLOT_EMPTY.
 */
const struct stats_field *stats_shm_field(
    const struct stats_shm *shm, unsigned field);
uint64_t stats_shm_value(
    const struct stats_shm *shm, unsigned slot, unsigned field);
enum stats_state stats_shm_state(const struct stats_shm *shm, unsigned slot);
pid_t stats_shm_pid(const struct stats_shm *shm, unsigned slot);

/*
 * Adds a histogram of a slot, all shards, to into. -1 when its shape is not
 * that of this program (hist_buckets and hist_sub_bits of the header).
 */
int stats_shm_merge_hist(const struct stats_shm *shm, unsigned slot,
    unsigned field, struct hist *into);

#endif
