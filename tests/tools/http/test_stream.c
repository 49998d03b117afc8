/* Tests of tools/http/stream: order, and what slow readers miss. */
#include "tools/http/stream.h"

#include <check.h>
#include <string.h>

#include "tests/support/suite.h"

static struct stream stream;

static void
offer(const char *text)
{
	struct frame *frame = frame_new(strdup(text), strlen(text));

	stream_offer(&stream, frame);
	frame_release(&frame);
	ck_assert_ptr_null(frame);
}

/* All that can be read, in pieces of at most this size. */
static const char *
read_all(size_t piece)
{
	static char text[64];
	size_t size = 0;
	size_t n;

	while ((n = stream_read(&stream, text + size, piece)) > 0)
		size += n;
	text[size] = '\0';
	return text;
}

TEST(nothing_to_read)
{
	ck_assert_str_eq(read_all(8), "");
	stream_offer(&stream, NULL);
	ck_assert_str_eq(read_all(8), "");
	ck_assert_ptr_null(frame_new(NULL, 0));
}

TEST_LOOP(pieces_of_any_size, 7)
{
	offer("first");
	offer("second");
	ck_assert_str_eq(read_all((size_t)_i + 1), "firstsecond");
	offer("third");
	ck_assert_str_eq(read_all((size_t)_i + 1), "third");
}

TEST(a_frame_that_is_begun_is_ended)
{
	char byte;

	offer("first");
	ck_assert_uint_eq(stream_read(&stream, &byte, 1), 1);
	offer("second");
	offer("third");
	ck_assert_str_eq(read_all(8), "irstthird");
}

TEST(cleared_in_the_middle)
{
	char byte;

	offer("first");
	ck_assert_uint_eq(stream_read(&stream, &byte, 1), 1);
	offer("second");
	stream_clear(&stream);
	offer("third");
	ck_assert_str_eq(read_all(8), "third");
}

SUITE("tools/http/stream")
