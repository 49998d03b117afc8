/* stream: counted frames, at most two a client; see the header. */
#include "tools/http/stream.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"

struct frame {
	unsigned owners;
	size_t size;
	char *text;
};

struct frame *
frame_new(char *text, size_t size)
{
	struct frame *frame = text != NULL ? malloc(sizeof *frame) : NULL;

	if (frame == NULL) {
		free(text);
		return NULL;
	}
	*frame = (struct frame){ .owners = 1, .size = size, .text = text };
	return frame;
}

void
frame_release(struct frame **frame)
{
	struct frame *old = *frame;

	*frame = NULL;
	if (old == NULL || --old->owners > 0)
		return;
	free(old->text);
	free(old);
}

void
stream_offer(struct stream *stream, struct frame *frame)
{
	if (frame == NULL)
		return;
	frame->owners++;
	if (stream->current == NULL) {
		stream->current = frame;
		return;
	}
	frame_release(&stream->next);
	stream->next = frame;
}

size_t
stream_read(struct stream *stream, char *to, size_t room)
{
	struct frame *frame = stream->current;
	size_t n;

	if (frame == NULL)
		return 0;
	ASSERT(stream->offset < frame->size);
	n = frame->size - stream->offset;
	if (n > room)
		n = room;
	memcpy(to, frame->text + stream->offset, n);
	stream->offset += n;
	if (stream->offset == frame->size) {
		frame_release(&stream->current);
		stream->current = stream->next;
		stream->next = NULL;
		stream->offset = 0;
	}
	return n;
}

void
stream_clear(struct stream *stream)
{
	frame_release(&stream->current);
	frame_release(&stream->next);
	stream->offset = 0;
}
