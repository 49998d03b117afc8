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
 *	conn_queue_push(&h, conn);	// after conn_detach
 *	while ((conn = conn_queue_take(&h)) != NULL)
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

struct conn_queue {
	pthread_mutex_t mutex;
	struct list queue;           /* by conn->link */
	_Atomic int64_t drain_by_ns; /* monotonic; 0: not draining */
	bool ended;
	int wake_fd;
};

int conn_queue_init(struct conn_queue *h, struct errmsg *e);
void conn_queue_fini(struct conn_queue *h);

void conn_queue_push(struct conn_queue *h, struct conn *conn);
/* Drain until then; a later call may only make it earlier. */
void conn_queue_drain(struct conn_queue *h, int64_t by_ns);
void conn_queue_end(struct conn_queue *h);

/* Becomes readable when there is something new. */
int conn_queue_fd(const struct conn_queue *h);
/* Makes it unreadable; before the queue is emptied. */
void conn_queue_acknowledge(struct conn_queue *h);
struct conn *conn_queue_take(struct conn_queue *h);
/* 0: not draining. Read in every turn, so without the mutex. */
int64_t conn_queue_drain_by_ns(const struct conn_queue *h);
/* No more will come, and all have been taken. */
bool conn_queue_is_over(struct conn_queue *h);

#endif
