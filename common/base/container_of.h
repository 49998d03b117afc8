/*
 * container_of: from a member to the struct that it is embedded in.
 *
 * Use:
 *	struct conn *conn = CONTAINER_OF(timer, struct conn, timer);
 */
#ifndef COMMON_BASE_CONTAINER_OF_H
#define COMMON_BASE_CONTAINER_OF_H

#include <stddef.h>

/* The struct of the type whose member is *pointer, which is not NULL. */
#define CONTAINER_OF(pointer, type, member) \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#endif
