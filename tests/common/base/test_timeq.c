/* test_timeq: deadlines that are armed, touched, cancelled and due. */
#include "common/base/timeq.h"

#include <limits.h>

#include <stddef.h>
#include <stdlib.h>

#include "tests/support/suite.h"

enum {
	DURATION = 1600, /* ns; a sixteenth is 100 */
	NOW = 5000
};

static struct timeq q;
static struct timeq_timer a, b, c;

static void
setup(int64_t duration_ns)
{
	timeq_init(&q, duration_ns);
	a.deadline_ns = 42;
	timeq_init_timer(&a);
	timeq_init_timer(&b);
	timeq_init_timer(&c);
}

TEST(empty_queue)
{
	setup(DURATION);
	ck_assert_int_eq(a.deadline_ns, 0);
	ck_assert_ptr_null(timeq_expired(&q, INT64_MAX));
	ck_assert_int_eq(timeq_wait_ns(&q, NOW), -1);
	timeq_cancel(&a);
	ck_assert_int_eq(a.deadline_ns, 0);
}

TEST(due_at_its_deadline)
{
	setup(DURATION);
	timeq_arm(&q, &a, NOW);
	ck_assert_int_eq(a.deadline_ns, NOW + DURATION);
	ck_assert_int_eq(timeq_wait_ns(&q, NOW), DURATION);
	ck_assert_int_eq(timeq_wait_ns(&q, NOW + DURATION - 1), 1);
	ck_assert_ptr_null(timeq_expired(&q, NOW + DURATION - 1));
	ck_assert_int_eq(timeq_wait_ns(&q, NOW + DURATION), 0);
	ck_assert_int_eq(timeq_wait_ns(&q, NOW + DURATION + 1), 0);
	ck_assert_ptr_eq(timeq_expired(&q, NOW + DURATION), &a);
	ck_assert_int_eq(a.deadline_ns, 0);
	ck_assert_ptr_null(timeq_expired(&q, INT64_MAX));
}

TEST(first_in_first_out)
{
	setup(DURATION);
	timeq_arm(&q, &a, NOW);
	timeq_arm(&q, &b, NOW + 1);
	timeq_arm(&q, &c, NOW + 1);
	timeq_arm(&q, &a, NOW + 2);
	ck_assert_int_eq(timeq_wait_ns(&q, NOW + 1), DURATION);
	ck_assert_ptr_eq(timeq_expired(&q, NOW + 2 + DURATION), &b);
	ck_assert_ptr_eq(timeq_expired(&q, NOW + 2 + DURATION), &c);
	ck_assert_ptr_eq(timeq_expired(&q, NOW + 2 + DURATION), &a);
}

TEST(cancelled_is_never_due)
{
	setup(DURATION);
	timeq_arm(&q, &a, NOW);
	timeq_arm(&q, &b, NOW);
	timeq_cancel(&a);
	timeq_cancel(&a);
	ck_assert_ptr_eq(timeq_expired(&q, INT64_MAX), &b);
	ck_assert_ptr_null(timeq_expired(&q, INT64_MAX));
}

TEST(arm_moves_between_queues)
{
	struct timeq other;

	setup(DURATION);
	timeq_init(&other, 10);
	timeq_arm(&q, &a, NOW);
	timeq_arm(&other, &a, NOW);
	ck_assert_int_eq(timeq_wait_ns(&q, NOW), -1);
	ck_assert_int_eq(timeq_wait_ns(&other, NOW), 10);
}

TEST(no_duration_never_expires)
{
	setup(0);
	timeq_arm(&q, &a, NOW);
	timeq_touch(&q, &b, NOW);
	timeq_touch(&q, &b, NOW + 1);
	ck_assert_int_eq(a.deadline_ns, 0);
	ck_assert_int_eq(timeq_wait_ns(&q, NOW), -1);
	ck_assert_ptr_null(timeq_expired(&q, INT64_MAX));
}

TEST(arm_without_duration_disarms)
{
	struct timeq never;

	setup(DURATION);
	timeq_init(&never, 0);
	timeq_arm(&q, &a, NOW);
	timeq_arm(&never, &a, NOW);
	ck_assert_int_eq(timeq_wait_ns(&q, NOW), -1);
	ck_assert_int_eq(a.deadline_ns, 0);
}

TEST(longest_duration)
{
	setup(INT64_MAX);
	timeq_arm(&q, &a, NOW);
	timeq_arm(&q, &b, NOW + 1);
	ck_assert_int_eq(a.deadline_ns, INT64_MAX);
	ck_assert_ptr_null(timeq_expired(&q, INT64_MAX - 1));
	ck_assert_int_eq(timeq_wait_ns(&q, NOW), INT64_MAX - NOW);
	ck_assert_ptr_eq(timeq_expired(&q, INT64_MAX), &a);
}

TEST(touch_after_a_sixteenth)
{
	setup(DURATION);
	timeq_touch(&q, &a, NOW); /* not armed yet */
	ck_assert_int_eq(a.deadline_ns, NOW + DURATION);
	timeq_touch(&q, &a, NOW + 100);
	ck_assert_int_eq(a.deadline_ns, NOW + DURATION);
	timeq_touch(&q, &a, NOW + 101);
	ck_assert_int_eq(a.deadline_ns, NOW + 101 + DURATION);
}

/* A timer that is only touched is never due more than a sixteenth early. */
TEST(touch_keeps_its_promise)
{
	int64_t now = NOW;

	setup(DURATION);
	srand(1);
	for (int round = 0; round < 100000; round++) {
		int64_t step = rand() % (DURATION - DURATION / 16);

		now += step;
		ck_assert_ptr_null(timeq_expired(&q, now));
		timeq_touch(&q, &a, now);
		ck_assert_int_ge(
		    timeq_wait_ns(&q, now), DURATION - DURATION / 16);
		ck_assert_int_le(timeq_wait_ns(&q, now), DURATION);
	}
}

static const struct {
	int64_t a_ns, b_ns, min_ns;
} waits[] = {
	{ -1, -1, -1 },
	{ -1, 0, 0 },
	{ 0, -1, 0 },
	{ -1, 7, 7 },
	{ 7, -1, 7 },
	{ 0, 7, 0 },
	{ 7, 0, 0 },
	{ 7, 8, 7 },
	{ 8, 7, 7 },
	{ INT64_MAX, -1, INT64_MAX },
};

TEST_EACH(min_wait, waits)
{
	ck_assert_int_eq(
	    timeq_min_wait(waits[_i].a_ns, waits[_i].b_ns), waits[_i].min_ns);
}

TEST(poll_waits_long_enough)
{
	ck_assert_int_eq(timeq_poll_ms(-1), -1);
	ck_assert_int_eq(timeq_poll_ms(0), 1);
	ck_assert_int_eq(timeq_poll_ms(999999), 1);
	ck_assert_int_eq(timeq_poll_ms(1000000), 2);
	ck_assert_int_eq(timeq_poll_ms(INT64_MAX), INT_MAX);
}

SUITE("common/base/timeq")
