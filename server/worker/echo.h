/*
 * echo: a worker's echo loop: what this server is for.
 *
 * Takes connections over from the handshake loop, sends back what they receive
 * and, when draining, ends those that have gone quiet, and all of them in the
 * end.
 *
 * Owns:	its loop and the connections in it.
 * Borrows:	queue, balancer.
 */
#ifndef SERVER_WORKER_ECHO_H
#define SERVER_WORKER_ECHO_H

#include "common/base/errmsg.h"
#include "common/conn/loop.h"
#include "common/io/loop.h"
#include "server/worker/balancer.h"
#include "server/worker/conn_queue.h"

struct config;

struct echo {
	struct conn_loop loop;
	struct balancer *balancer;
	struct conn_queue *queue;
	struct io_watch queue_watch;
};

int echo_init(struct echo *echo, const struct config *config,
    struct stats_shard *shard, struct balancer *balancer,
    struct conn_queue *queue, struct errmsg *e);

/* Serves until drained. */
void echo_run(struct echo *echo);

void echo_fini(struct echo *echo);

#endif
