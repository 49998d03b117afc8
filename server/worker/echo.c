/* echo: the echo loop of a worker; see the header. */
#include "server/worker/echo.h"

#include "common/base/clock.h"
#include "server/config.h"
#include "server/worker/session.h"

/*
 * While draining, a connection on which nothing came for this long is not
 * waiting for an echo, and is told goodbye.
 */
static const int64_t quiet_ns = 1 * CLOCK_NS_PER_S;
/* How often that is looked at. */
static const int64_t drain_check_ns = 50 * CLOCK_NS_PER_MS;
/* For last words, after the drain time is over. */
static const int64_t last_words_ns = CLOCK_NS_PER_S / 2;

static bool
on_open(struct conn *conn)
{
	(void)conn; /* it was open when it came */
	return true;
}

static void
on_data(struct conn *conn, const uint8_t *bytes, size_t n)
{
	(void)conn_write(conn, bytes, n);
}

static void
on_end(struct conn *conn)
{
	const struct echo *echo = CONTAINER_OF(conn->loop, struct echo, loop);

	session_log_end(session_of(conn));
	balancer_leave(echo->balancer);
	session_free(session_of(conn));
}

static const struct conn_ops echo_ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_end = on_end,
};

static void
on_queue(struct io_watch *watch)
{
	struct echo *echo = watch->owner;
	struct conn *conn;

	conn_queue_acknowledge(echo->queue);
	while ((conn = conn_queue_take(echo->queue)) != NULL)
		conn_attach(conn, &echo->loop, &echo_ops);
}

int
echo_init(struct echo *echo, const struct config *config,
    struct stats_shard *shard, struct balancer *balancer,
    struct conn_queue *queue, struct errmsg *e)
{
	const struct conn_loop_options options = {
		.shard = shard,
		.idle_timeout_ns = config->idle_timeout_ns,
	};
	int error;

	*echo = (struct echo){ .balancer = balancer, .queue = queue };
	if (conn_loop_init(&echo->loop, &options, e) < 0)
		return -1;
	echo->queue_watch.owner = echo;
	error = io_watch_add(
	    echo->loop.io, &echo->queue_watch, conn_queue_fd(queue), on_queue);
	if (error != 0)
		return errmsg_set_errno(e, -error, "worker: epoll_ctl");
	return 0;
}

static void
drain(struct echo *echo, int64_t by_ns)
{
	struct conn_loop *loop = &echo->loop;

	if (loop->now_ns >= by_ns + last_words_ns)
		conn_loop_abort_all(loop, REASON_DRAINED);
	else if (loop->now_ns >= by_ns)
		conn_loop_finish_all(loop, REASON_DRAINED);
	else
		conn_loop_finish_quiet(loop, quiet_ns, REASON_DRAINED);
}

void
echo_run(struct echo *echo)
{
	struct conn_loop *loop = &echo->loop;
	int64_t drain_by_ns = 0;

	while (conn_loop_count(loop) > 0 || !conn_queue_is_over(echo->queue)) {
		conn_loop_turn(loop, drain_by_ns != 0 ? drain_check_ns : -1);
		drain_by_ns = conn_queue_drain_by_ns(echo->queue);
		if (drain_by_ns != 0)
			drain(echo, drain_by_ns);
	}
}

void
echo_fini(struct echo *echo)
{
	io_watch_remove(&echo->queue_watch);
	conn_loop_fini(&echo->loop);
}
