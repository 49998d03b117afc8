/*
 * handshakes: a worker's handshake loop.
 *
 *	acceptor -> TLS handshake -> policy -> queue to the echo loop
 *
 * It also listens to the master: reload, drain, and end of file, which means
 * that the master died: then it closes the listeners first, so that a restart
 * finds the address free, and leaves within seconds.
 *
 * Owns:	its loop and the connections in it; the current credentials.
 * Borrows:	listeners, control socket, balancer, queue.
 * Threads:	handshakes_init before the thread starts; handshakes_run is it.
 */
#ifndef SERVER_WORKER_HANDSHAKES_H
#define SERVER_WORKER_HANDSHAKES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/conn/loop.h"
#include "common/io/loop.h"
#include "server/worker/acceptor.h"
#include "server/worker/conn_queue.h"

struct config;
struct listeners;
struct tls_creds;

struct handshakes {
	struct conn_loop loop;
	const struct config *config;
	struct balancer *balancer;
	struct conn_queue *queue;
	struct tls_creds *creds; /* of new connections */
	struct acceptor acceptor;
	struct io_watch control_watch;
	int control_fd;
	int64_t drain_by_ns; /* 0: not draining */
};

struct handshakes_options {
	const struct config *config;
	struct listeners *listeners;
	struct balancer *balancer;
	struct conn_queue *queue;
	struct stats_shard *shard;
	struct tls_creds *creds; /* the reference becomes the handshakes's */
	int control_fd;
};

/* Watches everything, but accepts nothing yet. */
int handshakes_init(struct handshakes *a,
    const struct handshakes_options *options, struct errmsg *e);

/* Says READY, then serves until drained; pthread_create's signature. */
void *handshakes_run(void *handshakes);

void handshakes_fini(struct handshakes *a);

#endif
