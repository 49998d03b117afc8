/* walk: headers of blocks, and the first section; see the header. */
#include "tools/record/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/record/decode.h"

enum {
	/* Tag, size, and the three numbers of RECORD_TIMES. */
	FRONT = RECORD_BLOCK_HEADER + 32
};

void
walk_init(struct walk *walk, int fd, off_t size)
{
	walk->fd = fd;
	walk->size = size;
	walk->place = (struct walk_place){ .offset = 0 };
	walk->window_at = 0;
	walk->window_size = 0;
}

void
walk_go(struct walk *walk, const struct walk_place *place)
{
	walk->place = *place;
}

int
walk_read(int fd, void *data, size_t n, off_t offset)
{
	uint8_t *to = data;

	while (n > 0) {
		ssize_t got = pread(fd, to, n, offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = ENODATA;
		if (got <= 0)
			return -1;
		to += got;
		offset += got;
		n -= (size_t)got;
	}
	return 0;
}

int
walk_payload(const struct walk *walk, const struct walk_block *block,
    struct record_buffer *payload)
{
	size_t size = block->block.size;

	if (payload->room < size || payload->data == NULL) {
		record_buffer_free(payload);
		payload->data = malloc(size + 1);
		if (payload->data == NULL)
			return -1;
		payload->room = size + 1;
	}
	payload->size = size;
	if (walk_read(walk->fd, payload->data, size,
		block->place.offset + RECORD_BLOCK_HEADER) < 0)
		return -1;
	if (record_is_whole(&block->block, payload->data))
		return 0;
	errno = EBADMSG;
	return -1;
}

static bool
is_in_window(const struct walk *walk, off_t offset, size_t n)
{
	return offset >= walk->window_at &&
	    offset + (off_t)n <= walk->window_at + (off_t)walk->window_size;
}

/* n bytes at the place, of which there are so many; NULL: errno. */
static const uint8_t *
peek(struct walk *walk, size_t n)
{
	off_t offset = walk->place.offset;
	off_t left = walk->size - offset;

	if (!is_in_window(walk, offset, n)) {
		walk->window_at = offset;
		walk->window_size =
		    left < WALK_WINDOW ? (size_t)left : WALK_WINDOW;
		if (walk_read(walk->fd, walk->window, walk->window_size,
			offset) < 0) {
			walk->window_size = 0;
			return NULL;
		}
	}
	return walk->window + (offset - walk->window_at);
}

static enum walk_result
skip_header(struct walk *walk)
{
	struct record_buffer ours = { .data = NULL };
	enum walk_result result = WALK_TORN;
	const uint8_t *bytes;

	if (walk->size - walk->place.offset < RECORD_HEADER)
		return WALK_TORN;
	bytes = peek(walk, RECORD_HEADER);
	record_put_header(&ours);
	if (bytes == NULL || ours.failed)
		result = WALK_FAILED;
	else if (memcmp(bytes, ours.data, RECORD_HEADER) == 0)
		result = WALK_BLOCK;
	else if (memcmp(bytes, ours.data, sizeof RECORD_MAGIC - 1) == 0)
		result = WALK_VERSION;
	record_buffer_free(&ours);
	walk->place.offset += RECORD_HEADER;
	return result;
}

static int64_t
grow(int64_t position_ns, int64_t by_ns)
{
	if (by_ns <= 0)
		return position_ns;
	return by_ns < INT64_MAX - position_ns ? position_ns + by_ns
					       : INT64_MAX;
}

static int64_t
difference(int64_t a, int64_t b)
{
	int64_t d;

	return __builtin_sub_overflow(a, b, &d) ? 0 : d;
}

static int64_t
sum(int64_t a, int64_t b)
{
	int64_t s;

	return __builtin_add_overflow(a, b, &s) ? a : s;
}

/* The place after a sample. */
static void
pass(struct walk_place *place, const struct record_times *times, bool is_full)
{
	const struct walk_place before = *place;

	place->now_ns =
	    is_full ? times->now_ns : sum(place->now_ns, times->now_ns);
	place->wall_ns =
	    is_full ? times->wall_ns : sum(place->wall_ns, times->wall_ns);
	place->has_begun = true;
	if (before.has_begun)
		place->position_ns = grow(place->position_ns,
		    !is_full || (times->flags & RECORD_CONTINUES)
			? difference(place->now_ns, before.now_ns)
			: difference(place->wall_ns, before.wall_ns));
}

/*
 * Notes when it was taken. A block of an unknown type has to be whole: a sample
 * whose type was damaged must not be taken for one.
 */
static enum walk_result
look_into(struct walk *walk, const uint8_t *payload, size_t front,
    const struct walk_block *found)
{
	struct record_buffer all = { .data = NULL };
	enum walk_result result = WALK_BLOCK;
	struct record_times times;

	if (found->block.type <= RECORD_CHANGES) {
		if (!record_decode_times(payload, front, &times))
			return WALK_TORN;
		pass(&walk->place, &times, found->block.type == RECORD_FULL);
		return WALK_BLOCK;
	}
	if (walk_payload(walk, found, &all) < 0)
		result = errno == EBADMSG ? WALK_TORN : WALK_FAILED;
	record_buffer_free(&all);
	return result;
}

/* What stands at the place, which is passed. */
static enum walk_result
step(struct walk *walk, struct walk_block *found)
{
	off_t left = walk->size - walk->place.offset;
	enum walk_result result;
	const uint8_t *bytes;
	size_t front = left < FRONT ? (size_t)left : FRONT;

	found->place = walk->place;
	bytes = peek(walk, front);
	if (bytes == NULL)
		return WALK_FAILED;
	if (bytes[0] == RECORD_IS_HEADER)
		return skip_header(walk);
	if (front < RECORD_BLOCK_HEADER)
		return WALK_TORN;
	record_get_block(bytes, &found->block);
	if (found->block.type == 0 || found->block.size > RECORD_PAYLOAD_MAX ||
	    left - RECORD_BLOCK_HEADER < (off_t)found->block.size)
		return WALK_TORN;
	front -= RECORD_BLOCK_HEADER;
	result = look_into(walk, bytes + RECORD_BLOCK_HEADER,
	    front < found->block.size ? front : found->block.size, found);
	found->position_ns = walk->place.position_ns;
	found->wall_ns = walk->place.wall_ns;
	walk->place.offset += RECORD_BLOCK_HEADER + (off_t)found->block.size;
	return result;
}

enum walk_result
walk_next(struct walk *walk, struct walk_block *block)
{
	enum walk_result result = WALK_BLOCK;

	do {
		if (walk->place.offset >= walk->size)
			return WALK_END;
		block->block.type = RECORD_IS_HEADER;
		result = step(walk, block);
	} while (result == WALK_BLOCK && block->block.type > RECORD_CHANGES);
	walk->error = errno;
	if (result != WALK_BLOCK)
		walk->place = block->place;
	return result;
}
