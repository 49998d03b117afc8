/*
 * handover: what a program that takes over from another one in the same process
 * (execve(2)) gets from it, as text in the environment: numbers of descriptors,
 * and the workers that go on meanwhile.
 *
 * The text is words NAME=NUMBER[:NUMBER...]; a program passes over words that
 * it does not know, so that releases may differ.
 *
 * Owns:	nothing after handover_read: whoever takes a descriptor.
 * Use:
 *	if (handover_read(&h, &e) < 0) ...
 *	if (h.exists) ... adopt ...
 */
#ifndef SERVER_MASTER_HANDOVER_H
#define SERVER_MASTER_HANDOVER_H

#include <stdbool.h>

#include "common/base/errmsg.h"
#include "server/config.h"
#include "server/inbox.h"
#include "server/listeners.h"
#include "server/logger/logger.h"
#include "server/master/refusals.h"
#include "server/master/slot.h"

struct master;

struct handover {
	bool exists;
	struct listeners listeners;
	int segment_fd, credentials_fd;
	int limits_fd;     /* -1: it has no limits, or keeps them */
	struct logger log; /* without its lines; tx_fd -1: it keeps its own */
	/* Workers that it serves with, and what --workers said. */
	unsigned workers, workers_asked;
	uint64_t told[REFUSALS_LIMITS]; /* see refusals_begin */
	struct inbox inboxes[CONFIG_SLOTS_MAX];
	struct worker_slot slots[CONFIG_SLOTS_MAX]; /* none of them wanted */
};

/*
 * Removes the variable. Without it nothing exists; -1 for text that no program
 * has written for this process. Descriptors become close-on-exec.
 */
int handover_read(struct handover *h, struct errmsg *e);

/* One past the last slot that the program before had. */
unsigned handover_slots(const struct handover *h);

/* Closes them: its workers and new ones cannot hand each other connections. */
void handover_drop_inboxes(struct handover *h);

/* Sets the variable, and lets descriptors pass execve(2); or no longer. */
void handover_write(const struct master *m);
void handover_undo(const struct master *m);

#endif
