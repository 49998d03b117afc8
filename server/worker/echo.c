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
	const struct echoer *echoer =
	    LIST_OWNER(conn->loop, struct echoer, loop);

	session_log_end(session_of(conn));
	placement_leave(echoer->placement);
	session_free(session_of(conn));
}

static const struct conn_ops echo_ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_end = on_end,
};

static void
on_handover(struct io_watch *watch)
{
	struct echoer *echoer = watch->owner;
	struct conn *conn;

	handover_acknowledge(echoer->handover);
	while ((conn = handover_take(echoer->handover)) != NULL)
		conn_attach(conn, &echoer->loop, &echo_ops);
}

int
echoer_init(struct echoer *echoer, const struct config *config,
    struct stats_lane *lane, struct placement *placement,
    struct handover *handover, struct errmsg *e)
{
	const struct conn_loop_options options = {
		.lane = lane,
		.idle_timeout_ns = config->idle_timeout_ns,
	};
	int error;

	*echoer =
	    (struct echoer){ .placement = placement, .handover = handover };
	if (conn_loop_init(&echoer->loop, &options, e) < 0)
		return -1;
	echoer->handover_watch.owner = echoer;
	error = io_watch_add(echoer->loop.io, &echoer->handover_watch,
	    handover_fd(handover), on_handover);
	if (error != 0)
		return errmsg_set_errno(e, -error, "worker: epoll_ctl");
	return 0;
}

static void
drain(struct echoer *echoer, int64_t by_ns)
{
	struct conn_loop *loop = &echoer->loop;

	if (loop->now_ns >= by_ns + last_words_ns)
		conn_loop_abort_all(loop, END_DRAINED);
	else if (loop->now_ns >= by_ns)
		conn_loop_finish_all(loop, END_DRAINED);
	else
		conn_loop_finish_quiet(loop, quiet_ns, END_DRAINED);
}

void
echoer_run(struct echoer *echoer)
{
	struct conn_loop *loop = &echoer->loop;
	int64_t drain_by_ns = 0;

	while (
	    conn_loop_count(loop) > 0 || !handover_is_over(echoer->handover)) {
		conn_loop_turn(loop, drain_by_ns != 0 ? drain_check_ns : -1);
		drain_by_ns = handover_drain_by_ns(echoer->handover);
		if (drain_by_ns != 0)
			drain(echoer, drain_by_ns);
	}
}

void
echoer_fini(struct echoer *echoer)
{
	io_watch_remove(&echoer->handover_watch);
	conn_loop_fini(&echoer->loop);
}
