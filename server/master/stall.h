/*
 * stall: notices that a worker stands still, says so in the log, and marks its
 * slot, so that the others place no connection on it.
 *
 * A worker stalls when a signal stops it (SIGSTOP), which the master is told at
 * once; when a turn of one of its loops takes more than a second; and when its
 * handshake loop has not turned for a second while connections wait in its
 * inbox, as in a debugger. A loop that sleeps with nothing to do is well. The
 * mark goes when all that is over.
 *
 * Owns:	the stalled flag of the worker's slot.
 * Use:
 *	if (!stall_on_status(&stall, slot, index, status))
 *		... the worker has ended ...
 *	... each second: stall_look(&stall, slot, index, clock_now_ns());
 */
#ifndef SERVER_MASTER_STALL_H
#define SERVER_MASTER_STALL_H

#include <stdbool.h>
#include <stdint.h>

struct stats_slot;

#define STALL_NS INT64_C(1000000000)

/* All zero at first. */
struct stall {
	bool stopped;    /* by a signal */
	bool stalled;    /* as the slot says */
	bool told;       /* as the log says, too */
	uint64_t turns;  /* of its handshake loop, at the last look */
	int64_t left_ns; /* since when its inbox is left, at the last look */
	int64_t from_ns; /* nothing counts that was earlier: it was stopped */
	int64_t quiet_until_ns; /* see log_is_due: machines may be slow */
};

/*
 * What child_next says of the worker's process: stopped, or going on. False:
 * it has ended, and all is forgotten.
 */
bool stall_on_status(
    struct stall *s, struct stats_slot *slot, unsigned worker, int status);

void stall_look(
    struct stall *s, struct stats_slot *slot, unsigned worker, int64_t now_ns);

#endif
