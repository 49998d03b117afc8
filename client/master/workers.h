/*
 * workers: the master's side of its worker processes: forked, ordered about,
 * listened to, and waited for.
 *
 * Owns:	the processes and the master's ends of their sockets.
 * Borrows:	the job.
 * Errors:	-1 and a line when they cannot be started; what becomes of them
 *		later is in the struct.
 * Use:
 *	if (workers_fork(&workers, &job, to_close, 2, &e) < 0 ||
 *	    workers_watch(&workers, io, &e) < 0) ...
 *	workers_order(&workers, &order);
 *	... on SIGCHLD: workers_reap(&workers) ...
 *	workers_free(&workers);
 */
#ifndef CLIENT_MASTER_WORKERS_H
#define CLIENT_MASTER_WORKERS_H

#include <stdbool.h>
#include <stdint.h>

#include "client/control.h"
#include "common/base/errmsg.h"
#include "common/io/loop.h"

struct job;
struct worker_slot;

struct workers {
	struct worker_slot *slots;
	unsigned count;
	unsigned alive;
	bool killing;    /* on purpose: their deaths are no failures */
	bool mismatched; /* one has received a wrong echo */
	/* Of those that did not end well. */
	unsigned died;
	uint64_t cut_off;          /* connections that were not over */
	int64_t last_death_ns;     /* or 0 */
	struct errmsg first_death; /* "worker 1: killed by SIGKILL" */
};

/* Children close the descriptors to_close. After a failure: workers_free. */
int workers_fork(struct workers *workers, const struct job *job,
    const int *to_close, unsigned closing, struct errmsg *e);

/* Takes their reports. Children do not have the loop if it is opened later. */
int workers_watch(struct workers *workers, struct io *io, struct errmsg *e);

/* To all that are alive. */
void workers_order(
    const struct workers *workers, const struct control_order *order);

/* Whether all that are alive have reported this, or what comes after it. */
bool workers_have_reported(
    const struct workers *workers, enum control_report report);

/* CPU time of all since they were told to start; -1: one has died. */
int64_t workers_cpu_ns(const struct workers *workers);

/* Waits for those that have ended, and for no others. */
void workers_reap(struct workers *workers);

void workers_kill(struct workers *workers);

/* Kills and waits for those that are left. Harmless when all zero. */
void workers_free(struct workers *workers);

#endif
