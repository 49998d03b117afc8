/*
 * balancer: which worker serves a new connection, and how it gets there.
 *
 * The kernel wakes the worker that went to sleep last, so one worker would get
 * nearly all connections. Therefore the worker that accepts one reads the load
 * words of all workers in shared memory and hands it to the one with the least,
 * before any TLS work: numbers of long connections differ by one at most.
 *
 * A load word (stats/stats.h) counts connections of a worker in two halves:
 * those that are open, cleared when the worker has died; and those assigned to
 * it by others and not yet received, which stay, as its inbox does.
 *
 * A worker that stands still, as the master notices (master/stall.h), is passed
 * over, also by itself, as when only its echo loop hangs. Where there is no
 * other, a worker keeps what it accepts.
 *
 * Limits:	if a worker is killed between choosing another and sending, or
 *		while it receives, that connection is lost and stays counted as
 *		assigned.
 * Borrows:	the slots in the segment, the inboxes.
 * Threads:	balancer_clear_dead and balancer_pass_on in the master;
 *		balancer_connection_ended and balancer_open_everywhere in any
 *		thread of a worker; the rest in its handshake loop.
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

/* In worker self; slots and inboxes are arrays, one element per worker. */
void balancer_init(struct balancer *b, struct stats_slot *slots,
    const struct inbox *inboxes, unsigned workers, unsigned self);

/* READY: this worker takes connections; DRAINING: it takes no more. */
void balancer_set_state(struct balancer *b, enum stats_state state);

/*
 * This worker has as many connections that are not open as it may. While set,
 * other workers do not choose it, and it must not call balancer_choose.
 */
void balancer_set_full(struct balancer *b, bool full);

/* Becomes readable when others have sent connections. */
int balancer_inbox_fd(const struct balancer *b);

/*
 * Chooses the worker for a connection just accepted, and counts it there: as
 * open here, or as assigned to another. One atomic step does that, so that
 * others never see it counted twice, even if this worker is preempted.
 */
unsigned balancer_choose(struct balancer *b);

/* Undoes balancer_choose: the connection is closed instead. */
void balancer_cancel(struct balancer *b, unsigned target);

/*
 * Sends the descriptor to the chosen worker and closes it here. False: it stays
 * the caller's, and is counted as open here, because this worker was chosen or
 * the other's inbox is full.
 */
bool balancer_hand_over(struct balancer *b, unsigned target, int fd);

enum balancer_received {
	BALANCER_NONE, /* the inbox is empty */
	BALANCER_RECEIVED,
	BALANCER_LOST, /* closed: no descriptor was left for it; *fd is -1 */
};

/*
 * Receives a connection from this worker's inbox, and counts it as open.
 * *spare_fd is as in inbox_receive.
 */
enum balancer_received balancer_receive(
    struct balancer *b, int *fd, int *spare_fd);

/* A connection of this worker has ended. */
void balancer_connection_ended(struct balancer *b);

/* In the master: a worker's process has ended, and its connections with it. */
void balancer_clear_dead(struct stats_slot *slot);

/*
 * In the master, for the slot of a worker that has left for good: what is in
 * its inbox goes to others. What none can take is closed.
 */
void balancer_pass_on(struct balancer *b);

/* Connections of all workers, open or assigned. */
uint64_t balancer_open_everywhere(const struct balancer *b);

#endif
