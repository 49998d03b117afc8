/*
 * handshake_queue: which handshakes of a worker may cost CPU now, and which
 * wait for that, in order: --max-handshaking.
 *
 * A handshake comes here when its ClientHello is whole: who connects and says
 * nothing, or says it a byte a second, takes no place. It has its place until
 * it is over, or HANDSHAKE_LEASE_NS long: who shows a ClientHello and no more
 * does not keep the others out either. It may go on without one.
 *
 * Borrows:	places, members of what they are for, until they have left.
 * Use:
 *	if (!handshake_queue_enter(&q, &session->place, now_ns))
 *		... it waits ...
 *	while ((place = handshake_queue_next(&q, now_ns)) != NULL)
 *		... it goes on ...
 *	handshake_queue_leave(&q, &session->place);	// whatever it had
 */
#ifndef SERVER_WORKER_HANDSHAKE_QUEUE_H
#define SERVER_WORKER_HANDSHAKE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/list.h"
#include "common/base/timeq.h"

/* Longer than a round trip to clients nearby, which storms come from. */
#define HANDSHAKE_LEASE_NS INT64_C(100000000)

enum handshake_place_state {
	HANDSHAKE_OUTSIDE,
	HANDSHAKE_WAITING,
	HANDSHAKE_ADMITTED
};

struct handshake_place {
	struct timeq_timer timer; /* among those who wait, or have a place */
	enum handshake_place_state state;
};

struct handshake_queue {
	struct list waiting; /* places, by timer.link */
	struct timeq admitted;
	uint64_t max;   /* places; 0: no limit */
	uint64_t taken; /* of them */
};

void handshake_queue_init(struct handshake_queue *q, uint64_t max);
void handshake_place_init(struct handshake_place *place);

/* False: it waits, since all places are taken or others came before. */
bool handshake_queue_enter(
    struct handshake_queue *q, struct handshake_place *place, int64_t now_ns);

/* The first of those who wait, which has a place now; NULL: none can have. */
struct handshake_place *handshake_queue_next(
    struct handshake_queue *q, int64_t now_ns);

/* Its handshake is over, or was given up. May be called again. */
void handshake_queue_leave(
    struct handshake_queue *q, struct handshake_place *place);

/* How long until handshake_queue_next may have one; -1: others must leave. */
int64_t handshake_queue_wait_ns(
    const struct handshake_queue *q, int64_t now_ns);

#endif
