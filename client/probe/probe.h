/*
 * probe: one connection to the server, in a loop of its own, for what is no
 * load: --ping, --pipe. The server's addresses are tried in order, each time;
 * TCP and TLS have the time of --connect-timeout for all of them, of which each
 * gets an equal share.
 *
 * Owns:	the loop and the connection, from init to fini.
 * Borrows:	options, setup and ops.
 * Errors:	probe_init: -1 and a line. A connection that cannot be made, or
 *		that ends, calls on_over; probe_why tells the reason.
 * Use:
 *	if (probe_init(&probe, &options, &setup, &ops, &e) < 0) ...
 *	probe_connect(&probe);
 *	while (probe.is_alive)
 *		probe_turn(&probe, -1);
 *	probe_fini(&probe);
 */
#ifndef CLIENT_PROBE_PROBE_H
#define CLIENT_PROBE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/conn/conn.h"
#include "common/conn/loop.h"

struct options;
struct probe;
struct setup;

enum {
	PROBE_WHY = 128
};

/* See struct conn_ops; each but on_data may be NULL. */
struct probe_ops {
	void (*on_open)(struct probe *probe);
	void (*on_data)(struct probe *probe, const uint8_t *bytes, size_t n);
	void (*on_drained)(struct probe *probe);
	void (*on_over)(struct probe *probe); /* probe_connect is for later */
	void (*on_turn)(struct probe *probe); /* before output is flushed */
};

struct probe {
	struct conn conn;
	struct conn_loop loop;
	struct stats_shard *shard;
	const struct options *options;
	const struct setup *setup;
	const struct probe_ops *ops;
	int address;          /* index of the one being tried */
	int64_t answer_by_ns; /* so long it may take to answer, */
	int64_t open_by_ns;   /* and so long until the connection is open */
	unsigned connects;    /* so far */
	bool is_alive;        /* connecting, open, or ending */
	bool is_open;
	enum close_reason reason; /* of the last one that is over */
	int error;                /* errno of a connect that could not begin */
	int alert;                /* or TLS_ALERT_NONE */
};

int probe_init(struct probe *probe, const struct options *options,
    const struct setup *setup, const struct probe_ops *ops, struct errmsg *e);

/* Harmless when all zero. */
void probe_fini(struct probe *probe);

/* When none is alive. It may be over when this returns. */
void probe_connect(struct probe *probe);

/* Sleeps at most wait_ns (-1: for ever), then one turn of the loop. */
void probe_turn(struct probe *probe, int64_t at_most_ns);

/* Of one that is open: "127.0.0.1:4433: TLS1.3, ..., in 3.20 ms". */
void probe_describe(const struct probe *probe, FILE *out);

/* Why the last one is over. Returns text. */
const char *probe_why(const struct probe *probe, char text[static PROBE_WHY]);

#endif
