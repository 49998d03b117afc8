/* handshakes: the handshake loop of a worker; see the header. */
#include "server/worker/handshakes.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/base/timeq.h"
#include "common/conn/hold.h"
#include "common/creds/creds.h"
#include "common/creds/identity.h"
#include "common/stats/stats.h"
#include "common/sys/fdpass.h"
#include "common/sys/log.h"
#include "common/tls/session.h"
#include "server/config.h"
#include "server/control.h"
#include "server/limits/limits.h"
#include "server/supply.h"
#include "server/worker/balancer.h"
#include "server/worker/conn_queue.h"
#include "server/worker/listing.h"
#include "server/worker/proxied.h"
#include "server/worker/reload.h"
#include "server/worker/session.h"
#include "server/worker/whoami.h"

enum {
	/*
	 * Echoes of established connections go before new handshakes. In a
	 * storm with as many handshakes as the machine could do, the 99th
	 * percentile of echo times was 6 ms with this value, and 9 ms with 0.
	 * With 19 it was as short as without a storm, but only a fifth of the
	 * handshakes were done.
	 */
	HANDSHAKE_NICE = 10,
	/*
	 * A step of a handshake takes up to 2 ms of CPU, so that one turn for
	 * all that a storm makes ready took over a second.
	 */
	TURN_BATCH = 16,
};

/* How long a worker goes on when the master has died. */
static const int64_t orphan_drain_ns = 3 * CLOCK_NS_PER_S;
/* Between turns, once the drain time is over: until the last have closed. */
static const int64_t drain_check_ns = 100 * CLOCK_NS_PER_MS;

/* The credentials that have verified a peer may be those before a reload. */
static void
judge_again(const struct handshakes *h, struct conn *conn)
{
	const struct tls_identity *peer = tls_peer(&conn->tls);
	enum close_reason reason = REASON_NONE;

	if (conn->started_ns <= h->judged_ns && peer != NULL)
		reason = tls_identity_judge(peer, h->options.creds);
	if (reason != REASON_NONE)
		conn_refuse(conn, reason);
}

static struct handshakes *
handshakes_of(struct conn *conn)
{
	return CONTAINER_OF(conn->loop, struct handshakes, loop);
}

static bool
on_open(struct conn *conn)
{
	struct handshakes *h = handshakes_of(conn);

	handshake_queue_leave(&h->queue, &session_of(conn)->place);
	judge_again(h, conn);
	if (conn->state != CONN_OPEN)
		return true;
	session_open(session_of(conn), h->options.config->interactive);
	if (h->options.config->whoami)
		whoami_greet(conn);
	proxied_forget(session_of(conn)->proxied);
	if (conn->state != CONN_OPEN)
		return true; /* the greeting failed, and so it ends */
	conn_detach(conn);
	conn_queue_push(h->options.queue, conn);
	return false;
}

static bool
on_hello(struct conn *conn)
{
	struct handshakes *h = handshakes_of(conn);
	bool has_place = handshake_queue_enter(
	    &h->queue, &session_of(conn)->place, h->loop.now_ns);

	if (!has_place)
		stats_add(h->loop.shard, STATS_HANDSHAKES_QUEUED, 1);
	return has_place;
}

static void
on_fail(struct conn *conn)
{
	handshake_queue_leave(
	    &handshakes_of(conn)->queue, &session_of(conn)->place);
	session_fail(conn);
}

static void
on_end(struct conn *conn)
{
	handshake_queue_leave(
	    &handshakes_of(conn)->queue, &session_of(conn)->place);
	session_end(conn);
}

/*
 * Those who wait for a place go on, in order; the rest in the next turn. Of one
 * that has ended in this turn, on_end comes later.
 */
static void
on_turn(void *handshakes)
{
	struct handshakes *h = handshakes;
	struct handshake_place *place;

	for (int i = 0; i < TURN_BATCH &&
	     (place = handshake_queue_next(&h->queue, h->loop.now_ns)) != NULL;
	     i++) {
		struct conn *conn =
		    &CONTAINER_OF(place, struct session, place)->conn;

		if (conn->is_held)
			conn_go_on(conn);
		else
			handshake_queue_leave(&h->queue, place);
	}
}

/* Without on_data: connections are detached before any is delivered. */
static const struct conn_ops handshake_ops = {
	.on_hello = on_hello,
	.on_open = on_open,
	.on_fail = on_fail,
	.on_end = on_end,
};

/* The same with --proxy-protocol. */
static const struct conn_ops proxied_ops = {
	.on_prelude = proxied_read,
	.on_hello = on_hello,
	.on_open = on_open,
	.on_fail = on_fail,
	.on_end = on_end,
};

/* A connection that is counted here comes to nothing; session may be NULL. */
static void
turn_away(struct handshakes *h, struct session *session, int fd)
{
	session_free(session);
	(void)close(fd);
	balancer_connection_ended(h->options.balancer);
}

static void
accept_failed(struct handshakes *h, int error)
{
	struct errmsg e;

	(void)errmsg_set_errno(&e, error, "connection refused");
	if (log_is_due(&h->quiet_until_ns, h->loop.now_ns))
		log_warn("%s", e.text);
	stats_add(h->loop.shard, STATS_ACCEPT_ERRORS, 1);
}

/* A connection that is counted here. */
static void
serve(void *handshakes, int fd)
{
	struct handshakes *h = handshakes;
	const struct conn_ops *ops =
	    h->options.config->proxy_protocol ? &proxied_ops : &handshake_ops;
	struct session *session;
	int error = -ENOMEM;

	if (!admission_has_memory(&h->admission, h->loop.now_ns)) {
		turn_away(h, NULL, fd);
		return;
	}
	session = session_new(fd, h->options.balancer, h->options.table);
	if (session != NULL &&
	    !admission_of_client(&h->admission, session, h->loop.now_ns)) {
		turn_away(h, session, fd);
		return;
	}
	if (session != NULL)
		error = conn_accept(
		    &session->conn, &h->loop, ops, fd, h->options.creds);
	if (error == 0) {
		listing_begin(session);
		return;
	}
	accept_failed(h, -error);
	if (session != NULL)
		limits_release(
		    session->limits, h->options.balancer->self, &session->pass);
	turn_away(h, session, fd);
}

static void
drain(struct handshakes *h, int64_t by_ns, bool is_patient)
{
	if (h->drain_by_ns == 0)
		acceptor_accept_waiting(&h->acceptor);
	balancer_set_state(h->options.balancer, STATS_SLOT_DRAINING);
	if (h->drain_by_ns == 0 || by_ns < h->drain_by_ns)
		h->drain_by_ns = by_ns;
	conn_queue_set_patient(h->options.queue, is_patient);
	conn_queue_drain(h->options.queue, by_ns);
	acceptor_close(&h->acceptor);
}

static void
on_control(struct io_watch *watch)
{
	struct handshakes *h = watch->owner;
	struct control message;
	enum control_result result =
	    control_receive(h->options.control_fd, &message, &h->spare_fd);

	switch (result) {
	case CONTROL_NOTHING:
		break;
	case CONTROL_GONE:
		log_error("the master died: leaving");
		io_watch_remove(&h->control_watch);
		drain(h, clock_now_ns() + orphan_drain_ns, false);
		break;
	case CONTROL_GOT:
		if (message.kind == CONTROL_RELOAD)
			reload_credentials(h, &message);
		else if (message.kind == CONTROL_DRAIN)
			drain(h, message.drain_by_ns, message.is_patient);
		break;
	}
}

/* As soon as it comes, however seldom a key is used. */
static void
on_supply(struct io_watch *watch)
{
	struct handshakes *h = watch->owner;

	if (!supply_read(h->options.supply))
		io_watch_remove(watch);
}

static int
watch_control(struct handshakes *h, struct errmsg *e)
{
	int supply_fd = h->options.supply->rx_fd;
	int error;

	h->control_watch.owner = h->supply_watch.owner = h;
	error = io_watch_add(
	    h->loop.io, &h->control_watch, h->options.control_fd, on_control);
	if (error == 0 && supply_fd >= 0)
		error = io_watch_add(
		    h->loop.io, &h->supply_watch, supply_fd, on_supply);
	if (error != 0)
		return errmsg_set_errno(e, -error, "worker: epoll_ctl");
	return 0;
}

int
handshakes_init(struct handshakes *h, const struct handshakes_options *options,
    struct errmsg *e)
{
	const struct conn_loop_options loop_options = {
		.shard = options->shard,
		.handshake_timeout_ns = options->config->handshake_timeout_ns,
		.close_timeout_ns = options->config->close_timeout_ns,
		.on_turn = on_turn,
		.owner = h,
	};
	const struct acceptor_options acceptor_options = {
		.config = options->config,
		.listeners = options->listeners,
		.balancer = options->balancer,
		.loop = &h->loop,
		.spare_fd = &h->spare_fd,
		.serve = serve,
		.owner = h,
	};

	ASSERT(options->creds != NULL && options->control_fd >= 0);
	*h = (struct handshakes){ .options = *options, .spare_fd = -1 };
	h->admission = (struct admission){ .config = options->config,
		.shard = options->shard,
		.master = options->master,
		.limits = options->limits };
	handshake_queue_init(&h->queue, options->config->max_handshaking);
	fdpass_keep_spare(&h->spare_fd);
	if (conn_loop_init(&h->loop, &loop_options, e) < 0 ||
	    watch_control(h, e) < 0)
		return -1;
	io_set_batch(h->loop.io, TURN_BATCH);
	return acceptor_open(&h->acceptor, &acceptor_options, e);
}

static int64_t
drain_wait_ns(const struct handshakes *h)
{
	int64_t left_ns = h->drain_by_ns - h->loop.now_ns;

	if (h->drain_by_ns == 0)
		return -1;
	return left_ns > 0 ? left_ns : drain_check_ns;
}

static void
turn(struct handshakes *h)
{
	int64_t wait_ns =
	    timeq_min_wait(drain_wait_ns(h), acceptor_wait_ns(&h->acceptor));

	wait_ns = timeq_min_wait(
	    wait_ns, handshake_queue_wait_ns(&h->queue, h->loop.now_ns));
	conn_loop_turn(&h->loop, wait_ns);
	acceptor_turn(&h->acceptor);
	/* In a storm epoll reports it late. */
	if (h->control_watch.io != NULL)
		on_control(&h->control_watch);
	if (h->drain_by_ns != 0 && h->loop.now_ns >= h->drain_by_ns)
		conn_loop_abort_all(&h->loop, REASON_DRAINED);
}

void *
handshakes_run(void *handshakes)
{
	struct handshakes *h = handshakes;

	(void)prctl(PR_SET_NAME, "handshakes");
	(void)setpriority(PRIO_PROCESS, 0, HANDSHAKE_NICE); /* this thread */
	balancer_set_state(h->options.balancer, STATS_SLOT_READY);
	(void)control_send(
	    h->options.control_fd, &(struct control){ .kind = CONTROL_READY });
	while (h->drain_by_ns == 0 || conn_loop_count(&h->loop) > 0)
		turn(h);
	conn_queue_end(h->options.queue);
	return NULL;
}

void
handshakes_fini(struct handshakes *h)
{
	acceptor_fini(&h->acceptor);
	io_watch_remove(&h->control_watch);
	io_watch_remove(&h->supply_watch);
	conn_loop_fini(&h->loop);
	tls_creds_unref(&h->options.creds);
	if (h->spare_fd >= 0)
		(void)close(h->spare_fd);
}
