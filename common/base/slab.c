/* slab: blocks of objects; see the header. */
#include "common/base/slab.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>

#include "common/base/assertion.h"

/* An object that is free is poisoned; those in use may own memory. */
#ifdef __SANITIZE_ADDRESS__
#	include <sanitizer/asan_interface.h>
#	include <sanitizer/lsan_interface.h>
#	define POISON(bytes, n)      ASAN_POISON_MEMORY_REGION(bytes, n)
#	define UNPOISON(bytes, n)    ASAN_UNPOISON_MEMORY_REGION(bytes, n)
#	define ADD_ROOT(bytes, n)    __lsan_register_root_region(bytes, n)
#	define REMOVE_ROOT(bytes, n) __lsan_unregister_root_region(bytes, n)
#else
#	define POISON(bytes, n)      ((void)(bytes), (void)(n))
#	define UNPOISON(bytes, n)    ((void)(bytes), (void)(n))
#	define ADD_ROOT(bytes, n)    ((void)(bytes), (void)(n))
#	define REMOVE_ROOT(bytes, n) ((void)(bytes), (void)(n))
#endif

enum {
	BLOCK_SIZE = 256 * 1024, /* and its alignment */
	HEADER_SIZE = SLAB_LINE,
};

/* Where a free object is. */
struct slab_free {
	struct slab_free *next;
};

/* At the beginning of its memory. */
struct slab_block {
	struct slab_block *next, *previous; /* that have room */
	struct slab_free *free;             /* that have been in use */
	uint32_t used;                      /* objects */
	uint32_t fresh; /* where the first is that has never been in use */
};
_Static_assert(sizeof(struct slab_block) <= HEADER_SIZE, "it fits");

static bool
has_room(const struct slab *slab, const struct slab_block *b)
{
	return b->free != NULL || b->fresh + slab->size <= BLOCK_SIZE;
}

static void
link_block(struct slab *slab, struct slab_block *b)
{
	b->previous = NULL;
	b->next = slab->first;
	if (b->next != NULL)
		b->next->previous = b;
	slab->first = b;
}

static void
unlink_block(struct slab *slab, struct slab_block *b)
{
	if (b->next != NULL)
		b->next->previous = b->previous;
	if (b->previous != NULL)
		b->previous->next = b->next;
	else
		slab->first = b->next;
}

/* Twice as much has an aligned block in it. */
static struct slab_block *
map_block(void)
{
	uint8_t *bytes = mmap(NULL, 2 * BLOCK_SIZE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before;

	if (bytes == MAP_FAILED)
		return NULL;
	before = -(uintptr_t)bytes % BLOCK_SIZE;
	if (before > 0)
		(void)munmap(bytes, before);
	bytes += before;
	(void)munmap(bytes + BLOCK_SIZE, BLOCK_SIZE - before);
	return (struct slab_block *)(void *)bytes;
}

static struct slab_block *
add_block(struct slab *slab)
{
	struct slab_block *b = map_block();

	ASSERT(slab->size <= BLOCK_SIZE - HEADER_SIZE);
	if (b == NULL)
		return NULL;
	*b = (struct slab_block){ .fresh = HEADER_SIZE };
	ADD_ROOT(b, BLOCK_SIZE);
	POISON((uint8_t *)b + HEADER_SIZE, BLOCK_SIZE - HEADER_SIZE);
	link_block(slab, b);
	return b;
}

static void
remove_block(struct slab *slab, struct slab_block *b)
{
	unlink_block(slab, b);
	REMOVE_ROOT(b, BLOCK_SIZE);
	UNPOISON(b, BLOCK_SIZE);
	(void)munmap(b, BLOCK_SIZE);
}

static void *
take_from(struct slab *slab, struct slab_block *b)
{
	void *object;

	if (b->free != NULL) {
		UNPOISON(b->free, slab->size);
		object = b->free;
		b->free = b->free->next;
	} else {
		object = (uint8_t *)b + b->fresh;
		UNPOISON(object, slab->size);
		b->fresh += (uint32_t)slab->size;
	}
	b->used++;
	if (!has_room(slab, b))
		unlink_block(slab, b);
	return object;
}

void *
slab_take(struct slab *slab)
{
	struct slab_block *b;
	void *object = NULL;

	(void)pthread_mutex_lock(&slab->mutex);
	b = slab->first != NULL ? slab->first : add_block(slab);
	if (b != NULL)
		object = take_from(slab, b);
	(void)pthread_mutex_unlock(&slab->mutex);
	return object;
}

static void
give_to(struct slab *slab, struct slab_block *b, struct slab_free *object)
{
	ASSERT(b->used > 0);
	if (!has_room(slab, b))
		link_block(slab, b);
	object->next = b->free;
	b->free = object;
	POISON(object, slab->size);
	if (--b->used == 0)
		remove_block(slab, b);
}

void
slab_give(struct slab *slab, void *object)
{
	struct slab_block *b =
	    (void *)((uintptr_t)object & ~(uintptr_t)(BLOCK_SIZE - 1));

	if (object == NULL)
		return;
	(void)pthread_mutex_lock(&slab->mutex);
	give_to(slab, b, object);
	(void)pthread_mutex_unlock(&slab->mutex);
}
