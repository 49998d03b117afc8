/* acceptor: the handshake loop of a worker; see the header. */
#include "server/acceptor.h"

#include <errno.h>
#include <limits.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/stats.h"
#include "common/tls_creds.h"
#include "server/config.h"
#include "server/control.h"
#include "server/session.h"
#include "server/whoami.h"

enum {
	/* Echoes of established connections go before new handshakes. */
	HANDSHAKE_NICE = 5,
	INBOX_BATCH = 32,
};

/* After an error of accept that more accepting would not cure. */
static const int64_t pause_ns = 100 * CLOCK_NS_PER_MS;
/* What the orphan of a dead master allows itself. */
static const int64_t orphan_drain_ns = 3 * CLOCK_NS_PER_S;
/* After the end of the drain time: until what was aborted is gone. */
static const int64_t drain_check_ns = 100 * CLOCK_NS_PER_MS;

static struct acceptor *
acceptor_of(struct conn *conn)
{
	return LIST_OWNER(conn->loop, struct acceptor, loop);
}

static bool
on_open(struct conn *conn)
{
	struct acceptor *a = acceptor_of(conn);

	session_log_open(session_of(conn),
	    placement_open_everywhere(a->placement), a->config->interactive);
	if (a->config->whoami)
		whoami_greet(conn);
	conn_detach(conn);
	handover_push(a->handover, conn);
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
	placement_leave(acceptor_of(conn)->placement);
	session_free(session_of(conn));
}

static const struct conn_ops handshake_ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_end = on_end,
};

/* A connection that is counted here. */
static void
serve(struct acceptor *a, int fd)
{
	struct session *session = session_new(fd);

	if (session != NULL &&
	    conn_accept(
		&session->conn, &a->loop, &handshake_ops, fd, a->creds) == 0)
		return;
	log_warn("out of memory: connection refused");
	stats_add(a->loop.lane, STATS_ACCEPT_ERRORS, 1);
	session_free(session);
	(void)close(fd);
	placement_leave(a->placement);
}

static void
admit(struct acceptor *a, int fd)
{
	struct placement *p = a->placement;
	uint64_t max = a->config->max_connections;
	unsigned target = placement_choose(p);

	if (max > 0 && placement_open_everywhere(p) > max) {
		stats_add(a->loop.lane, STATS_REFUSED, 1);
		(void)close(fd);
		placement_take_back(p, target);
		return;
	}
	if (target == p->self || placement_hand_over(p, target, fd) != 0)
		serve(a, fd);
	else
		stats_add(a->loop.lane, STATS_PLACED_ELSEWHERE, 1);
}

static void
stop_listening(struct acceptor *a)
{
	for (int i = 0; i < a->listeners->count; i++)
		io_watch_remove(&a->listener_watches[i]);
}

static void on_listener(struct io_watch *watch);

static int
start_listening(struct acceptor *a)
{
	int error = 0;

	for (int i = 0; i < a->listeners->count && error == 0; i++) {
		a->listener_watches[i].owner = a;
		error = io_watch_add_exclusive(a->loop.io,
		    &a->listener_watches[i], a->listeners->fds[i], on_listener);
	}
	return error;
}

/*
 * No descriptors, or no memory. With the spare descriptor the client that waits
 * is told at once; then nothing is accepted for a moment, or a level-triggered
 * loop would spin.
 */
static void
accept_failed(struct acceptor *a, int listener, int error)
{
	struct placement *p = a->placement;
	struct errmsg e;
	int fd;

	stats_add(a->loop.lane, STATS_ACCEPT_ERRORS, 1);
	(void)errmsg_set_errno(&e, error, "accept");
	log_warn("%s: accepting again in 100 ms", e.text);
	if (error == EMFILE && p->spare_fd >= 0) {
		(void)close(p->spare_fd);
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			(void)close(fd);
		p->spare_fd = placement_open_spare();
	}
	stop_listening(a);
	a->resume_ns = io_now_ns(a->loop.io) + pause_ns;
}

/* One a wake-up: the other workers have been woken for the next. */
static void
on_listener(struct io_watch *watch)
{
	struct acceptor *a = watch->owner;
	int fd = accept4(watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0) {
		admit(a, fd);
		return;
	}
	switch (errno) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		accept_failed(a, watch->fd, errno);
		break;
	default: /* taken by another worker, or gone again: accept(2) */
		break;
	}
}

static void
empty_inbox(struct acceptor *a, int most)
{
	int fd;

	for (int i = 0; i < most; i++) {
		switch (placement_take(a->placement, &fd)) {
		case PLACEMENT_TAKEN:
			serve(a, fd);
			break;
		case PLACEMENT_LOST:
			stats_add(a->loop.lane, STATS_ACCEPT_ERRORS, 1);
			break;
		case PLACEMENT_NONE:
			return;
		}
	}
}

static void
on_inbox(struct io_watch *watch)
{
	empty_inbox(watch->owner, INBOX_BATCH);
}

static int
use_credentials(struct acceptor *a, int fd, struct errmsg *e)
{
	struct tls_creds *creds;

	if (tls_creds_open(&creds, fd, &a->config->tls, e) < 0)
		return -1;
	tls_creds_unref(&a->creds);
	a->creds = creds;
	return 0;
}

static void
reload(struct acceptor *a, const struct control *order)
{
	struct control reply = { .kind = CONTROL_RELOADED };
	int fd = order->fd;

	log_set_level(order->log_level);
	if (use_credentials(a, fd, &reply.why) < 0) {
		reply.kind = CONTROL_REFUSED;
		stats_add(a->loop.lane, STATS_RELOADS_REFUSED, 1);
	} else {
		stats_add(a->loop.lane, STATS_RELOADS, 1);
	}
	(void)close(fd);
	(void)control_send(a->control_fd, &reply);
}

static void
drain(struct acceptor *a, int64_t by_ns)
{
	stop_listening(a);
	listeners_close(a->listeners);
	a->resume_ns = 0;
	atomic_store(&a->placement->slots[a->placement->self]->state,
	    STATS_SLOT_DRAINING);
	if (a->drain_by_ns == 0 || by_ns < a->drain_by_ns)
		a->drain_by_ns = by_ns;
	handover_drain(a->handover, by_ns);
	empty_inbox(a, INT_MAX); /* what was on its way here */
}

static void
on_control(struct io_watch *watch)
{
	struct acceptor *a = watch->owner;
	struct control message;

	switch (control_receive(a->control_fd, &message)) {
	case CONTROL_NOTHING:
		break;
	case CONTROL_GONE:
		log_error("the master died: leaving");
		io_watch_remove(watch);
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

int
acceptor_init(struct acceptor *a, const struct acceptor_options *options,
    struct errmsg *e)
{
	const struct conn_loop_options loop_options = {
		.lane = options->lane,
		.handshake_timeout_ns = options->config->handshake_timeout_ns,
	};
	struct placement *p = options->placement;
	int error;

	*a = (struct acceptor){ .config = options->config,
		.listeners = options->listeners,
		.placement = p,
		.handover = options->handover,
		.creds = options->creds,
		.control_fd = options->control_fd };
	if (conn_loop_init(&a->loop, &loop_options, e) < 0)
		return -1;
	a->inbox_watch.owner = a;
	a->control_watch.owner = a;
	error = io_watch_add(
	    a->loop.io, &a->inbox_watch, p->inboxes->rx[p->self], on_inbox);
	if (error == 0)
		error = io_watch_add(
		    a->loop.io, &a->control_watch, a->control_fd, on_control);
	if (error == 0)
		error = start_listening(a);
	if (error != 0)
		return errmsg_set_errno(e, -error, "worker: epoll_ctl");
	return 0;
}

static int64_t
wait_ns(const struct acceptor *a)
{
	int64_t until_ns = a->drain_by_ns != 0 ? a->drain_by_ns : a->resume_ns;

	if (until_ns == 0)
		return -1;
	return until_ns > a->loop.now_ns ? until_ns - a->loop.now_ns
					 : drain_check_ns;
}

static void
resume_listening(struct acceptor *a)
{
	if (a->resume_ns == 0 || a->loop.now_ns < a->resume_ns)
		return;
	a->resume_ns = 0;
	if (start_listening(a) != 0) {
		stop_listening(a);
		a->resume_ns = a->loop.now_ns + pause_ns;
	}
}

void *
acceptor_run(void *acceptor)
{
	struct acceptor *a = acceptor;

	(void)prctl(PR_SET_NAME, "handshakes");
	(void)setpriority(PRIO_PROCESS, 0, HANDSHAKE_NICE); /* this thread */
	atomic_store(
	    &a->placement->slots[a->placement->self]->state, STATS_SLOT_READY);
	(void)control_send(
	    a->control_fd, &(struct control){ .kind = CONTROL_READY });
	while (a->drain_by_ns == 0 || conn_loop_count(&a->loop) > 0) {
		conn_loop_turn(&a->loop, wait_ns(a));
		resume_listening(a);
		if (a->drain_by_ns != 0 && a->loop.now_ns >= a->drain_by_ns)
			conn_loop_abort_all(&a->loop, END_DRAINED);
	}
	handover_end(a->handover);
	return NULL;
}

void
acceptor_fini(struct acceptor *a)
{
	io_watch_remove(&a->inbox_watch);
	io_watch_remove(&a->control_watch);
	stop_listening(a);
	conn_loop_fini(&a->loop);
	tls_creds_unref(&a->creds);
}
