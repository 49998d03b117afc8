/*
 * balancer: which worker serves a new connection, and how it gets there.
 *
 * The kernel wakes whichever worker slept last, which would load one with
 * everything. So the worker that accepts reads the load words of all workers in
 * shared memory and hands the connection to a lighter one, before any TLS work:
 * connections that stay are spread to within one of each other.
 *
 * A load word has two halves (stats/stats.h): connections that are open, which
 * is cleared when a dead worker is reaped, and connections that were handed
 * over and are not yet taken, which lives as long as the inbox does.
 *
 * Limits:	a worker that is killed between reserving at another and
 *		sending takes the connection with it, and the reservation stays
 *		counted; likewise one that is killed while it takes one out of
 *		its inbox.
 * Borrows:	the slots in the segment, the inboxes.
 * Threads:	balancer_leave and balancer_open_everywhere in any thread; the
 *		rest in the handshake loop.
 * Use:
 *	balancer_init(&b, slots, inboxes, workers, self);
 *	target = balancer_choose(&b);
 *	if (!balancer_hand_over(&b, target, fd))
 *		... it is served here ...
 */
#ifndef SERVER_WORKER_BALANCER_H
#define SERVER_WORKER_BALANCER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/stats/stats.h"
#include "server/inbox.h"

struct balancer {
	struct stats_slot *slots;    /* of all workers */
	const struct inbox *inboxes; /* of all workers */
	unsigned workers;
	unsigned self;
};

/* In worker self; slots and inboxes are arrays of so many workers. */
void balancer_init(struct balancer *b, struct stats_slot *slots,
    const struct inbox *inboxes, unsigned workers, unsigned self);

/* READY: this worker takes connections; DRAINING: it takes no more. */
void balancer_set_state(struct balancer *b, enum stats_state state);

/*
 * This worker has as many handshakes under way as it may: others with room are
 * chosen, even if they have more connections.
 */
void balancer_set_full(struct balancer *b, bool full);

/* Becomes readable when others have sent connections. */
int balancer_inbox_fd(const struct balancer *b);

/*
 * Chooses the worker for a connection just accepted, and counts it there: open
 * here, or on its way to another. That is one step, so that it is never counted
 * twice, not even while this worker is kept from the processor: others, who
 * choose meanwhile, would go by wrong numbers.
 */
unsigned balancer_choose(struct balancer *b);

/* The connection is not wanted after all: it is no longer counted. */
void balancer_take_back(struct balancer *b, unsigned target);

/*
 * Sends the descriptor to the chosen worker and closes it here. False when it
 * stays, and is counted here: this worker was chosen, or the inbox is full.
 */
bool balancer_hand_over(struct balancer *b, unsigned target, int fd);

enum balancer_taken {
	BALANCER_NONE, /* the inbox is empty */
	BALANCER_TAKEN,
	BALANCER_LOST, /* closed, as there are no more descriptors */
};

/*
 * Takes one connection out of this worker's inbox, and counts it as open.
 * *spare_fd is as in inbox_receive.
 */
enum balancer_taken balancer_take(struct balancer *b, int *fd, int *spare_fd);

/* A connection of this worker has ended. */
void balancer_leave(struct balancer *b);

/* In the master: a worker's process has ended, and its connections with it. */
void balancer_forget(struct stats_slot *slot);

/* Connections that are open in all workers, or on their way. */
uint64_t balancer_open_everywhere(const struct balancer *b);

#endif
