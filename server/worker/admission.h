/*
 * admission: whether a connection that was just accepted may stay: whether
 * there is memory for it, and what the limits on clients say.
 *
 * Borrows:	all that is in the options; the session, during a call.
 * Use:
 *	if (!admission_has_memory(&a, now_ns) ||
 *	    !admission_of_client(&a, session, now_ns))
 *		... it is closed ...
 */
#ifndef SERVER_WORKER_ADMISSION_H
#define SERVER_WORKER_ADMISSION_H

#include <stdbool.h>
#include <stdint.h>

struct config;
struct limits;
struct session;
struct stats_shard;

struct admission {
	const struct config *config;
	struct stats_shard *shard;
	const struct stats_shard *master; /* which has the gauges of memory */
	struct limits *limits;            /* of clients; or NULL */
	int64_t trim_ns; /* the heap was trimmed, since memory was short */
};

/* Below --max-memory, and no shortage of the system. */
bool admission_has_memory(struct admission *a, int64_t now_ns);

/* Counts the session among those of its client. */
bool admission_of_client(
    struct admission *a, struct session *session, int64_t now_ns);

#endif
