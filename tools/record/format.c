/* format: bytes, varints, sections, CRC-32; see the header. */
#include "tools/record/format.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/printable.h"

enum {
	VARINT_MAX = 10, /* bytes */
	ROOM_MIN = 256
};

static uint32_t
crc_add(uint32_t crc, const uint8_t *bytes, size_t n)
{
	static uint32_t table[256];

	for (uint32_t i = 1; table[255] == 0 && i < 256; i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^
			    (table[i] & 1 ? UINT32_C(0xedb88320) : 0);
	}
	crc = ~crc;
	for (; n > 0; n--)
		crc = crc >> 8 ^ table[(crc ^ *bytes++) & 0xff];
	return ~crc;
}

static bool
make_room(struct record_buffer *b, size_t n)
{
	size_t room = b->room > 0 ? b->room : ROOM_MIN;
	void *larger;

	while (room - b->size < n)
		room *= 2;
	if (b->failed || room == b->room)
		return !b->failed;
	larger = realloc(b->data, room);
	b->failed = larger == NULL;
	if (b->failed)
		return false;
	b->data = larger;
	b->room = room;
	return true;
}

void
record_put_bytes(struct record_buffer *b, const void *data, size_t n)
{
	if (n == 0 || !make_room(b, n))
		return;
	memcpy(b->data + b->size, data, n);
	b->size += n;
}

void
record_put(struct record_buffer *b, uint64_t n)
{
	uint8_t bytes[VARINT_MAX];
	size_t size = 0;

	for (; n >= 0x80; n >>= 7)
		bytes[size++] = (uint8_t)(n | 0x80);
	bytes[size++] = (uint8_t)n;
	record_put_bytes(b, bytes, size);
}

void
record_put_signed(struct record_buffer *b, int64_t n)
{
	record_put(b, (uint64_t)n << 1 ^ (n < 0 ? UINT64_MAX : 0));
}

void
record_put_text(struct record_buffer *b, const char *text)
{
	size_t length = strlen(text);

	record_put(b, length);
	record_put_bytes(b, text, length);
}

void
record_put_section(
    struct record_buffer *b, enum record_tag tag, struct record_buffer *section)
{
	b->failed |= section->failed;
	record_put(b, tag);
	record_put(b, section->size);
	record_put_bytes(b, section->data, section->size);
	section->size = 0;
}

static void
store(uint8_t bytes[static 4], uint32_t n)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(n >> 8 * i);
}

static uint32_t
load(const uint8_t bytes[static 4])
{
	uint32_t n = 0;

	for (int i = 0; i < 4; i++)
		n |= (uint32_t)bytes[i] << 8 * i;
	return n;
}

void
record_put_header(struct record_buffer *b)
{
	uint8_t bytes[RECORD_HEADER] = RECORD_MAGIC;

	store(bytes + RECORD_HEADER - 4, RECORD_VERSION);
	record_put_bytes(b, bytes, sizeof bytes);
}

void
record_put_block(struct record_buffer *b, enum record_type type,
    const struct record_buffer *payload)
{
	uint8_t bytes[RECORD_BLOCK_HEADER] = { (uint8_t)type };

	ASSERT(payload->size <= RECORD_PAYLOAD_MAX);
	b->failed |= payload->failed;
	store(bytes + 1, (uint32_t)payload->size);
	store(bytes + 5,
	    crc_add(crc_add(0, bytes, 5), payload->data, payload->size));
	record_put_bytes(b, bytes, sizeof bytes);
	record_put_bytes(b, payload->data, payload->size);
}

void
record_buffer_free(struct record_buffer *b)
{
	free(b->data);
	memset(b, 0, sizeof *b);
}

static bool
has(struct record_cursor *c, uint64_t n)
{
	if (c->failed || n > (uint64_t)(c->end - c->at))
		c->failed = true;
	return !c->failed;
}

void
record_get_bytes(struct record_cursor *c, void *data, size_t n)
{
	memset(data, 0, n);
	if (n == 0 || !has(c, n))
		return;
	memcpy(data, c->at, n);
	c->at += n;
}

/* What does not fit into 64 bits is not a number. */
uint64_t
record_get(struct record_cursor *c)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < VARINT_MAX && has(c, 1); i++) {
		uint8_t byte = *c->at++;

		if (i == VARINT_MAX - 1 && byte > 1)
			break;
		n |= (uint64_t)(byte & 0x7f) << 7 * i;
		if (byte < 0x80)
			return n;
	}
	c->failed = true;
	return 0;
}

bool
record_get_place(struct record_cursor *c, uint64_t *next, uint64_t limit)
{
	uint64_t gap;

	if (c->at == c->end || c->failed)
		return false;
	gap = record_get(c);
	c->failed |= *next >= limit || gap >= limit - *next;
	*next += gap + 1;
	return !c->failed;
}

int64_t
record_get_signed(struct record_cursor *c)
{
	uint64_t n = record_get(c);

	return (int64_t)(n >> 1 ^ (n & 1 ? UINT64_MAX : 0));
}

void
record_get_text(struct record_cursor *c, char *text, size_t size)
{
	uint64_t length = record_get(c);
	size_t n = length < size ? (size_t)length : size - 1;

	memset(text, 0, size);
	if (!has(c, length))
		return;
	memcpy(text, c->at, n);
	c->at += length;
	if (!printable_is_utf8(text, strlen(text)))
		for (char *t = text; *t != '\0'; t++)
			*t = (unsigned char)*t < 0x80 ? *t : '?';
	printable_mask(text);
}

bool
record_get_section(
    struct record_cursor *c, uint64_t *tag, struct record_cursor *section)
{
	uint64_t size;

	if (c->at == c->end)
		return false;
	*tag = record_get(c);
	size = record_get(c);
	if (!has(c, size))
		return false;
	*section =
	    (struct record_cursor){ .at = c->at, .end = c->at + (size_t)size };
	c->at += size;
	return true;
}

void
record_get_block(
    const uint8_t bytes[static RECORD_BLOCK_HEADER], struct record_block *block)
{
	block->type = bytes[0];
	block->size = load(bytes + 1);
	block->crc = load(bytes + 5);
}

bool
record_is_whole(const struct record_block *block, const uint8_t *payload)
{
	uint8_t bytes[5] = { block->type };

	store(bytes + 1, block->size);
	return block->crc ==
	    crc_add(crc_add(0, bytes, sizeof bytes), payload, block->size);
}
