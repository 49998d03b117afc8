/*
 * conn_queue: the one way from a worker's handshake loop to its echo loop.
 *
 * A list under a mutex and an eventfd(2) that wakes the echo loop. Besides
 * connections it carries three orders to the echo loop: to judge all peers
 * again, to drain, and that no more connections will come.
 *
 * Owns:	the connections in it.
 * Threads:	push, judge, drain and end in the handshake loop; the rest in
 *		the echo loop.
 * Use:
 *	conn_queue_push(&queue, conn);	// after conn_detach
 *	conn_queue_take(&queue, &conns);
 *	while ((link = list_pop(&conns)) != NULL)
 *		conn_attach(CONTAINER_OF(link, struct conn, link), loop, ops);
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
	struct list conns;           /* by conn->link */
	_Atomic int64_t drain_by_ns; /* monotonic; 0: not draining */
	_Atomic bool is_patient;     /* who is quiet may stay until then */
	bool judge;
	bool ended;
	int wake_fd;
};

int conn_queue_init(struct conn_queue *q, struct errmsg *e);

/* It is empty. */
void conn_queue_fini(struct conn_queue *q);

void conn_queue_push(struct conn_queue *q, struct conn *conn);
/* The verdicts on peers are new: who is in the queue, too, is to be judged. */
void conn_queue_judge(struct conn_queue *q);
/* Drain until then; a later call may only make it earlier. by_ns > 0. */
void conn_queue_drain(struct conn_queue *q, int64_t by_ns);
/* Before that: whether who is quiet may stay until then, too. */
void conn_queue_set_patient(struct conn_queue *q, bool is_patient);
/* Nothing is pushed after this. */
void conn_queue_end(struct conn_queue *q);

/* Becomes readable when there is something new. */
int conn_queue_fd(const struct conn_queue *q);
/*
 * Makes it unreadable, and moves all connections to an empty list, in order.
 * Whether to judge them and those that were taken before.
 */
bool conn_queue_take(struct conn_queue *q, struct list *conns);
/* 0: not draining. Read in every turn, so without the mutex. */
int64_t conn_queue_drain_by_ns(const struct conn_queue *q);
bool conn_queue_is_patient(const struct conn_queue *q);
/* No more will come, and all have been taken. */
bool conn_queue_is_over(struct conn_queue *q);

#endif
