/*
 * handshakes: a worker's handshake loop.
 *
 *	intake -> TLS handshake -> policy -> handover to the echo loop
 *
 * It also listens to the master: reload, drain, and end of file, which means
 * that the master died: then it closes the listeners first, so that a restart
 * finds the address free, and leaves within seconds.
 *
 * Owns:	its loop and the connections in it; the current credentials.
 * Borrows:	listeners, control socket, placement, handover.
 * Threads:	acceptor_init before the thread starts; acceptor_run is it.
 */
#ifndef SERVER_WORKER_HANDSHAKES_H
#define SERVER_WORKER_HANDSHAKES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/conn/conn.h"
#include "common/io/loop.h"
#include "server/worker/acceptor.h"
#include "server/worker/conn_queue.h"

struct config;
struct listeners;
struct tls_creds;

struct acceptor {
	struct conn_loop loop;
	const struct config *config;
	struct placement *placement;
	struct handover *handover;
	struct tls_creds *creds; /* of new connections */
	struct intake intake;
	struct io_watch control_watch;
	int control_fd;
	int64_t drain_by_ns; /* 0: not draining */
};

struct acceptor_options {
	const struct config *config;
	struct listeners *listeners;
	struct placement *placement;
	struct handover *handover;
	struct stats_lane *lane;
	struct tls_creds *creds; /* the reference becomes the acceptor's */
	int control_fd;
};

/* Watches everything, but accepts nothing yet. */
int acceptor_init(struct acceptor *a, const struct acceptor_options *options,
    struct errmsg *e);

/* Says READY, then serves until drained; pthread_create's signature. */
void *acceptor_run(void *acceptor);

void acceptor_fini(struct acceptor *a);

#endif
