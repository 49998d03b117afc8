/*
 * der: writes and reads the Distinguished Encoding Rules (X.690, section 10).
 *
 * What is opened is closed in reverse order; the length of an element is put in
 * when it is closed. Tags are of one byte, and lengths of at most 4 GB.
 *
 * Owns:	the bytes that were written; the caller frees them
 *		(file_bytes_free), which clears them, since they may be a key.
 * Borrows:	what is read.
 * Errors:	the want of memory is kept until the end, in is_failed.
 * Use:
 *	struct der d = DER_INIT;
 *	der_open(&d, DER_SEQUENCE);
 *	der_put_uint(&d, 1);
 *	der_close(&d);
 *	if (d.is_failed) ...
 */
#ifndef CERTS_DER_H
#define CERTS_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/sys/file.h"

enum der_tag {
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_BMP_STRING = 0x1e,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_IMPLICIT_0 = 0x80, /* a string */
	DER_EXPLICIT_0 = 0xa0, /* any element */
	DER_EXPLICIT_1 = 0xa1
};

enum {
	DER_DEPTH_MAX = 16
};

struct der {
	struct file_bytes bytes;
	size_t opened[DER_DEPTH_MAX]; /* where their contents begin */
	unsigned int depth;
	bool is_failed;
};

#define DER_INIT                         \
	{                                \
		.bytes = FILE_BYTES_INIT \
	}

void der_open(struct der *d, enum der_tag tag);
void der_close(struct der *d);
void der_close_many(struct der *d, unsigned int count);

/* Contents of the element that is open, or whole elements. */
void der_append(struct der *d, const void *bytes, size_t size);

/* An element with these contents. */
void der_put(struct der *d, enum der_tag tag, const void *bytes, size_t size);
void der_put_uint(struct der *d, uint32_t value);

/* An object identifier, from a string of its encoded contents. */
#define DER_PUT_OID(d, string) \
	der_put((d), DER_OID, (string), sizeof(string) - 1)

struct der_view {
	const uint8_t *data;
	size_t size;
};

/*
 * Takes the first element off the front of a view, if it has this tag, and
 * gives its contents. False, and nothing taken, if it has not, or is damaged.
 */
bool der_take(
    struct der_view *from, enum der_tag tag, struct der_view *contents);

#endif
