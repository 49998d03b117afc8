/*
 * stream: what is still to be sent to one client of events: the rest of a
 * frame, and the frame after it. A client that reads more slowly than frames
 * are made misses those between, and costs no more memory.
 *
 * Owns:	frames have as many owners as they are offered to, and the one
 *		who made them.
 * Use:
 *	frame = frame_new(text, size);
 *	stream_offer(&stream, frame);
 *	frame_release(&frame);
 *	n = stream_read(&stream, to, room);
 *	stream_clear(&stream);
 */
#ifndef TOOLS_HTTP_STREAM_H
#define TOOLS_HTTP_STREAM_H

#include <stddef.h>

struct frame;

/* Takes text over, for free(3); NULL is taken, too. NULL: no memory. */
struct frame *frame_new(char *text, size_t size);
/* *frame may be NULL, and becomes NULL. */
void frame_release(struct frame **frame);

/* Empty when it is all 0. */
struct stream {
	struct frame *current;
	struct frame *next;
	size_t offset; /* in the current one */
};

/* A frame that waits behind the current one is replaced. NULL: nothing. */
void stream_offer(struct stream *stream, struct frame *frame);

/* How many bytes it has copied, at most room; 0: there is nothing to send. */
size_t stream_read(struct stream *stream, char *to, size_t room);

void stream_clear(struct stream *stream);

#endif
