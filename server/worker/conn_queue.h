/*
 * conn_queue: the one way from a worker's handshake loop to its echo loop.
 *
 * A queue under a mutex and an eventfd(2) that wakes the echo loop. Besides
 * connections it carries the two things that the echo loop must be told: drain,
 * and that no more connections will come.
 *
 * Threads:	push, drain and end in the handshake loop; the rest in the echo
 *		loop.
 * Use:
 *	handover_push(&h, conn);	// after conn_detach
 *	while ((conn = handover_take(&h)) != NULL)
 *		conn_attach(conn, &loop, &echo_ops);
 */
#ifndef SERVER_WORKER_CONN_QUEUE_H
#define SERVER_WORKER_CONN_QUEUE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/base/list.h"

struct conn;

struct handover {
	pthread_mutex_t mutex;
	struct list queue;           /* by conn->link */
	_Atomic int64_t drain_by_ns; /* monotonic; 0: not draining */
	bool ended;
	int wake_fd;
};

int handover_init(struct handover *h, struct errmsg *e);
void handover_fini(struct handover *h);

void handover_push(struct handover *h, struct conn *conn);
/* Drain until then; a later call may only make it earlier. */
void handover_drain(struct handover *h, int64_t by_ns);
void handover_end(struct handover *h);

/* Becomes readable when there is something new. */
int handover_fd(const struct handover *h);
/* Makes it unreadable; before the queue is emptied. */
void handover_acknowledge(struct handover *h);
struct conn *handover_take(struct handover *h);
/* 0: not draining. Read in every turn, so without the mutex. */
int64_t handover_drain_by_ns(const struct handover *h);
/* No more will come, and all have been taken. */
bool handover_is_over(struct handover *h);

#endif
