/*
 * loop: one poll loop on epoll(7): sockets edge-triggered, watches
 * level-triggered. Received bytes are delivered where the kernel put them.
 *
 * A turn is three calls, so that the loop's owner can look at the clock,
 * publish and expire between them:
 *
 *	io_wait		sleeps until a descriptor is ready
 *	io_dispatch	calls the callbacks of up to batch ready descriptors;
 *			one recv per socket
 *	io_flush	sends what is queued, one send per socket: io/sock.h
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

/* A descriptor other than a socket's that becomes readable, or writable. */
struct io_watch {
	struct io_source source;
	void *owner; /* for the caller; never read here */
	void (*on_ready)(struct io_watch *watch);
	struct io *io;
	int fd;
};

/* Totals since io_open. */
struct io_counters {
	uint64_t wait_calls, recv_calls, send_calls;
	uint64_t bytes_received, bytes_sent;
};

int io_open(struct io **io, struct errmsg *e);

/* Close all sockets and remove all watches first. *io may be NULL. */
void io_close(struct io **io);

/*
 * How many descriptors a turn serves at most, 1 to 256 (the default). Where
 * each takes long, fewer keep timers and other descriptors from waiting.
 */
void io_set_batch(struct io *io, int batch);

/*
 * Sleeps at most wait_ns; -1 is for ever, 0 not at all. Reads the clock. What
 * the last one found must have been dispatched.
 */
void io_wait(struct io *io, int64_t wait_ns);
void io_dispatch(struct io *io);

/* Frees what is kept for the next bytes to be sent. */
void io_free_spares(struct io *io);

/* clock_now_ns when the last io_wait returned. */
int64_t io_now_ns(const struct io *io);
const struct io_counters *io_counters(const struct io *io);

/* Watches a descriptor, which stays the caller's; 0 or -errno. */
int io_watch_add(struct io *io, struct io_watch *watch, int fd,
    void (*on_ready)(struct io_watch *watch));

/* The same, when it can be written to. A file always can: -EPERM. */
int io_watch_add_output(struct io *io, struct io_watch *watch, int fd,
    void (*on_ready)(struct io_watch *watch));

/* As io_watch_add, waking only one of the processes that share it
 * (EPOLLEXCLUSIVE). */
int io_watch_add_exclusive(struct io *io, struct io_watch *watch, int fd,
    void (*on_ready)(struct io_watch *watch));

/* Does nothing if it is not being watched. */
void io_watch_remove(struct io_watch *watch);

#endif
