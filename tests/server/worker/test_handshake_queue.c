/* test_handshake_queue: who has a place, who waits, and who comes next. */
#include "server/worker/handshake_queue.h"

#include "tests/support/suite.h"

enum {
	MANY = 5
};

static struct handshake_queue q;
static struct handshake_place of[MANY];
static const int64_t lease_ns = HANDSHAKE_LEASE_NS;

/* All of them enter, of which the first max have a place. */
static void
begin(uint64_t max)
{
	handshake_queue_init(&q, max);
	for (unsigned i = 0; i < MANY; i++) {
		handshake_place_init(&of[i]);
		ck_assert_int_eq(handshake_queue_enter(&q, &of[i], i + 1),
		    max == 0 || i < max);
	}
}

TEST(no_limit)
{
	begin(0);
	ck_assert_ptr_null(handshake_queue_next(&q, 9));
	ck_assert_int_eq(handshake_queue_wait_ns(&q, 9), -1);
	for (unsigned i = 0; i < MANY; i++)
		handshake_queue_leave(&q, &of[i]);
	ck_assert_uint_eq(q.taken, 0);
}

TEST(in_order)
{
	begin(2);
	ck_assert_ptr_null(handshake_queue_next(&q, 9));
	handshake_queue_leave(&q, &of[1]);
	ck_assert_int_eq(handshake_queue_wait_ns(&q, 9), 0);
	handshake_queue_leave(&q, &of[1]); /* again, which changes nothing */
	/* Whoever comes now does not go before those who wait. */
	ck_assert(!handshake_queue_enter(&q, &of[1], 9));
	ck_assert_ptr_eq(handshake_queue_next(&q, 9), &of[2]);
	ck_assert_ptr_null(handshake_queue_next(&q, 9));
	handshake_queue_leave(&q, &of[3]); /* it gives up */
	handshake_queue_leave(&q, &of[0]);
	ck_assert_ptr_eq(handshake_queue_next(&q, 9), &of[4]);
	handshake_queue_leave(&q, &of[2]);
	ck_assert_ptr_eq(handshake_queue_next(&q, 9), &of[1]);
	ck_assert_uint_eq(q.taken, 2);
	ck_assert_int_eq(handshake_queue_wait_ns(&q, 9), -1);
}

/* Who has shown a ClientHello and says no more. */
TEST(lease_ends)
{
	begin(2);
	ck_assert_int_eq(handshake_queue_wait_ns(&q, 9), lease_ns - 8);
	ck_assert_ptr_null(handshake_queue_next(&q, lease_ns));
	ck_assert_ptr_eq(handshake_queue_next(&q, 1 + lease_ns), &of[2]);
	ck_assert_ptr_null(handshake_queue_next(&q, 1 + lease_ns));
	ck_assert_int_eq(of[0].state, HANDSHAKE_OUTSIDE);
	/* It goes on without one, and gives none back. */
	handshake_queue_leave(&q, &of[0]);
	ck_assert_uint_eq(q.taken, 2);
}

SUITE("server/worker/handshake_queue")
