/*
 * echo: a worker's echo loop: what this server is for.
 *
 * Takes connections over from the handshake loop and sends back what they
 * receive. While draining it ends those on which nothing is under way, and in
 * the end all of them.
 *
 * Owns:	its loop and the connections in it.
 * Borrows:	the queue.
 * Use:
 *	echo_init(&echo, config, shard, &queue, &e);
 *	echo_run(&echo);
 *	echo_fini(&echo);
 */
#ifndef SERVER_WORKER_ECHO_H
#define SERVER_WORKER_ECHO_H

#include "common/base/errmsg.h"
#include "common/conn/loop.h"
#include "common/io/loop.h"

struct config;
struct conn_queue;

struct echo {
	struct conn_loop loop;
	struct conn_queue *queue;
	struct io_watch queue_watch;
};

int echo_init(struct echo *echo, const struct config *config,
    struct stats_shard *shard, struct conn_queue *queue, struct errmsg *e);

/* Serves until no more connections will come and all have ended. */
void echo_run(struct echo *echo);

void echo_fini(struct echo *echo);

#endif
