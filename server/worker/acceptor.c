/* acceptor: accept, balancer, and when to pause; see the header. */
#include "server/worker/acceptor.h"

#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/stats/stats.h"
#include "common/sys/fdpass.h"
#include "common/sys/log.h"
#include "server/config.h"

enum {
	INBOX_BATCH = 32,
};

static const int64_t pause_ns = 100 * CLOCK_NS_PER_MS;
/* One line in the log for as long, whatever goes on failing. */
static const int64_t quiet_ns = 10 * CLOCK_NS_PER_S;

static struct stats_shard *
shard(const struct acceptor *in)
{
	return in->options.loop->shard;
}

static bool
has_room(const struct acceptor *in)
{
	uint64_t max = in->options.config->max_handshaking;

	return max == 0 || in->state == ACCEPTOR_CLOSED ||
	    conn_loop_count(in->options.loop) < max;
}

static int64_t
now_ns(const struct acceptor *in)
{
	return io_now_ns(in->options.loop->io);
}

static void
stop_listening(struct acceptor *in)
{
	for (int i = 0; i < in->options.listeners->count; i++)
		io_watch_remove(&in->listeners[i]);
}

static void on_listener(struct io_watch *watch);
static void on_inbox(struct io_watch *watch);

/* What is not yet watched. 0 or -errno. */
static int
watch_inbox(struct acceptor *in)
{
	const struct balancer *p = in->options.balancer;

	if (in->inbox.io != NULL)
		return 0;
	return io_watch_add(in->options.loop->io, &in->inbox,
	    p->inboxes->rx[p->self], on_inbox);
}

static int
watch_listeners(struct acceptor *in)
{
	const struct listeners *l = in->options.listeners;
	int error = 0;

	for (int i = 0; i < l->count && error == 0; i++)
		if (in->listeners[i].io == NULL)
			error = io_watch_add_exclusive(in->options.loop->io,
			    &in->listeners[i], l->fds[i], on_listener);
	return error;
}

/*
 * Watches what the state says, and nothing else, or a level-triggered loop
 * would spin. 0 or -errno: then to enter it again goes on from there.
 */
static int
enter(struct acceptor *in, enum acceptor_state state)
{
	int error = 0;

	in->state = state;
	balancer_set_full(in->options.balancer, state == ACCEPTOR_FULL);
	if (state != ACCEPTOR_READY)
		stop_listening(in);
	if (state == ACCEPTOR_FULL)
		io_watch_remove(&in->inbox);
	else
		error = watch_inbox(in);
	if (state == ACCEPTOR_READY && error == 0)
		error = watch_listeners(in);
	return error;
}

static void
pause_listening(struct acceptor *in)
{
	in->resume_ns = now_ns(in) + pause_ns;
	(void)enter(in, ACCEPTOR_PAUSED);
}

/* Not before the end of a pause that began before it was full. */
static void
resume(struct acceptor *in)
{
	if (now_ns(in) < in->resume_ns)
		(void)enter(in, ACCEPTOR_PAUSED);
	else if (enter(in, ACCEPTOR_READY) != 0)
		pause_listening(in);
}

static void
stop_if_full(struct acceptor *in)
{
	if (in->state == ACCEPTOR_FULL || has_room(in))
		return;
	(void)enter(in, ACCEPTOR_FULL);
	stats_add(shard(in), STATS_HANDSHAKING_PAUSES, 1);
}

static void
serve(struct acceptor *in, int fd)
{
	in->options.serve(in->options.owner, fd);
	stop_if_full(in);
}

static void
admit(struct acceptor *in, int fd)
{
	struct balancer *p = in->options.balancer;
	uint64_t max = in->options.config->max_connections;
	unsigned target = balancer_choose(p);

	if (max > 0 && balancer_open_everywhere(p) > max) {
		stats_add(shard(in), STATS_REFUSED, 1);
		(void)close(fd);
		balancer_take_back(p, target);
		return;
	}
	if (target == p->self || balancer_hand_over(p, target, fd) != 0)
		serve(in, fd);
	else
		stats_add(shard(in), STATS_PLACED_ELSEWHERE, 1);
}

static void
warn(struct acceptor *in, int error)
{
	struct errmsg e;

	if (now_ns(in) < in->quiet_until_ns)
		return;
	in->quiet_until_ns = now_ns(in) + quiet_ns;
	(void)errmsg_set_errno(&e, error, "accept");
	log_warn("%s: tried again every 100 ms; see ulimit -n and "
		 "--max-connections",
	    e.text);
}

/* Gives the spare descriptor up for the client that waits, to be rid of it. */
static void
refuse_one(struct acceptor *in, int listener)
{
	struct balancer *p = in->options.balancer;
	int fd;

	(void)close(p->spare_fd);
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0) {
		stats_add(shard(in), STATS_REFUSED, 1);
		(void)close(fd);
	}
	p->spare_fd = -1;
	fdpass_keep_spare(&p->spare_fd);
}

/*
 * No descriptors, or no memory: the client that waits is told at once, if that
 * can be; then nothing is accepted for a moment.
 */
static void
accept_failed(struct acceptor *in, int listener, int error)
{
	stats_add(shard(in), STATS_ACCEPT_ERRORS, 1);
	warn(in, error);
	if (error == EMFILE && in->options.balancer->spare_fd >= 0)
		refuse_one(in, listener);
	pause_listening(in);
}

/* One a wake-up: the other workers have been woken for the next. */
static void
on_listener(struct io_watch *watch)
{
	struct acceptor *in = watch->owner;
	int fd = accept4(watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0) {
		admit(in, fd);
		return;
	}
	switch (errno) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		accept_failed(in, watch->fd, errno);
		break;
	default: /* taken by another worker, or gone again: accept(2) */
		break;
	}
}

static void
empty_inbox(struct acceptor *in, int most)
{
	int fd;

	for (int i = 0; i < most && has_room(in); i++) {
		switch (balancer_take(in->options.balancer, &fd)) {
		case BALANCER_TAKEN:
			serve(in, fd);
			break;
		case BALANCER_LOST:
			stats_add(shard(in), STATS_ACCEPT_ERRORS, 1);
			break;
		case BALANCER_NONE:
			return;
		}
	}
}

static void
on_inbox(struct io_watch *watch)
{
	empty_inbox(watch->owner, INBOX_BATCH);
}

int
acceptor_open(struct acceptor *in, const struct acceptor_options *options,
    struct errmsg *e)
{
	int error;

	*in = (struct acceptor){ .options = *options };
	in->inbox.owner = in;
	for (int i = 0; i < LISTENERS_MAX; i++)
		in->listeners[i].owner = in;
	error = enter(in, ACCEPTOR_READY);
	if (error != 0)
		return errmsg_set_errno(e, -error, "worker: epoll_ctl");
	return 0;
}

void
acceptor_turn(struct acceptor *in)
{
	switch (in->state) {
	case ACCEPTOR_READY:
		break;
	case ACCEPTOR_PAUSED:
		resume(in);
		break;
	case ACCEPTOR_FULL:
		if (has_room(in))
			resume(in);
		break;
	case ACCEPTOR_CLOSED:
		(void)enter(in, ACCEPTOR_CLOSED); /* should it have failed */
		break;
	}
}

int64_t
acceptor_wait_ns(const struct acceptor *in)
{
	int64_t left_ns = in->resume_ns - in->options.loop->now_ns;

	switch (in->state) {
	case ACCEPTOR_PAUSED:
		return left_ns > 0 ? left_ns : 0;
	case ACCEPTOR_CLOSED:
		return in->inbox.io != NULL ? -1 : pause_ns;
	case ACCEPTOR_READY:
	case ACCEPTOR_FULL:
		break;
	}
	return -1;
}

void
acceptor_close(struct acceptor *in)
{
	(void)enter(in, ACCEPTOR_CLOSED);
	listeners_close(in->options.listeners);
	empty_inbox(in, INT_MAX);
}

void
acceptor_fini(struct acceptor *in)
{
	io_watch_remove(&in->inbox);
	stop_listening(in);
}
