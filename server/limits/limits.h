/*
 * limits: whether a client may begin a handshake: connections of an address or
 * a network, and handshakes a second, of the whole server, not of a worker.
 *
 * Behind a proxy they are of the clients that it names. Who has no address,
 * such as its clients on unix sockets, counts for the rate of the whole server
 * only; its health checks are limited by nothing here.
 *
 * Nor is anybody while a worker is stopped by a signal in the midst of this:
 * clients of the others do not wait for it.
 *
 * Owns:	shared memory, to be made before the workers are forked, and its
 *		descriptor, which is the master's.
 * Threads:	limits_admit in the handshake loop; limits_release in any.
 * Use:
 *	limits_new(&limits, config, -1, &e);
 *	reason = limits_admit(limits, worker, &peer, now_ns, &pass);
 *	... if it is REASON_NONE, when the connection has ended ...
 *	limits_release(limits, worker, &pass);
 */
#ifndef SERVER_LIMITS_LIMITS_H
#define SERVER_LIMITS_LIMITS_H

#include <stdint.h>

#include "common/base/close_reason.h"
#include "common/base/errmsg.h"
#include "common/stats/stats.h"
#include "common/sys/addr.h"

struct config;
struct limits;

/* Where a connection is counted; all 0: nowhere. */
struct limits_pass {
	uint32_t address, network;
};

/*
 * 0, with NULL where the configuration has no such limit; -1: no memory. With
 * what is counted in fd, which the program before this one had; it is closed,
 * with a line in the log, where it does not fit. -1: there is none.
 */
int limits_new(struct limits **limits, const struct config *config, int fd,
    struct errmsg *e);
/* For the next program; -1 if there are no limits. */
int limits_fd(const struct limits *limits);
void limits_free(struct limits **limits);

/*
 * NONE, and *pass says where it is counted; or the limit that is reached, and
 * nothing is counted. limits may be NULL: NONE. The peer's family may be 0: it
 * has no address.
 */
enum close_reason limits_admit(struct limits *limits, unsigned worker,
    const union addr_peer *peer, int64_t now_ns, struct limits_pass *pass);

/* Where a connection is counted that is refused so. */
enum stats_counter limits_counter(enum close_reason reason);

/* Once; limits may be NULL. */
void limits_release(
    struct limits *limits, unsigned worker, const struct limits_pass *pass);

/* In the master, when a worker's process has ended; limits may be NULL. */
void limits_forget(struct limits *limits, unsigned worker);

#endif
