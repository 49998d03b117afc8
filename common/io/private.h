/*
 * private: what the files of io share: loop.c is below all, interest.c tells
 * the kernel what a socket waits for, sock_tx.c sends, sock.c does the rest.
 */
#ifndef COMMON_IO_PRIVATE_H
#define COMMON_IO_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "common/io/chunk.h"
#include "common/io/loop.h"
#include "common/io/sock.h"

enum {
	/* Four full TLS records; a small message costs no more for it. */
	IO_RX_SIZE = 65536 + 2048,
	IO_EVENTS = 256,
};

struct io {
	int epoll_fd;
	int event_count;
	int batch;              /* most events a turn */
	bool pwait2_is_missing; /* the kernel lacks epoll_pwait2(2) */
	int64_t now_ns;
	struct list dirty; /* sockets to be flushed at the end of the turn */
	struct io_chunk_pool chunks;
	struct io_counters counters;
	struct epoll_event events[IO_EVENTS];
	uint8_t rx[IO_RX_SIZE];
};

/*
 * interest.c: edge-triggered. A level-triggered set looks at each socket that
 * was ready once more, in the next epoll_wait(2), to find that it no longer is.
 * The price is that nothing may be left unread and forgotten; see sock.c.
 */
static inline uint32_t
io_interest_wanted(const struct io_sock *sock)
{
	uint32_t events = EPOLLET;

	if (!sock->rx_paused && !sock->rx_ended && !sock->connecting)
		events |= EPOLLIN | EPOLLRDHUP;
	if (sock->tx_blocked || sock->connecting)
		events |= EPOLLOUT;
	return events;
}

/* 0 or -errno. */
int io_interest_add(struct io_sock *sock, int fd);
void io_interest_remove(struct io_sock *sock);

/*
 * Tells the kernel what to watch for; what is ready already is then reported
 * anew. Without memory nothing changes, and the next update tries again.
 */
void io_interest_rearm(struct io_sock *sock);

/* The same, unless the kernel knows already, as it does at each echo. */
static inline void
io_interest_update(struct io_sock *sock)
{
	if (sock->fd >= 0 && sock->interest != io_interest_wanted(sock))
		io_interest_rearm(sock);
}

/* The socket is to be flushed at the end of the turn. */
static inline void
io_mark_dirty(struct io_sock *sock)
{
	if (list_empty(&sock->dirty_link))
		list_append(&sock->io->dirty, &sock->dirty_link);
}

/* sock_tx.c: forgets what is queued. */
void io_tx_drop(struct io_sock *sock);

#endif
