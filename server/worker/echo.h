/*
 * echo: a worker's echo loop: what this server is for.
 *
 * Takes connections over from the handshake loop, sends back what they receive
 * and, when draining, ends those that have gone quiet, and all of them in the
 * end.
 *
 * Owns:	its loop and the connections in it.
 * Borrows:	handover, placement.
 */
#ifndef SERVER_WORKER_ECHO_H
#define SERVER_WORKER_ECHO_H

#include "common/base/errmsg.h"
#include "common/conn/conn.h"
#include "common/io/loop.h"
#include "server/worker/balancer.h"
#include "server/worker/conn_queue.h"

struct config;

struct echoer {
	struct conn_loop loop;
	struct placement *placement;
	struct handover *handover;
	struct io_watch handover_watch;
};

int echoer_init(struct echoer *echoer, const struct config *config,
    struct stats_lane *lane, struct placement *placement,
    struct handover *handover, struct errmsg *e);

/* Serves until drained. */
void echoer_run(struct echoer *echoer);

void echoer_fini(struct echoer *echoer);

#endif
