/*
 * workers: the master's side of its worker processes: forked, told what to do,
 * listened to, and seen out.
 *
 * Owns:	the processes and the master's ends of their sockets.
 * Borrows:	the job; the report, where deaths are entered.
 * Errors:	-1 and a line when they cannot be started; what becomes of them
 *		later is in the report.
 * Use:
 *	if (workers_fork(&workers, &job, &report, to_close, 2, &e) < 0 ||
 *	    workers_watch(&workers, io, &e) < 0) ...
 *	workers_order(&workers, WORKER_START, start_ns, stop_ns);
 *	... on SIGCHLD: workers_reap(&workers) ...
 *	workers_free(&workers);
 */
#ifndef CLIENT_MASTER_WORKERS_H
#define CLIENT_MASTER_WORKERS_H

#include <stdbool.h>
#include <stdint.h>

#include "client/load/worker.h"
#include "common/base/errmsg.h"
#include "common/io/loop.h"

struct job;
struct report;
struct worker_slot;

struct workers {
	struct worker_slot *slots;
	unsigned count;
	unsigned alive;
	struct report *report;
	int64_t last_death_ns; /* of one that did not end well; or 0 */
	bool killing;          /* on purpose: their deaths are no failures */
};

/* Children close the descriptors to_close. After a failure: workers_free. */
int workers_fork(struct workers *workers, const struct job *job,
    struct report *report, const int *to_close, unsigned closing,
    struct errmsg *e);

/* Listens to them. Children do not have the loop if it was opened later. */
int workers_watch(struct workers *workers, struct io *io, struct errmsg *e);

/* Without effect on one that has just died: SIGCHLD tells. */
void workers_order(const struct workers *workers, enum worker_order_kind kind,
    int64_t start_ns, int64_t stop_ns);

/* Whether all have said this word, or a later one, or are gone. */
bool workers_have_reported(
    const struct workers *workers, enum worker_report word);

/* Sees out those that have ended. */
void workers_reap(struct workers *workers);

void workers_kill(struct workers *workers);

/* Kills and waits for those that are left. Harmless when all zero. */
void workers_free(struct workers *workers);

#endif
