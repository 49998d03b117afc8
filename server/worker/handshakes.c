/* handshakes: the handshake loop of a worker; see the header. */
#include "server/worker/handshakes.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/timeq.h"
#include "common/creds/creds.h"
#include "common/stats/stats.h"
#include "common/sys/fdpass.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/control.h"
#include "server/worker/session.h"
#include "server/worker/whoami.h"

enum {
	/*
	 * Echoes of established connections go before new handshakes. Beside
	 * as many as the machine could do, their p99 was 6 ms, at 0 9 ms; at 19
	 * it was that without a storm, for a fifth of the handshakes.
	 */
	HANDSHAKE_NICE = 10,
	/*
	 * A step of a handshake takes up to 2 ms of CPU, so a turn with all
	 * that a storm makes ready took over a second.
	 */
	TURN_BATCH = 16,
};

/* What the orphan of a dead master allows itself. */
static const int64_t orphan_drain_ns = 3 * CLOCK_NS_PER_S;
/* After the end of the drain time: until what was aborted is gone. */
static const int64_t drain_check_ns = 100 * CLOCK_NS_PER_MS;

static struct handshakes *
handshakes_of(struct conn *conn)
{
	return CONTAINER_OF(conn->loop, struct handshakes, loop);
}

static bool
on_open(struct conn *conn)
{
	struct handshakes *a = handshakes_of(conn);

	session_log_open(session_of(conn),
	    balancer_open_everywhere(a->balancer), a->config->interactive);
	if (a->config->whoami)
		whoami_greet(conn);
	conn_detach(conn);
	conn_queue_push(a->queue, conn);
	return false;
}

static void
on_data(struct conn *conn, const uint8_t *bytes, size_t n)
{
	(void)conn; /* detached before any data is delivered */
	(void)bytes;
	(void)n;
}

static void
on_end(struct conn *conn)
{
	session_log_end(session_of(conn));
	balancer_leave(handshakes_of(conn)->balancer);
	session_free(session_of(conn));
}

static const struct conn_ops handshake_ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_end = on_end,
};

/* A connection that is counted here. */
static void
serve(void *handshakes, int fd)
{
	struct handshakes *a = handshakes;
	struct session *session = session_new(fd);
	int error = -ENOMEM;
	struct errmsg e;

	if (session != NULL)
		error = conn_accept(
		    &session->conn, &a->loop, &handshake_ops, fd, a->creds);
	if (error == 0)
		return;
	(void)errmsg_set_errno(&e, -error, "connection refused");
	log_warn("%s", e.text);
	stats_add(a->loop.shard, STATS_ACCEPT_ERRORS, 1);
	session_free(session);
	(void)close(fd);
	balancer_leave(a->balancer);
}

static int
use_credentials(struct handshakes *a, int fd, struct errmsg *e)
{
	struct tls_creds *creds;

	if (tls_creds_open(&creds, fd, &a->config->tls, e) < 0)
		return -1;
	tls_creds_unref(&a->creds);
	a->creds = creds;
	return 0;
}

/* All of it, or none; then the master puts another worker in this place. */
static void
reload(struct handshakes *a, const struct control *order)
{
	struct control reply = { .kind = CONTROL_RELOADED };

	if (use_credentials(a, order->fd, &reply.why) < 0) {
		reply.kind = CONTROL_REFUSED;
	} else {
		log_set_level(order->log_level);
		stats_add(a->loop.shard, STATS_RELOADS, 1);
	}
	if (order->fd >= 0)
		(void)close(order->fd);
	fdpass_keep_spare(&a->balancer->spare_fd);
	(void)control_send(a->control_fd, &reply);
}

static void
drain(struct handshakes *a, int64_t by_ns)
{
	atomic_store(
	    &a->balancer->slots[a->balancer->self]->state, STATS_SLOT_DRAINING);
	if (a->drain_by_ns == 0 || by_ns < a->drain_by_ns)
		a->drain_by_ns = by_ns;
	conn_queue_drain(a->queue, by_ns);
	acceptor_close(&a->acceptor);
}

static void
on_control(struct io_watch *watch)
{
	struct handshakes *a = watch->owner;
	struct control message;

	switch (
	    control_receive(a->control_fd, &message, &a->balancer->spare_fd)) {
	case CONTROL_NOTHING:
		break;
	case CONTROL_GONE:
		log_error("the master died: leaving");
		io_watch_remove(&a->control_watch);
		drain(a, clock_now_ns() + orphan_drain_ns);
		break;
	case CONTROL_GOT:
		if (message.kind == CONTROL_RELOAD)
			reload(a, &message);
		else if (message.kind == CONTROL_DRAIN)
			drain(a, message.drain_by_ns);
		break;
	}
}

static int
watch_control(struct handshakes *a, struct errmsg *e)
{
	int error;

	a->control_watch.owner = a;
	error = io_watch_add(
	    a->loop.io, &a->control_watch, a->control_fd, on_control);
	if (error != 0)
		return errmsg_set_errno(e, -error, "worker: epoll_ctl");
	return 0;
}

int
handshakes_init(struct handshakes *a, const struct handshakes_options *options,
    struct errmsg *e)
{
	const struct conn_loop_options loop_options = {
		.shard = options->shard,
		.handshake_timeout_ns = options->config->handshake_timeout_ns,
	};
	const struct acceptor_options acceptor_options = {
		.config = options->config,
		.listeners = options->listeners,
		.balancer = options->balancer,
		.loop = &a->loop,
		.serve = serve,
		.owner = a,
	};

	*a = (struct handshakes){ .config = options->config,
		.balancer = options->balancer,
		.queue = options->queue,
		.creds = options->creds,
		.control_fd = options->control_fd };
	if (conn_loop_init(&a->loop, &loop_options, e) < 0 ||
	    watch_control(a, e) < 0)
		return -1;
	io_set_batch(a->loop.io, TURN_BATCH);
	return acceptor_open(&a->acceptor, &acceptor_options, e);
}

static int64_t
drain_wait_ns(const struct handshakes *a)
{
	if (a->drain_by_ns == 0)
		return -1;
	return a->drain_by_ns > a->loop.now_ns ? a->drain_by_ns - a->loop.now_ns
					       : drain_check_ns;
}

void *
handshakes_run(void *handshakes)
{
	struct handshakes *a = handshakes;

	(void)prctl(PR_SET_NAME, "handshakes");
	(void)setpriority(PRIO_PROCESS, 0, HANDSHAKE_NICE); /* this thread */
	atomic_store(
	    &a->balancer->slots[a->balancer->self]->state, STATS_SLOT_READY);
	(void)control_send(
	    a->control_fd, &(struct control){ .kind = CONTROL_READY });
	while (a->drain_by_ns == 0 || conn_loop_count(&a->loop) > 0) {
		conn_loop_turn(&a->loop,
		    timeq_min_wait(
			drain_wait_ns(a), acceptor_wait_ns(&a->acceptor)));
		acceptor_turn(&a->acceptor);
		/* In a storm its turn in epoll's queue comes late. */
		if (a->control_watch.io != NULL)
			on_control(&a->control_watch);
		if (a->drain_by_ns != 0 && a->loop.now_ns >= a->drain_by_ns)
			conn_loop_abort_all(&a->loop, REASON_DRAINED);
	}
	conn_queue_end(a->queue);
	return NULL;
}

void
handshakes_fini(struct handshakes *a)
{
	acceptor_fini(&a->acceptor);
	io_watch_remove(&a->control_watch);
	conn_loop_fini(&a->loop);
	tls_creds_unref(&a->creds);
}
