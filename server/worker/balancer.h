/*
 * balancer: which worker serves a new connection, and how it gets there.
 *
 * The kernel wakes whichever worker slept last, which would load one with
 * everything. So the worker that accepts reads the load words of all workers in
 * shared memory and hands the connection to a lighter one, before any TLS work:
 * N connections that stay spread to within one of each other.
 *
 * A load word has two halves (stats/stats.h): open connections, cleared when a
 * dead worker is reaped, and connections handed over and not yet taken, which
 * lives as long as the inbox does: that is a socket pair which the master
 * keeps, so a worker's death loses no connection that was on its way to it.
 * Inboxes are SOCK_SEQPACKET: a datagram pair would hold 10 messages only
 * (net.unix.max_dgram_qlen).
 *
 * Limits:	a worker that is killed between reserving at another and
 *		sending takes the connection with it, and the reservation stays
 *		counted; likewise one that is killed while it takes one out of
 *		its inbox.
 * Owns:	struct inboxes: its descriptors.
 * Borrows:	the slots in the segment.
 * Use:
 *	target = balancer_choose(&p);
 *	if (target == p.self || balancer_hand_over(&p, target, fd) != 0)
 *		serve(fd);
 */
#ifndef SERVER_WORKER_BALANCER_H
#define SERVER_WORKER_BALANCER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/stats/stats.h"
#include "server/config.h"

struct inboxes {
	int rx[CONFIG_WORKERS_MAX];
	int tx[CONFIG_WORKERS_MAX];
	unsigned count;
};

struct balancer {
	struct stats_slot *slots[CONFIG_WORKERS_MAX];
	struct inboxes *inboxes;
	unsigned workers;
	unsigned self;
	int spare_fd; /* see sys/fdpass.h */
};

int inboxes_open(struct inboxes *inboxes, unsigned count, struct errmsg *e);
void inboxes_close(struct inboxes *inboxes);

/* In worker self: keeps its own receiving end and all sending ends. */
void inboxes_keep(struct inboxes *inboxes, unsigned self);

/* A worker's process has gone: its connections are closed. By the master. */
void balancer_forget(struct stats_slot *slot);

/*
 * This worker has as many handshakes under way as it may: others with room are
 * chosen, even if they have more connections.
 */
void balancer_set_full(struct balancer *p, bool full);

/*
 * Chooses the worker for a connection just accepted, and counts it there: open
 * here, or on its way to another. That is one step, so that it is never counted
 * twice, not even while this worker is kept from the processor: others, who
 * choose meanwhile, would place by wrong numbers.
 */
unsigned balancer_choose(struct balancer *p);

/* The connection is not wanted after all: it is no longer counted. */
void balancer_take_back(struct balancer *p, unsigned target);

/* A connection of this worker has ended. */
void balancer_leave(struct balancer *p);

/*
 * Sends the descriptor, which is then closed here. -errno when the inbox is
 * full: then the connection stays, and is counted here.
 */
int balancer_hand_over(struct balancer *p, unsigned target, int fd);

enum balancer_taken {
	BALANCER_NONE, /* the inbox is empty */
	BALANCER_TAKEN,
	BALANCER_LOST, /* for want of descriptors: closed */
};

/* Takes one connection out of the own inbox; it is then counted as open. */
enum balancer_taken balancer_take(struct balancer *p, int *fd);

/* Connections open in all workers, and on their way. */
uint64_t balancer_open_everywhere(const struct balancer *p);

#endif
