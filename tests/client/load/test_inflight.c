/* test_inflight: echoes in other pieces than what was sent. */
#include "client/load/inflight.h"

#include <string.h>

#include "tests/support/suite.h"

enum {
	SIZE = 5
};

static struct inflight_slot slots[SIZE];
static struct inflight in;
static const uint8_t text[] = "abcdefghijklmnopqrstuvwxyz";

/* Hands over all there is, in pieces of at most max. */
static size_t
send_all(size_t max)
{
	size_t pieces = 0;
	size_t n;

	while (inflight_has_unsent(&in)) {
		(void)inflight_next(&in, max, &n);
		ck_assert_uint_le(n, max);
		ck_assert_uint_ge(n, 1);
		inflight_sent(&in, n, 7);
		pieces++;
	}
	return pieces;
}

/* Gives n bytes back, of what was added in order; messages that end there. */
static unsigned
echo(const uint8_t *bytes, size_t n)
{
	unsigned finished = 0;

	while (n > 0) {
		size_t taken = inflight_match(&in, bytes, n);

		ck_assert_uint_gt(taken, 0);
		bytes += taken;
		n -= taken;
		if (inflight_finished(&in)) {
			(void)inflight_pop(&in);
			finished++;
		}
	}
	return finished;
}

TEST(pieces)
{
	inflight_init(&in, slots, SIZE);
	ck_assert(!inflight_has_unsent(&in));
	inflight_add(&in, text, 10, 0);
	inflight_add(&in, text + 10, 4, 0);
	ck_assert_uint_eq(send_all(4), 4);
	ck_assert_uint_eq(echo(text, 14), 2);
	ck_assert(inflight_is_empty(&in));
}

/* Messages of 1 to 3 bytes, of which _i + 1 are under way, time and again. */
TEST_LOOP(any_cut, 2 * SIZE)
{
	size_t added = 0;
	size_t echoed = 0;

	inflight_init(&in, slots, SIZE);
	for (int i = 0; i < 1000; i++) {
		while (in.count < (unsigned)_i % SIZE + 1) {
			size_t len = 1 + (size_t)(i + _i) % 3;

			inflight_add(&in, text + added % 20, len, 0);
			(void)send_all(1 + (size_t)_i % 3);
			/* The next message goes on where this one ended. */
			added = added % 20 + len;
		}
		/* Byte by byte, as the text goes round. */
		ck_assert_uint_eq(
		    inflight_match(&in, slots[in.first].bytes + in.echoed, 1),
		    1);
		echoed++;
		if (inflight_finished(&in))
			(void)inflight_pop(&in);
	}
	ck_assert_uint_eq(echoed, 1000);
}

TEST(across_messages)
{
	inflight_init(&in, slots, SIZE);
	for (int i = 0; i < SIZE; i++)
		inflight_add(&in, text + 3 * i, 3, 0);
	ck_assert(inflight_is_full(&in));
	(void)send_all(100);
	ck_assert_uint_eq(echo(text, 2), 0);
	ck_assert_uint_eq(echo(text + 2, 8), 3);
	inflight_add(&in, text + 15, 3, 0);
	(void)send_all(100);
	ck_assert_uint_eq(echo(text + 10, 8), 3);
	ck_assert(inflight_is_empty(&in));
}

TEST(not_what_was_sent)
{
	inflight_init(&in, slots, SIZE);
	ck_assert_uint_eq(inflight_match(&in, text, 1), 0);
	inflight_add(&in, text, 3, 0);
	/* Not sent yet. */
	ck_assert_uint_eq(inflight_match(&in, text, 1), 0);
	inflight_sent(&in, 2, 7);
	ck_assert_uint_eq(inflight_match(&in, text, 3), 2);
	ck_assert(!inflight_finished(&in));
	ck_assert_uint_eq(inflight_match(&in, text + 2, 1), 0);
	inflight_sent(&in, 1, 7);
	ck_assert_uint_eq(inflight_match(&in, text, 1), 0);
	ck_assert_uint_eq(inflight_match(&in, text + 2, 1), 1);
	ck_assert(inflight_finished(&in));
}

TEST(begins_when_its_first_byte_is_sent)
{
	const struct inflight_slot *m;

	inflight_init(&in, slots, SIZE);
	inflight_add(&in, text, 3, 0);
	inflight_add(&in, text + 3, 3, 5);
	inflight_sent(&in, 1, 11);
	inflight_sent(&in, 2, 12);
	inflight_sent(&in, 3, 13);
	ck_assert_uint_eq(inflight_match(&in, text, 6), 3);
	ck_assert_int_eq(inflight_oldest(&in), 11);
	m = inflight_pop(&in);
	ck_assert_int_eq(m->began_ns, 11);
	ck_assert_int_eq(m->sent_ns, 11);
	ck_assert_uint_eq(inflight_match(&in, text + 3, 3), 3);
	m = inflight_pop(&in);
	ck_assert_int_eq(m->began_ns, 5);
	ck_assert_int_eq(m->sent_ns, 13);
}

TEST(cleared)
{
	inflight_init(&in, slots, SIZE);
	inflight_add(&in, text, 3, 0);
	inflight_sent(&in, 2, 7);
	(void)inflight_match(&in, text, 1);
	inflight_clear(&in);
	ck_assert(inflight_is_empty(&in) && !inflight_is_full(&in));
	inflight_add(&in, text, 3, 0);
	(void)send_all(3);
	ck_assert_uint_eq(echo(text, 3), 1);
}

/* Of two messages and a part of a third. */
TEST(all_that_was_sent)
{
	size_t n;

	inflight_init(&in, slots, SIZE);
	ck_assert(inflight_is_all_sent(&in, text, 0));
	for (int i = 0; i < 3; i++)
		inflight_add(&in, text + 5 * i, 5, 0);
	for (int i = 0; i < 3; i++) {
		(void)inflight_next(&in, i < 2 ? 5 : 3, &n);
		inflight_sent(&in, n, 7);
	}
	for (size_t i = 0; i < sizeof text; i++)
		ck_assert(inflight_is_all_sent(&in, text, i) == (i == 13));
	ck_assert(!inflight_is_all_sent(&in, text + 1, 13));
}

SUITE("client/load/inflight")
