/*
 * view: bytes of a peer that are read one after the other (RFC 8446, 3.4). What
 * does not fit is false or NULL; nothing is read beyond the end.
 *
 * Use:
 *	struct view v = { bytes, size }, names;
 *	if (!view_vector(&v, 2, &names)) ...
 */
#ifndef COMMON_TLS_VIEW_H
#define COMMON_TLS_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that have not been read yet. */
struct view {
	const uint8_t *at;
	size_t left;
};

/* So many bytes. */
static inline const uint8_t *
view_take(struct view *v, size_t n)
{
	const uint8_t *taken = v->at;

	if (n > v->left)
		return NULL;
	v->at += n;
	v->left -= n;
	return taken;
}

/* Big-endian, of at most 4 bytes. */
static inline bool
view_number(struct view *v, size_t size, uint32_t *number)
{
	const uint8_t *bytes = view_take(v, size);

	*number = 0;
	for (size_t i = 0; bytes != NULL && i < size; i++)
		*number = *number << 8 | bytes[i];
	return bytes != NULL;
}

/* A vector that its size, of so many bytes, precedes. */
static inline bool
view_vector(struct view *v, size_t size_bytes, struct view *vector)
{
	uint32_t size;

	if (!view_number(v, size_bytes, &size))
		return false;
	vector->left = size;
	vector->at = view_take(v, size);
	return vector->at != NULL;
}

#endif
