/*
 * chunk: buffers of outgoing bytes, and a loop's pool of them. Only sockets
 * that have something queued hold any.
 *
 * Owns:	a pool owns the chunks in it.
 * Threads:	a pool belongs to one; a chunk may go to another's pool.
 * Use:
 *	chunk = io_chunk_get(&pool);
 *	memcpy(chunk->bytes, bytes, n);
 *	chunk->end = n;
 *	io_chunk_put(&pool, chunk);
 *	io_chunk_pool_empty(&pool);
 */
#ifndef COMMON_IO_CHUNK_H
#define COMMON_IO_CHUNK_H

#include <stdint.h>
#include <stdlib.h>

enum {
	/* One full TLS record, so that its echo lies in one chunk. */
	IO_CHUNK_SIZE = 16384 + 512,
	IO_CHUNKS_KEPT = 256,
};

struct io_chunk {
	struct io_chunk *next;
	uint32_t begin, end; /* of the bytes not yet sent */
	uint8_t bytes[IO_CHUNK_SIZE];
};

/* All zero at first. */
struct io_chunk_pool {
	struct io_chunk *first; /* the one used last: it is in the cache */
	int count;              /* at most IO_CHUNKS_KEPT */
};

/* Where the pool is empty; for io_chunk_get. */
struct io_chunk *io_chunk_new(void);

/* An empty one; NULL when there is no memory. */
static inline struct io_chunk *
io_chunk_get(struct io_chunk_pool *pool)
{
	struct io_chunk *chunk = pool->first;

	if (chunk == NULL)
		return io_chunk_new();
	pool->first = chunk->next;
	pool->count--;
	chunk->next = NULL;
	chunk->begin = chunk->end = 0;
	return chunk;
}

static inline void
io_chunk_put(struct io_chunk_pool *pool, struct io_chunk *chunk)
{
	if (pool->count == IO_CHUNKS_KEPT) {
		free(chunk);
		return;
	}
	chunk->next = pool->first;
	pool->first = chunk;
	pool->count++;
}

void io_chunk_pool_empty(struct io_chunk_pool *pool);

#endif
