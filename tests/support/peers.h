/*
 * peers: a client's and a server's conn, over TCP on loopback, each in a loop
 * of its own, turned by the test.
 *
 * What the callbacks of a peer do is set before the connection starts; what has
 * happened to it stands in its struct.
 *
 * Owns:	loops, connections and credentials, from init to fini.
 * Errors:	all fail the test.
 * Use:
 *	peers_init(&p, &(struct conn_loop_options){ .idle_timeout_ns = ... });
 *	peers_open(&p);
 *	conn_write(&p.client.conn, "hello", 5);
 *	PEERS_UNTIL(&p, p.client.received == 5);
 *	peers_fini(&p);
 */
#ifndef TESTS_SUPPORT_PEERS_H
#define TESTS_SUPPORT_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/conn/conn.h"
#include "common/conn/loop.h"
#include "common/stats/stats.h"
#include "tests/support/mutual.h"

struct peer {
	struct conn conn;
	struct conn_loop loop;
	struct stats_slot *slot; /* its loop counts in shard 0 */
	struct stats_shard *shard;
	/* What to do. */
	bool echoes;
	void (*when_open)(struct peer *peer);
	void (*when_data)(struct peer *peer);
	void (*when_drained)(struct peer *peer);
	bool holds;    /* on_hello lets the handshake wait */
	bool detaches; /* on_open detaches */
	/* What has happened. */
	unsigned opened, ended, drained, records;
	enum close_reason reason;
	uint8_t *bytes; /* all that came in */
	size_t received, room;
};

struct peers {
	struct mutual mutual;
	struct peer client, server;
};

extern const struct conn_ops peer_ops;

/* Loops and credentials; options, but for the shard, for both loops. */
void peers_init(struct peers *p, const struct conn_loop_options *options);
void peers_init_version(struct peers *p,
    const struct conn_loop_options *options, const char *priority);
/* Connections that have not ended are aborted. */
void peers_fini(struct peers *p);

/* Starts a connect of the client only. */
void peers_connect(struct peers *p, const struct addr *addr);
/* Connects the two and starts their handshakes. */
void peers_start(struct peers *p);
/* And waits until both are open. */
void peers_open(struct peers *p);
/* The same over sockets with buffers as small as the kernel lets them be. */
void peers_open_narrow(struct peers *p);

/* The server's conn on a socket whose other end is the test's. */
int peers_start_server_alone(struct peers *p);

/* A turn of the client's loop, and one of the server's; waits a little. */
void peers_turn(struct peers *p);

#define PEERS_UNTIL(p, condition)                                   \
	do {                                                        \
		for (int turns_ = 0; !(condition); turns_++) {      \
			ck_assert_msg(turns_ < 200000, #condition); \
			peers_turn(p);                              \
		}                                                   \
	} while (0)

/* A counter of a peer. */
uint64_t peer_count(const struct peer *peer, enum stats_counter counter);
/* One has ended, for this one cause, and no more. */
void peer_ended_once(const struct peer *peer, enum close_reason reason,
    enum stats_counter counter);
/* Sum of all counters that tell why connections ended. */
uint64_t peer_reasons(const struct peer *peer);

#endif
