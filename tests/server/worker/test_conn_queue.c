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

static struct conn_queue h;
static struct conn conns[MANY];

static void
setup(void)
{
	struct errmsg e;

	ck_assert_int_eq(conn_queue_init(&h, &e), 0);
	for (int i = 0; i < MANY; i++)
		list_init(&conns[i].link);
}

static bool
is_awake(int timeout_ms)
{
	struct pollfd p = { .fd = conn_queue_fd(&h), .events = POLLIN };

	return poll(&p, 1, timeout_ms) == 1;
}

START_TEST(first_in_first_out)
{
	setup();
	ck_assert(!is_awake(0));
	ck_assert_ptr_null(conn_queue_take(&h));
	for (int i = 0; i < 3; i++)
		conn_queue_push(&h, &conns[i]);
	ck_assert(is_awake(0));
	conn_queue_acknowledge(&h);
	ck_assert(!is_awake(0));
	for (int i = 0; i < 3; i++)
		ck_assert_ptr_eq(conn_queue_take(&h), &conns[i]);
	ck_assert_ptr_null(conn_queue_take(&h));
	conn_queue_push(&h, &conns[3]);
	ck_assert(is_awake(0));
	ck_assert(!conn_queue_is_over(&h));
	conn_queue_acknowledge(&h);
	conn_queue_acknowledge(&h); /* never blocks */
	ck_assert_ptr_eq(conn_queue_take(&h), &conns[3]);
	conn_queue_fini(&h);
}
END_TEST

START_TEST(over_when_ended_and_empty)
{
	setup();
	conn_queue_push(&h, &conns[0]);
	conn_queue_acknowledge(&h);
	conn_queue_end(&h);
	ck_assert(is_awake(0));
	ck_assert(!conn_queue_is_over(&h));
	ck_assert_ptr_eq(conn_queue_take(&h), &conns[0]);
	ck_assert(conn_queue_is_over(&h));
	conn_queue_fini(&h);
}
END_TEST

/* A later call may only make it earlier. */
START_TEST(drain_time)
{
	setup();
	ck_assert_int_eq(conn_queue_drain_by_ns(&h), 0);
	conn_queue_drain(&h, 1000);
	ck_assert(is_awake(0));
	ck_assert_int_eq(conn_queue_drain_by_ns(&h), 1000);
	conn_queue_drain(&h, 2000);
	ck_assert_int_eq(conn_queue_drain_by_ns(&h), 1000);
	conn_queue_drain(&h, 500);
	ck_assert_int_eq(conn_queue_drain_by_ns(&h), 500);
	ck_assert(!conn_queue_is_over(&h));
	conn_queue_fini(&h);
}
END_TEST

static void *
push_all(void *arg)
{
	for (int i = 0; i < MANY; i++) {
		conns[i].pending_len = (size_t)i; /* the taker reads it */
		conn_queue_push(&h, &conns[i]);
		if (i == MANY / 2)
			conn_queue_drain(&h, 42);
	}
	conn_queue_end(&h);
	return arg;
}

/* No connection is lost, and no wake-up. */
START_TEST(two_threads)
{
	struct conn *conn;
	pthread_t pusher;
	size_t taken = 0;

	setup();
	ck_assert_int_eq(pthread_create(&pusher, NULL, push_all, NULL), 0);
	while (!conn_queue_is_over(&h)) {
		ck_assert(is_awake(20000));
		conn_queue_acknowledge(&h);
		while ((conn = conn_queue_take(&h)) != NULL) {
			ck_assert_ptr_eq(conn, &conns[taken]);
			ck_assert_uint_eq(conn->pending_len, taken);
			taken++;
		}
	}
	ck_assert_uint_eq(taken, MANY);
	ck_assert_int_eq(conn_queue_drain_by_ns(&h), 42);
	(void)pthread_join(pusher, NULL);
	conn_queue_fini(&h);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("server/worker/conn_queue");

	SUITE_ADD(s, first_in_first_out);
	SUITE_ADD(s, over_when_ended_and_empty);
	SUITE_ADD(s, drain_time);
	SUITE_ADD(s, two_threads);
	return suite_run(s, argc, argv);
}
