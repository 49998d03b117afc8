/*
 * shm: the POSIX shared-memory segment /tlsecho.NAME (shm_overview(7)).
 *
 * The creator holds an fcntl(2) write lock on the segment for life, so that a
 * second server of the same name is refused, a segment whose owner died is
 * recognised and replaced, and a viewer can tell a dead server from an idle
 * one. Forked children do not inherit that lock. A process that holds it must
 * never close another descriptor of the same file, or the lock is gone: it must
 * not attach to its own segment, nor create it a second time.
 *
 * Owns:	struct stats_shm owns mapping, descriptor and, if it created
 *		it, the name.
 * Errors:	-1 and a line that names the segment and says what to do.
 * Names:	1 to STATS_SHM_NAME - 1 of [A-Za-z0-9._-], not beginning with a
 *		dot.
 * Use:
 *	struct stats_shm *shm;
 *	if (stats_shm_create(&shm, &options, &e) < 0) ...
 *	slot = stats_shm_slot(shm, 1 + worker);
 *	stats_shm_close(&shm);
 */
#ifndef COMMON_STATS_SHM_H
#define COMMON_STATS_SHM_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/base/errmsg.h"
#include "common/stats/stats.h"

enum {
	STATS_SHM_NAME = 64,
	STATS_SHM_USER = 64
};

struct stats_shm_options {
	const char *name;
	unsigned slots;      /* 1 + workers, at most STATS_SEGMENT_SLOTS_MAX */
	mode_t mode;         /* such as 0640, whatever the umask; of 0666 */
	gid_t group;         /* (gid_t)-1: the process's own */
	const char *program; /* "tlsecho-server 0.1.0" */
	/* Of each slot but the first (stats/row.h); 0: none. For all slots
	 * together there are maxima: stats/segment.h. */
	unsigned rows, offenders;
	/* Slots after the first that will have a process at once: the rows of
	 * others take no memory before stats_shm_allocate_rows. 0: all. */
	unsigned run;
	bool answers; /* has stats/answer.h */
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
 * The creator ends, but slowly, and leaves its name to a successor: from now on
 * the segment is NAME.draining, or while others of that name are draining, too,
 * NAME.draining.2 and so on up to 99. Of NAME 51 characters are kept. A segment
 * that a dead server left there is replaced. -1: it keeps its name.
 */
int stats_shm_step_aside(struct stats_shm *shm, struct errmsg *e);
/*
 * -1 if it could not, or if the name is another server's by now, so that a
 * successor could not have it. In any process.
 */
int stats_shm_check_successor(const struct stats_shm *shm, struct errmsg *e);
/* NAME as it is by now. */
const char *stats_shm_name(const struct stats_shm *shm);

/* Whether the name still leads to this segment, and not to a later one's. */
bool stats_shm_is_named(const struct stats_shm *shm);

/* Removes the name if we created it, unmaps, frees. *pointer may be NULL. */
void stats_shm_close(struct stats_shm **pointer);

/* Removes the name if there is a segment, and its creator has died. */
void stats_shm_remove_dead(const char *name);

/*
 * In a forked child of the creator: the child goes on using the mapping, and
 * stats_shm_close will not remove the name.
 */
void stats_shm_disown(struct stats_shm *shm);

/*
 * Whose segment it is, as "1000 (bob)", if that is neither root nor the user of
 * this process; else "". Counters of a stranger may be anything.
 */
const char *stats_shm_foreign_user(
    const struct stats_shm *shm, char text[static STATS_SHM_USER]);

/* Before the first process of a slot that is not among those of options.run. */
int stats_shm_allocate_rows(
    struct stats_shm *shm, unsigned slot, struct errmsg *e);

/* Slots to write, in the creator and its children. index < options.slots. */
struct stats_slot *stats_shm_slot(struct stats_shm *shm, unsigned index);

#endif
