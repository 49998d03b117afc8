/*
 * server_stats: what the server counted during a run, read from its segment on
 * the same host (common/stats), beside what this client counted.
 *
 * Owns:	an attachment to the segment, from server_stats_open to
 *		server_stats_close.
 * Use:
 *	if (server_stats_open(&server, "default", &e) < 0) ...
 *	... the run ...
 *	server_stats_join(&server, &job, &loss);
 *	... server.rows, server.cpu_ns, server.echo_time ...
 *	server_stats_close(&server);
 */
#ifndef CLIENT_SERVER_STATS_H
#define CLIENT_SERVER_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/base/hist.h"

struct job;
struct stats_shm;

enum {
	SERVER_STATS_ROWS = 8
};

/* Totals of a server at a moment. */
struct server_snapshot {
	uint64_t values[SERVER_STATS_ROWS];
	bool has[SERVER_STATS_ROWS]; /* another release may not count it */
	uint64_t gone;               /* connections ended, or refused */
	bool has_echo_time;          /* and its buckets are ours */
	struct hist echo_time;
	int64_t cpu_ns;     /* of master and workers; -1: not known */
	uint64_t processes; /* another value: one of them is a new one */
};

/* A counter of the server's, and what this client counted of the same. */
struct server_row {
	const char *name;
	uint64_t client, server;
	bool agrees;
};

struct server_stats {
	const char *name;
	struct stats_shm *shm;
	struct server_snapshot before, after;
	struct errmsg lost; /* why nothing follows; "" if all of it does */
	struct server_row rows[SERVER_STATS_ROWS];
	unsigned count;        /* of rows */
	uint64_t messages;     /* round trips, those of the warm-up, too */
	int64_t cpu_ns;        /* of the server, for the run; -1: not known */
	bool has_echo_time;    /* else the next one is empty */
	struct hist echo_time; /* of the run, ns; max may be a bucket's end */
};

/* What failures of a run let the two sides count differently. */
struct server_loss {
	uint64_t connections; /* that failed, on one side or the other */
	bool data;            /* some that was sent may not have come */
};

/*
 * Attaches to the segment and takes the first snapshot. -1 and a line when
 * there is none, it may not be read, or its server is dead.
 */
int server_stats_open(
    struct server_stats *server, const char *name, struct errmsg *e);

/*
 * Waits until the server, too, has seen the end of all connections of the job,
 * but for a few seconds only; takes the second snapshot and compares. Sets lost
 * when the server has died, or another one has taken its name.
 */
void server_stats_join(struct server_stats *server, const struct job *job,
    const struct server_loss *loss);

/* The same without reading: from both snapshots. */
void server_stats_compare(struct server_stats *server, const struct job *job,
    const struct server_loss *loss);

/* CPU time of the server for each message; both are known and not 0. */
double server_stats_cpu_each_ns(const struct server_stats *server);

/* Rows that do not agree. */
unsigned server_stats_differing(const struct server_stats *server);

void server_stats_close(struct server_stats *server);

#endif
