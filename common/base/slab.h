/*
 * slab: objects of one size, close together and apart from the heap, where they
 * would lie between what comes and goes, and keep its pages.
 *
 * Owns:	the memory; a block of it goes back to the system with its last
 *		object.
 * Threads:	any; an object may be given back by another one.
 * Use:
 *	static struct slab sessions = SLAB_INIT(sizeof(struct session));
 *	session = slab_take(&sessions);
 *	slab_give(&sessions, session);
 */
#ifndef COMMON_BASE_SLAB_H
#define COMMON_BASE_SLAB_H

#include <pthread.h>
#include <stddef.h>

struct slab_block;

struct slab {
	pthread_mutex_t mutex;
	size_t size;              /* of an object; a multiple of SLAB_LINE */
	struct slab_block *first; /* of those that have room */
};

enum {
	SLAB_LINE = 64, /* of the CPU's cache; objects begin with one */
};

/* For objects of at most 64 KiB. */
#define SLAB_INIT(bytes)                                                   \
	{                                                                  \
		.mutex = PTHREAD_MUTEX_INITIALIZER,                        \
		.size = ((bytes) + SLAB_LINE - 1) / SLAB_LINE * SLAB_LINE, \
	}

/* Not zeroed. NULL: no memory. */
void *slab_take(struct slab *slab);

/* What slab_take has returned, once; or NULL. */
void slab_give(struct slab *slab, void *object);

#endif
