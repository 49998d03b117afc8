/*
 * sock: sockets in a poll loop.
 *
 * Received bytes lie in the loop's one buffer and are valid during the call
 * only. Outgoing bytes are written into chunks that the loop lends and keeps
 * until the kernel has taken them, so an idle socket owns no buffer at all.
 *
 * Owns:	the descriptor, and the chunks queued on it.
 * Borrows:	the struct, a member of what it belongs to; it must outlive the
 *		turn in which it is closed.
 * Threads:	that of its loop. A socket moves by io_sock_detach in one and
 *		io_sock_attach in another.
 * Errors:	failed(), once; the owner then closes the socket.
 * Use:
 *	io_sock_init(&conn->sock);
 *	io_sock_attach(io, &conn->sock, &ops, fd);
 *	to = io_tx_room(&conn->sock, &room);
 *	io_tx_commit(&conn->sock, n);
 *	io_flush(io);
 */
#ifndef COMMON_IO_SOCK_H
#define COMMON_IO_SOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/list.h"
#include "common/io/loop.h"

struct addr;
union addr_peer;
struct keepalive;
struct io_chunk;
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

/* Makes the struct a closed socket; before anything else. */
void io_sock_init(struct io_sock *sock);

/*
 * Takes a connected, non-blocking descriptor over, with what is still queued if
 * the socket was detached elsewhere. 0, or -errno: then fd is still the
 * caller's.
 */
int io_sock_attach(
    struct io *io, struct io_sock *sock, const struct io_sock_ops *ops, int fd);

/* Starts a TCP connect; connected() or failed() follows. 0 or -errno. source is
 * the local address, with port 0; NULL: any. keepalive: NULL is none. */
int io_sock_connect(struct io *io, struct io_sock *sock,
    const struct io_sock_ops *ops, const struct addr *addr,
    const union addr_peer *source, const struct keepalive *keepalive);

/* Takes the socket out of its loop; returns the descriptor. */
int io_sock_detach(struct io_sock *sock);
/* Closes the descriptor and drops what is queued. May be closed already. */
void io_sock_close(struct io_sock *sock);
/* The same, telling the peer by a reset: the port is free again at once. */
void io_sock_reset(struct io_sock *sock);

/* Acknowledges now what has come: TCP_QUICKACK, tcp(7). */
void io_sock_acknowledge(struct io_sock *sock);

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

/* Sends n bytes of what is queued now, and so in a segment of their own. */
void io_tx_split(struct io_sock *sock, size_t n);
/* Sends FIN when all that is queued has left. */
void io_tx_end(struct io_sock *sock);

/* Bytes that the kernel has not yet taken. */
static inline size_t
io_tx_queued(const struct io_sock *sock)
{
	return sock->tx_queued;
}

/* The end of a turn: sends what is queued on all sockets of the loop. */
void io_flush(struct io *io);

#endif
