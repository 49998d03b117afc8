/*
 * walk: from block to block through a recording, reading no more than when each
 * sample was taken.
 *
 * A position is recorded time since the first sample: while one recorder is at
 * work, that of its monotonic clock; from one recorder to the next, that of the
 * wall clock. It never goes back.
 *
 * Owns:	nothing: the descriptor, of a regular file, is the caller's.
 * Use:
 *	walk_init(&walk, fd, size);
 *	while (walk_next(&walk, &block) == WALK_BLOCK)
 *		...
 */
#ifndef TOOLS_RECORD_WALK_H
#define TOOLS_RECORD_WALK_H

#include <sys/types.h>

#include "tools/record/format.h"

enum walk_result {
	WALK_BLOCK,
	WALK_END,
	WALK_TORN,    /* what follows is not a whole block */
	WALK_VERSION, /* a header of a version that is not known here */
	WALK_FAILED,  /* walk->error is the errno */
};

/* Where a walk stands: before a block. */
struct walk_place {
	off_t offset;
	int64_t position_ns, now_ns, wall_ns; /* of the sample before it */
	bool has_begun;                       /* there is one before it */
};

struct walk_block {
	struct walk_place place; /* before it */
	struct record_block block;
	int64_t position_ns, wall_ns;
};

enum {
	WALK_WINDOW = 1 << 16
};

struct walk {
	int fd;
	int error;
	off_t size;
	struct walk_place place;
	off_t window_at;
	size_t window_size;
	uint8_t window[WALK_WINDOW];
};

void walk_init(struct walk *walk, int fd, off_t size);

/* Goes on at another place, which a block or the walk itself has told. */
void walk_go(struct walk *walk, const struct walk_place *place);

/* The next sample; whole blocks of unknown types are passed over. */
enum walk_result walk_next(struct walk *walk, struct walk_block *block);

/*
 * Puts the payload of a block in the place of what the buffer holds. 0, or -1
 * with errno: ENODATA at the end of the file, EBADMSG if the CRC is wrong.
 */
int walk_payload(const struct walk *walk, const struct walk_block *block,
    struct record_buffer *payload);

/* n bytes at an offset: 0, or -1 with errno, ENODATA at the end of the file. */
int walk_read(int fd, void *data, size_t n, off_t offset);

#endif
