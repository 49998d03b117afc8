/*
 * loop: one poll loop on epoll(7), edge-triggered, delivering bytes where they
 * landed.
 *
 * A loop turn is three calls, so that its owner can look at the clock, publish
 * and expire between them:
 *
 *	io_wait		sleeps until something is ready
 *	io_dispatch	calls back for all that is ready: one recv a socket
 *	io_flush	sends what the callbacks queued: one send a socket;
 *			see io/sock.h, where sockets are
 *
 * Owns:	the epoll descriptor, the receive buffer, spare chunks.
 * Borrows:	watches and sockets, members of what they belong to; they must
 *		outlive the turn in which they are removed or closed.
 * Threads:	one loop, one thread.
 * Use:
 *	io_watch_add(io, &watch, fd, on_ready);
 *	while (running) {
 *		io_wait(io, wait_ns);
 *		io_dispatch(io);
 *		io_flush(io);
 *	}
 */
#ifndef COMMON_IO_LOOP_H
#define COMMON_IO_LOOP_H

#include <stdint.h>

#include "common/base/errmsg.h"

struct io;

/* What epoll points to, in a watch or a socket; private to io. */
struct io_source {
	void (*ready)(struct io_source *source, uint32_t events);
};

/* A descriptor other than a socket's that becomes readable. */
struct io_watch {
	struct io_source source;
	void *owner; /* the caller's own business */
	void (*on_ready)(struct io_watch *watch);
	struct io *io;
	int fd;
};

/* What the loop has done so far; totals. */
struct io_counters {
	uint64_t wait_calls, recv_calls, send_calls;
	uint64_t bytes_received, bytes_sent;
};

int io_open(struct io **io, struct errmsg *e);

/* All sockets and watches have been closed or removed. NULL is fine. */
void io_close(struct io **io);

/*
 * How many descriptors a turn serves at most, 1 to 256 (default): fewer where
 * each takes long, so that timers and others do not wait for all.
 */
void io_set_batch(struct io *io, int batch);

/* Sleeps at most wait_ns; -1 is for ever, 0 not at all. Reads the clock. */
void io_wait(struct io *io, int64_t wait_ns);
void io_dispatch(struct io *io);

/* Time at which the last io_wait returned: clock_now_ns of this turn. */
int64_t io_now_ns(const struct io *io);
const struct io_counters *io_counters(const struct io *io);

/* Watches a descriptor, which stays the caller's; 0 or -errno. */
int io_watch_add(struct io *io, struct io_watch *watch, int fd,
    void (*on_ready)(struct io_watch *watch));

/* The same, waking only one of the processes that share it (EPOLLEXCLUSIVE). */
int io_watch_add_exclusive(struct io *io, struct io_watch *watch, int fd,
    void (*on_ready)(struct io_watch *watch));

/* Harmless when it is not being watched. */
void io_watch_remove(struct io_watch *watch);

#endif
