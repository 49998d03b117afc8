/*
 * handshakes: a worker's handshake loop.
 *
 *	acceptor -> ClientHello -> place (worker/handshake_queue.h)
 *		-> TLS handshake -> policy -> queue to the echo loop
 *
 * After a reload it asks the policy again about all who are open, each identity
 * (creds/identity.h) once; the echo loop then ends whoever is refused.
 *
 * It also listens to the master, for reload and drain. End of file there means
 * that the master died: then it closes the listeners first, so that a restart
 * finds the address free, and leaves within seconds.
 *
 * Owns:	its loop and the connections in it; the current credentials; a
 *		descriptor in reserve (sys/fdpass.h).
 * Borrows:	listeners, control socket, balancer, queue.
 * Threads:	handshakes_init before the thread starts; handshakes_run is it.
 * Use:
 *	handshakes_init(&handshakes, &options, &e);
 *	pthread_create(&thread, NULL, handshakes_run, &handshakes);
 */
#ifndef SERVER_WORKER_HANDSHAKES_H
#define SERVER_WORKER_HANDSHAKES_H

#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/conn/loop.h"
#include "common/io/loop.h"
#include "server/worker/acceptor.h"
#include "server/worker/admission.h"
#include "server/worker/handshake_queue.h"

struct balancer;
struct config;
struct conn_queue;
struct limits;
struct listeners;
struct stats_table;
struct supply;
struct tls_creds;

struct handshakes_options {
	const struct config *config;
	struct listeners *listeners;
	struct balancer *balancer;
	struct conn_queue *queue;
	struct stats_shard *shard;
	const struct stats_shard *master; /* which has the gauge of memory */
	struct stats_table *table;
	struct limits *limits;   /* of clients; or NULL */
	struct tls_creds *creds; /* the reference becomes the struct's */
	int control_fd;
	struct supply *supply; /* of connections to who has the keys */
};

struct handshakes {
	struct conn_loop loop;
	struct handshakes_options options; /* creds: those of today */
	struct acceptor acceptor;
	struct admission admission;
	struct handshake_queue queue;
	struct io_watch control_watch, supply_watch;
	int spare_fd;        /* -1: there was none to be had */
	int64_t drain_by_ns; /* 0: not draining */
	int64_t judged_ns;   /* when the last reload judged peers; 0: never */
	int64_t quiet_until_ns; /* see log_is_due */
};

/* Watches everything, but accepts nothing yet. */
int handshakes_init(struct handshakes *h,
    const struct handshakes_options *options, struct errmsg *e);

/*
 * Tells the master that it is ready, then serves until drained; for
 * pthread_create.
 */
void *handshakes_run(void *handshakes);

void handshakes_fini(struct handshakes *h);

#endif
