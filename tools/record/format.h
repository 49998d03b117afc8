/*
 * format: how a recording is written: blocks, and what they are made of.
 *
 *	recording  header, then blocks
 *	header     magic (8 bytes), version (4)
 *	block      type (1 byte), size of the payload (4), CRC-32 (4), payload
 *	payload    sections
 *	section    tag, size (varints), and that many bytes
 *
 * Numbers of fixed size are little-endian. Varints are LEB128 (DWARF 5, 7.6);
 * signed ones are folded first: 0, -1, 1, -2 become 0, 1, 2, 3. The CRC is that
 * of IEEE 802.3, over type, size and payload.
 *
 * Each block is a sample: FULL says everything, CHANGES what is different from
 * the sample before it. A block that was not written to its end, or whose CRC
 * is wrong, is where a recording ends. A header may also stand where a block
 * may, so that recordings can be put together with cat(1).
 *
 * What a reader does not know it skips: types of blocks, tags of sections, and
 * what follows in a section after what it knows. Whatever cannot be skipped
 * takes another version, which older readers refuse.
 *
 * Owns:	struct record_buffer its memory; record_buffer_free ends it.
 * Errors:	a buffer without memory, and a cursor with too few bytes, has
 *		failed; it stays so, takes nothing more, and gives zeros.
 */
#ifndef TOOLS_RECORD_FORMAT_H
#define TOOLS_RECORD_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_MAGIC "TLSechoR"

enum {
	RECORD_VERSION = 1,
	RECORD_HEADER = 12,
	RECORD_BLOCK_HEADER = 9,
	RECORD_PAYLOAD_MAX = 64 << 20,
	RECORD_HISTS_MAX = 8192, /* histograms of slots in a sample */
	RECORD_ROWS_MAX = 10000, /* connections, or failures, in a sample */
};

enum record_type {
	RECORD_FULL = 1,
	RECORD_CHANGES = 2,
	RECORD_IS_HEADER = 'T', /* no block: the magic begins with it */
};

enum record_tag {
	RECORD_TIMES = 1, /* always first */
	RECORD_SERVER,    /* only in full blocks, as FIELDS */
	RECORD_FIELDS,
	RECORD_SLOTS,
	RECORD_VALUES,
	RECORD_HISTS,
	RECORD_CONNS,
	RECORD_OFFENDERS,
	RECORD_AGES, /* missing in recordings of older releases */
	RECORD_TAGS
};

/* In the first number of RECORD_TIMES. */
enum {
	RECORD_IS_ALIVE = 1 << 0,
	RECORD_CONTINUES = 1 << 1, /* by the recorder of the block before */
};

struct record_buffer {
	uint8_t *data;
	size_t size, room;
	bool failed;
};

void record_put_bytes(struct record_buffer *b, const void *data, size_t n);
void record_put(struct record_buffer *b, uint64_t n);
void record_put_signed(struct record_buffer *b, int64_t n);
void record_put_text(struct record_buffer *b, const char *text);
/* The section becomes empty, and may be used for the next one. */
void record_put_section(struct record_buffer *b, enum record_tag tag,
    struct record_buffer *section);
void record_put_header(struct record_buffer *b);
void record_put_block(struct record_buffer *b, enum record_type type,
    const struct record_buffer *payload);
void record_buffer_free(struct record_buffer *b);

struct record_cursor {
	const uint8_t *at, *end;
	bool failed;
};

void record_get_bytes(struct record_cursor *c, void *data, size_t n);
uint64_t record_get(struct record_cursor *c);
int64_t record_get_signed(struct record_cursor *c);
/* One behind the next place of those that have changed, at first 0: a number
 * says how many stay as they are. False at the end, and at the limit. */
bool record_get_place(struct record_cursor *c, uint64_t *next, uint64_t limit);
/* Cut where it does not fit, and fit to be shown on a terminal: UTF-8. All of
 * text is written: what is behind its end is 0. */
void record_get_text(struct record_cursor *c, char *text, size_t size);
/* False at the end, and when it failed. */
bool record_get_section(
    struct record_cursor *c, uint64_t *tag, struct record_cursor *section);

struct record_block {
	uint8_t type; /* of enum record_type, or unknown */
	uint32_t size, crc;
};

void record_get_block(const uint8_t bytes[static RECORD_BLOCK_HEADER],
    struct record_block *block);
/* Is the payload, of block->size bytes, the one that was written? */
bool record_is_whole(const struct record_block *block, const uint8_t *payload);

#endif
