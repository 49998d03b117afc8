/* der: writes and reads DER; see the header. */
#include "certs/der.h"

#include <string.h>

#include "common/base/assertion.h"

enum {
	LENGTH_MAX = 5,  /* bytes of a length below 4 GB */
	LONG_FORM = 0x80 /* or'ed with the number of bytes that follow */
};

void
der_append(struct der *d, const void *bytes, size_t size)
{
	if (!d->is_failed && file_bytes_append(&d->bytes, bytes, size) < 0)
		d->is_failed = true;
}

void
der_open(struct der *d, enum der_tag tag)
{
	ASSERT(d->depth < DER_DEPTH_MAX);
	der_append(d, &(uint8_t){ (uint8_t)tag }, 1);
	d->opened[d->depth++] = d->bytes.size;
}

static size_t
encode_length(uint8_t out[static LENGTH_MAX], size_t length)
{
	size_t n = 0;

	if (length < LONG_FORM) {
		out[0] = (uint8_t)length;
		return 1;
	}
	for (size_t rest = length; rest > 0; rest >>= 8)
		n++;
	ASSERT(n < LENGTH_MAX);
	out[0] = (uint8_t)(LONG_FORM | n);
	for (size_t i = n; i > 0; i--, length >>= 8)
		out[i] = (uint8_t)(length & 0xff);
	return 1 + n;
}

void
der_close(struct der *d)
{
	uint8_t length[LENGTH_MAX];
	uint8_t *contents;
	size_t size;
	size_t n;

	ASSERT(d->depth > 0);
	d->depth--;
	if (d->is_failed)
		return;
	size = d->bytes.size - d->opened[d->depth];
	n = encode_length(length, size);
	der_append(d, length, n); /* for the room; what it says moves */
	if (d->is_failed)
		return;
	contents = d->bytes.data + d->opened[d->depth];
	memmove(contents + n, contents, size);
	memcpy(contents, length, n);
}

void
der_close_many(struct der *d, unsigned int count)
{
	while (count-- > 0)
		der_close(d);
}

void
der_put(struct der *d, enum der_tag tag, const void *bytes, size_t size)
{
	der_open(d, tag);
	der_append(d, bytes, size);
	der_close(d);
}

/* A zero in front of a high bit keeps the number positive. */
void
der_put_uint(struct der *d, uint32_t value)
{
	uint8_t bytes[1 + sizeof value] = { 0 };
	size_t first = sizeof bytes - 1;

	for (size_t i = sizeof bytes - 1; i > 0; i--, value >>= 8) {
		bytes[i] = (uint8_t)(value & 0xff);
		if (bytes[i] != 0)
			first = i;
	}
	first -= bytes[first] >= 0x80;
	der_put(d, DER_INTEGER, bytes + first, sizeof bytes - first);
}

/* The size of tag and length, and the length; 0: damaged. */
static size_t
decode_length(const struct der_view *from, size_t *length)
{
	size_t n = from->data[1];

	*length = n;
	if (n < LONG_FORM)
		return 2;
	n &= LONG_FORM - 1;
	if (n == 0 || n >= LENGTH_MAX || from->size < 2 + n)
		return 0;
	*length = 0;
	for (size_t i = 0; i < n; i++)
		*length = *length << 8 | from->data[2 + i];
	return 2 + n;
}

bool
der_take(struct der_view *from, enum der_tag tag, struct der_view *contents)
{
	size_t length;
	size_t head;

	if (from->size < 2 || from->data[0] != tag)
		return false;
	head = decode_length(from, &length);
	if (head == 0 || from->size - head < length)
		return false;
	*contents = (struct der_view){ from->data + head, length };
	from->data += head + length;
	from->size -= head + length;
	return true;
}
