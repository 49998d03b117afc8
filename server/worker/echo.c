/* echo: the echo loop of a worker; see the header. */
#include "server/worker/echo.h"

#include "common/base/clock.h"
#include "server/config.h"
#include "server/worker/conn_queue.h"
#include "server/worker/session.h"

/*
 * While draining, a connection on which nothing came for this long is not
 * waiting for an echo, and is closed.
 */
static const int64_t quiet_ns = 1 * CLOCK_NS_PER_S;
/* How often the loop looks for such connections. */
static const int64_t drain_check_ns = 50 * CLOCK_NS_PER_MS;
/* How long a connection may take to close once the drain time is over. */
static const int64_t last_words_ns = CLOCK_NS_PER_S / 2;

static void
on_data(struct conn *conn, const uint8_t *bytes, size_t n)
{
	(void)conn_write(conn, bytes, n);
}

/* Without on_open: connections are open when they come. */
static const struct conn_ops echo_ops = {
	.on_data = on_data,
	.on_fail = session_fail,
	.on_end = session_end,
};

static void
on_queue(struct io_watch *watch)
{
	struct echo *echo = watch->owner;
	struct list conns, *link;
	bool judge;

	list_init(&conns);
	judge = conn_queue_take(echo->queue, &conns);
	while ((link = list_pop(&conns)) != NULL)
		conn_attach(CONTAINER_OF(link, struct conn, link), &echo->loop,
		    &echo_ops);
	if (judge)
		conn_loop_judge(&echo->loop);
}

int
echo_init(struct echo *echo, const struct config *config,
    struct stats_shard *shard, struct conn_queue *queue, struct errmsg *e)
{
	const struct conn_loop_options options = {
		.shard = shard,
		.idle_timeout_ns = config->idle_timeout_ns,
		.max_lifetime_ns = config->max_lifetime_ns,
		.close_timeout_ns = config->close_timeout_ns,
		.tx_high = config->max_tx_buffer,
		.patient_flush = true,
	};
	int error;

	*echo = (struct echo){ .queue = queue };
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
	else if (!conn_queue_is_patient(echo->queue))
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
