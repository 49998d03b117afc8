/*
 * private: what io/loop.c (the loop), io/sock.c and io/sock_tx.c (sockets)
 * share.
 */
#ifndef COMMON_IO_PRIVATE_H
#define COMMON_IO_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "common/io/loop.h"

enum {
	/* Four full TLS records; a small message costs no more for it. */
	IO_RX_SIZE = 65536 + 2048,
	/* One full TLS record, so that its echo lies in one chunk. */
	IO_CHUNK_SIZE = 16384 + 512,
	IO_CHUNKS_KEPT = 256,
	IO_EVENTS = 256,
};

struct io_chunk {
	struct io_chunk *next;
	uint32_t begin, end; /* of the bytes not yet sent */
	uint8_t bytes[IO_CHUNK_SIZE];
};

struct io {
	int epoll_fd;
	int event_count;
	int batch;          /* most events a turn */
	bool has_no_pwait2; /* the kernel lacks epoll_pwait2(2) */
	int64_t now_ns;
	struct list dirty;
	struct io_chunk *spare; /* last used first: it is still in the cache */
	int spare_count;
	struct io_counters tally;
	struct epoll_event events[IO_EVENTS];
	uint8_t rx[IO_RX_SIZE];
};

/* NULL when there is no memory. */
struct io_chunk *io_chunk_get(struct io *io);
void io_chunk_put(struct io *io, struct io_chunk *chunk);

/* Tells the kernel what to watch for; what is ready is then reported anew. */
void io_sock_rearm(struct io_sock *sock);

/* The same, unless the kernel knows already. */
void io_sock_update_interest(struct io_sock *sock);

/* To be flushed at the end of the turn. */
void io_sock_mark_dirty(struct io_sock *sock);

/* Forgets what is queued. */
void io_tx_drop(struct io_sock *sock);

/* Sends what one socket has queued; may call drained() or failed(). */
void io_sock_flush(struct io_sock *sock);

#endif
