/* test_conn_queue: the queue between a worker's two threads; see MODE=tsan. */
#include "server/worker/conn_queue.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "common/conn/conn.h"
#include "tests/support/suite.h"

enum {
	MANY = 20000
};

static struct conn_queue q;
static struct conn conns[MANY];

static void
setup(void)
{
	struct errmsg e;

	ck_assert_int_eq(conn_queue_init(&q, &e), 0);
	for (int i = 0; i < MANY; i++)
		list_init(&conns[i].link);
}

static bool
is_awake(int timeout_ms)
{
	struct pollfd p = { .fd = conn_queue_fd(&q), .events = POLLIN };

	return poll(&p, 1, timeout_ms) == 1;
}

/* So many connections come out, from the n-th on. */
static void
expect(size_t n, size_t count)
{
	struct list taken, *link;

	list_init(&taken);
	conn_queue_take(&q, &taken);
	ck_assert(!is_awake(0));
	for (; (link = list_pop(&taken)) != NULL; n++, count--)
		ck_assert_ptr_eq(link, &conns[n].link);
	ck_assert_uint_eq(count, 0);
}

START_TEST(first_in_first_out)
{
	setup();
	ck_assert(!is_awake(0));
	expect(0, 0); /* never blocks */
	for (int i = 0; i < 3; i++)
		conn_queue_push(&q, &conns[i]);
	ck_assert(is_awake(0));
	expect(0, 3);
	expect(3, 0);
	conn_queue_push(&q, &conns[3]);
	ck_assert(is_awake(0));
	ck_assert(!conn_queue_is_over(&q));
	expect(3, 1);
	conn_queue_fini(&q);
}
END_TEST

START_TEST(over_when_ended_and_empty)
{
	setup();
	conn_queue_push(&q, &conns[0]);
	conn_queue_end(&q);
	ck_assert(is_awake(0));
	ck_assert(!conn_queue_is_over(&q));
	expect(0, 1);
	ck_assert(conn_queue_is_over(&q));
	conn_queue_fini(&q);
}
END_TEST

/* Once for each order, which wakes; with what was pushed before it. */
START_TEST(judge)
{
	struct list taken;

	setup();
	list_init(&taken);
	ck_assert(!conn_queue_take(&q, &taken));
	conn_queue_push(&q, &conns[0]);
	conn_queue_judge(&q);
	conn_queue_judge(&q);
	ck_assert(is_awake(0));
	ck_assert(conn_queue_take(&q, &taken));
	ck_assert_ptr_eq(list_pop(&taken), &conns[0].link);
	ck_assert(!is_awake(0));
	ck_assert(!conn_queue_take(&q, &taken));
	conn_queue_fini(&q);
}
END_TEST

/* A later call may only make it earlier. */
START_TEST(drain_time)
{
	setup();
	ck_assert_int_eq(conn_queue_drain_by_ns(&q), 0);
	conn_queue_drain(&q, 1000);
	ck_assert(is_awake(0));
	ck_assert_int_eq(conn_queue_drain_by_ns(&q), 1000);
	conn_queue_drain(&q, 2000);
	ck_assert_int_eq(conn_queue_drain_by_ns(&q), 1000);
	conn_queue_drain(&q, 500);
	ck_assert_int_eq(conn_queue_drain_by_ns(&q), 500);
	ck_assert(!conn_queue_is_over(&q));
	conn_queue_fini(&q);
}
END_TEST

static void *
push_all(void *arg)
{
	for (int i = 0; i < MANY; i++) {
		conns[i].pending_len = (size_t)i; /* the taker reads it */
		conn_queue_push(&q, &conns[i]);
		if (i == MANY / 2)
			conn_queue_drain(&q, 42);
	}
	conn_queue_end(&q);
	return arg;
}

/* No connection is lost, and no wake-up. */
START_TEST(two_threads)
{
	struct list conns_taken, *link;
	pthread_t pusher;
	size_t taken = 0;

	setup();
	list_init(&conns_taken);
	ck_assert_int_eq(pthread_create(&pusher, NULL, push_all, NULL), 0);
	while (!conn_queue_is_over(&q)) {
		ck_assert(is_awake(20000));
		conn_queue_take(&q, &conns_taken);
		while ((link = list_pop(&conns_taken)) != NULL) {
			ck_assert_ptr_eq(link, &conns[taken].link);
			ck_assert_uint_eq(conns[taken].pending_len, taken);
			taken++;
		}
	}
	ck_assert_uint_eq(taken, MANY);
	ck_assert_int_eq(conn_queue_drain_by_ns(&q), 42);
	(void)pthread_join(pusher, NULL);
	conn_queue_fini(&q);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("server/worker/conn_queue");

	SUITE_ADD(s, first_in_first_out);
	SUITE_ADD(s, over_when_ended_and_empty);
	SUITE_ADD(s, judge);
	SUITE_ADD(s, drain_time);
	SUITE_ADD(s, two_threads);
	return suite_run(s, argc, argv);
}
