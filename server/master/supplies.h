/*
 * supplies: who of the workers gets which connection to the signing process:
 * each one when it starts, and all of them when there are new keys or a new
 * process (server/supply.h).
 *
 * Use:
 *	supplies_open(w, slot, &child_end, &e);	// before a worker's fork
 *	wait_ns = supplies_turn(w, now_ns);	// in each turn
 */
#ifndef SERVER_MASTER_SUPPLIES_H
#define SERVER_MASTER_SUPPLIES_H

#include <stdint.h>

#include "common/base/errmsg.h"

struct worker_slot;
struct workers;

/*
 * Opens the slot's supply, with a connection in it; *worker_fd is the worker's
 * end, which the caller closes. It is -1 where workers have the keys, and on
 * failure, when the caller closes the slot's.
 */
int supplies_open(struct workers *w, struct worker_slot *slot, int *worker_fd,
    struct errmsg *e);

/*
 * One connection for each worker; one that cannot take it is killed. One for
 * which there is none, as for want of descriptors, gets it in a later turn.
 */
void supplies_send(struct workers *w);

/* Replaces a signing process that has died, and sends what could not be sent,
 * when that is due; how long until then, or -1. */
int64_t supplies_turn(struct workers *w, int64_t now_ns);

#endif
