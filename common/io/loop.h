/*
 * loop: one poll loop on epoll(7), edge-triggered, delivering bytes where they
 * landed.
 *
 * A loop turn is three calls, so that its owner can look at the clock, publish
 * and expire between them:
 *
 *	io_wait		sleeps until something is ready
 *	io_dispatch	calls back for all that is ready: one recv a socket
 *	io_flush	sends what the callbacks queued: one send a socket
 *
 * Received bytes lie in the loop's one buffer and are valid during the call
 * only. Outgoing bytes are written into chunks that the loop lends and keeps
 * until the kernel has taken them, so an idle socket owns no buffer at all.
 *
 * Owns:	the epoll descriptor, the receive buffer, spare chunks; of a
 *		socket: the descriptor and the chunks queued on it.
 * Borrows:	struct io_sock and struct io_watch, members of what they
 *		belong to; they must outlive the turn in which they are closed.
 * Threads:	one loop, one thread. A socket moves by io_sock_detach in the
 *		one and io_sock_attach in the other.
 * Errors:	of a socket: failed(), once; the owner then closes it.
 * Use:
 *	io_sock_attach(io, &conn->sock, &ops, fd);
 *	while (running) {
 *		io_wait(io, wait_ns);
 *		io_dispatch(io);
 *		io_flush(io);
 *	}
 */
#ifndef COMMON_IO_LOOP_H
#define COMMON_IO_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/base/list.h"

struct addr;
struct io;
struct io_chunk;

/* What epoll points to; private to io. */
struct io_source {
	void (*ready)(struct io_source *source, uint32_t events);
};

struct io_sock;

/* Callbacks of a socket, all called from io_dispatch and io_flush only. */
struct io_sock_ops {
	/* A connect of ours succeeded. May be NULL for accepted sockets. */
	void (*connected)(struct io_sock *sock);
	/* n bytes came in; n == 0 is the end of the stream, said once. */
	void (*received)(struct io_sock *sock, const uint8_t *bytes, size_t n);
	/* All that was queued has left, and FIN too if it was asked for. */
	void (*drained)(struct io_sock *sock);
	/* The socket is broken: a positive errno, such as ECONNRESET. */
	void (*failed)(struct io_sock *sock, int error);
};

struct io_sock {
	struct io_source source;
	const struct io_sock_ops *ops;
	struct io *io;
	struct io_chunk *tx_first, *tx_last;
	size_t tx_queued;       /* bytes; see io_tx_queued */
	struct list dirty_link; /* in the loop's list of sockets to flush */
	int fd;                 /* -1 when closed */
	uint32_t interest;      /* epoll events that the kernel watches for */
	int tx_error;           /* errno of a send: nothing leaves any more */
	bool connecting;
	bool rx_paused;
	bool rx_ended;
	bool tx_blocked; /* the kernel's buffer is full */
	bool tx_ending;  /* shut down for writing once drained */
};

/* Any other descriptor that becomes readable. */
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
void io_flush(struct io *io);

/* Time at which the last io_wait returned: clock_now_ns of this turn. */
int64_t io_now_ns(const struct io *io);
const struct io_counters *io_counters(const struct io *io);

/* Makes the struct a closed socket; before anything else. */
void io_sock_init(struct io_sock *sock);

/*
 * Takes a connected, non-blocking descriptor over, with what is still queued if
 * the socket was detached elsewhere. 0, or -errno: then fd is still the
 * caller's.
 */
int io_sock_attach(
    struct io *io, struct io_sock *sock, const struct io_sock_ops *ops, int fd);

/* Starts a TCP connect; connected() or failed() follows. 0 or -errno. */
int io_sock_connect(struct io *io, struct io_sock *sock,
    const struct io_sock_ops *ops, const struct addr *addr);

/* Takes the socket out of its loop; returns the descriptor. */
int io_sock_detach(struct io_sock *sock);

/* Closes the descriptor and drops what is queued. Harmless when closed. */
void io_sock_close(struct io_sock *sock);

/* The same, telling the peer by a reset: the port is free again at once. */
void io_sock_reset(struct io_sock *sock);

/* Stops and resumes receiving: the peer is slowed down by TCP. */
void io_rx_pause(struct io_sock *sock);
void io_rx_resume(struct io_sock *sock);

/*
 * Memory to append outgoing bytes to, *room of them, at least 1; NULL when
 * there is no memory. Bytes written there leave at the end of this turn, after
 * io_tx_commit(n), n <= *room.
 */
uint8_t *io_tx_room(struct io_sock *sock, size_t *room);
void io_tx_commit(struct io_sock *sock, size_t n);

/* Sends FIN when all that is queued has left. */
void io_tx_end(struct io_sock *sock);

/* Bytes that the kernel has not yet taken. */
static inline size_t
io_tx_queued(const struct io_sock *sock)
{
	return sock->tx_queued;
}

/* Watches a descriptor, which stays the caller's; 0 or -errno. */
int io_watch_add(struct io *io, struct io_watch *watch, int fd,
    void (*on_ready)(struct io_watch *watch));

/* The same, waking only one of the processes that share it (EPOLLEXCLUSIVE). */
int io_watch_add_exclusive(struct io *io, struct io_watch *watch, int fd,
    void (*on_ready)(struct io_watch *watch));

/* Harmless when it is not being watched. */
void io_watch_remove(struct io_watch *watch);

#endif
