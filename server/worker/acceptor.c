/* acceptor: accepts, hands over, pauses; see the header. */
#include "server/worker/acceptor.h"

#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/conn/loop.h"
#include "common/stats/stats.h"
#include "common/sys/fdpass.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/worker/balancer.h"

enum {
	INBOX_BATCH = 32,
	LAST_BATCH = 64 /* of each listener, before it is closed */
};

static const int64_t pause_ns = 100 * CLOCK_NS_PER_MS;

static struct stats_shard *
shard(const struct acceptor *a)
{
	return a->options.loop->shard;
}

static bool
has_room(const struct acceptor *a)
{
	uint64_t max = a->options.config->max_unopened;

	return max == 0 || a->state == ACCEPTOR_CLOSED ||
	    conn_loop_count(a->options.loop) < max;
}

static int64_t
now_ns(const struct acceptor *a)
{
	return io_now_ns(a->options.loop->io);
}

static void
stop_listening(struct acceptor *a)
{
	for (int i = 0; i < a->options.listeners->count; i++)
		io_watch_remove(&a->listeners[i]);
}

static void on_listener(struct io_watch *watch);
static void on_inbox(struct io_watch *watch);

static int
watch_inbox(struct acceptor *a)
{
	if (a->inbox.io != NULL)
		return 0;
	return io_watch_add(a->options.loop->io, &a->inbox,
	    balancer_inbox_fd(a->options.balancer), on_inbox);
}

static int
watch_listeners(struct acceptor *a)
{
	const struct listeners *l = a->options.listeners;
	int error = 0;

	for (int i = 0; i < l->count && error == 0; i++)
		if (a->listeners[i].io == NULL)
			error = io_watch_add_exclusive(a->options.loop->io,
			    &a->listeners[i], l->fds[i], on_listener);
	return error;
}

/*
 * Watches what the state says, and nothing else, or a level-triggered loop
 * would spin. 0 or -errno: then the next call adds what is missing.
 */
static int
watch(struct acceptor *a)
{
	int error = 0;

	if (a->state != ACCEPTOR_READY)
		stop_listening(a);
	if (a->state == ACCEPTOR_FULL)
		io_watch_remove(&a->inbox);
	else
		error = watch_inbox(a);
	if (a->state == ACCEPTOR_READY && error == 0)
		error = watch_listeners(a);
	return error;
}

/* The only place that changes the state: by a step that the header draws. */
static int
enter(struct acceptor *a, enum acceptor_state state)
{
	ASSERT(a->state != ACCEPTOR_CLOSED && a->state != state);
	a->state = state;
	balancer_set_full(a->options.balancer, state == ACCEPTOR_FULL);
	return watch(a);
}

static void
pause_listening(struct acceptor *a)
{
	a->resume_ns = now_ns(a) + pause_ns;
	(void)enter(a, ACCEPTOR_PAUSED);
}

/* There is room; a pause that began before it was full may not be over. */
static void
resume(struct acceptor *a)
{
	if (now_ns(a) >= a->resume_ns) {
		fdpass_keep_spare(a->options.spare_fd); /* if it was lost */
		if (enter(a, ACCEPTOR_READY) != 0)
			pause_listening(a);
	} else if (a->state != ACCEPTOR_PAUSED) {
		(void)enter(a, ACCEPTOR_PAUSED);
	} else {
		(void)watch(a); /* in case it failed before */
	}
}

static void
stop_if_full(struct acceptor *a)
{
	if (a->state == ACCEPTOR_FULL || has_room(a))
		return;
	(void)enter(a, ACCEPTOR_FULL);
	stats_add(shard(a), STATS_HANDSHAKING_PAUSES, 1);
}

static void
serve(struct acceptor *a, int fd)
{
	a->options.serve(a->options.owner, fd);
	stop_if_full(a);
}

static void
admit(struct acceptor *a, int fd)
{
	struct balancer *b = a->options.balancer;
	uint64_t max = a->options.config->max_connections;
	unsigned target = balancer_choose(b);

	if (max > 0 && balancer_open_everywhere(b) > max) {
		stats_add(shard(a), STATS_REFUSED, 1);
		(void)close(fd);
		balancer_cancel(b, target);
		return;
	}
	if (balancer_hand_over(b, target, fd))
		stats_add(shard(a), STATS_PLACED_ELSEWHERE, 1);
	else
		serve(a, fd);
}

static void
warn(struct acceptor *a, int error)
{
	struct errmsg e;

	if (!log_is_due(&a->quiet_until_ns, now_ns(a)))
		return;
	(void)errmsg_set_errno(&e, error, "accept");
	log_warn("%s: trying again every 100 ms%s", e.text,
	    error == EMFILE       ? "; see ulimit -n and --max-connections"
		: error == ENFILE ? "; see fs.file-max (sysctl)"
				  : "");
}

/* The master reads the second counter first: see refusals_tell. */
static void
count_without_descriptor(struct acceptor *a)
{
	stats_add(shard(a), STATS_REFUSED_NO_DESCRIPTOR, 1);
	stats_add(shard(a), STATS_REFUSED, 1);
}

/* Gives the spare descriptor up for the client that waits, to be rid of it. */
static void
refuse_one(struct acceptor *a, int listener)
{
	int *spare_fd = a->options.spare_fd;
	int fd;

	(void)close(*spare_fd);
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0) {
		count_without_descriptor(a);
		(void)close(fd);
	}
	*spare_fd = -1;
	fdpass_keep_spare(spare_fd);
}

/*
 * It would fail again: there are no descriptors, or no memory, or it is not
 * allowed. The client that waits is refused at once if that is possible; then
 * nothing is accepted for a moment.
 */
static void
accept_failed(struct acceptor *a, int listener, int error)
{
	stats_add(shard(a), STATS_ACCEPT_ERRORS, 1);
	warn(a, error);
	if ((error == EMFILE || error == ENFILE) && *a->options.spare_fd >= 0)
		refuse_one(a, listener);
	pause_listening(a);
}

/*
 * Another worker has taken the client, or it has gone, as has a network: the
 * next one may come in (accept(2), "Error handling").
 */
static bool
is_of_one_client(int error)
{
	switch (error) {
	case EAGAIN:
	case EINTR:
	case ECONNABORTED:
	case ENETDOWN:
	case EPROTO:
	case ENOPROTOOPT:
	case EHOSTDOWN:
	case ENONET:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case ETIMEDOUT:
		return true;
	default:
		return false;
	}
}

/* False: there was none, or no means to take it. */
static bool
accept_one(struct acceptor *a, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0) {
		admit(a, fd);
		return true;
	}
	if (errno == EINVAL) /* shut down: the order to drain will follow */
		pause_listening(a);
	else if (!is_of_one_client(errno))
		accept_failed(a, listener, errno);
	return false;
}

/* One each time: the other workers have been woken for the next. */
static void
on_listener(struct io_watch *watch)
{
	(void)accept_one(watch->owner, watch->fd);
}

static void
empty_inbox(struct acceptor *a, int most)
{
	int fd;

	for (int i = 0; i < most && has_room(a); i++) {
		switch (balancer_receive(
		    a->options.balancer, &fd, a->options.spare_fd)) {
		case BALANCER_RECEIVED:
			serve(a, fd);
			break;
		case BALANCER_LOST:
			stats_add(shard(a), STATS_ACCEPT_ERRORS, 1);
			count_without_descriptor(a);
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
acceptor_open(struct acceptor *a, const struct acceptor_options *options,
    struct errmsg *e)
{
	int error;

	ASSERT(options->serve != NULL && options->spare_fd != NULL);
	*a = (struct acceptor){ .options = *options, .state = ACCEPTOR_READY };
	a->inbox.owner = a;
	for (int i = 0; i < LISTENERS_MAX; i++)
		a->listeners[i].owner = a;
	error = watch(a);
	if (error != 0)
		return errmsg_set_errno(e, -error, "worker: epoll_ctl");
	return 0;
}

void
acceptor_turn(struct acceptor *a)
{
	switch (a->state) {
	case ACCEPTOR_READY:
		break;
	case ACCEPTOR_PAUSED:
		resume(a);
		break;
	case ACCEPTOR_FULL:
		if (has_room(a))
			resume(a);
		break;
	case ACCEPTOR_CLOSED:
		(void)watch(a); /* in case it failed before */
		break;
	}
}

int64_t
acceptor_wait_ns(const struct acceptor *a)
{
	int64_t left_ns = a->resume_ns - a->options.loop->now_ns;

	switch (a->state) {
	case ACCEPTOR_PAUSED:
		return left_ns > 0 ? left_ns : 0;
	case ACCEPTOR_CLOSED:
		return a->inbox.io != NULL ? -1 : pause_ns;
	case ACCEPTOR_READY:
	case ACCEPTOR_FULL:
		break;
	}
	return -1;
}

void
acceptor_accept_waiting(struct acceptor *a)
{
	const struct listeners *l = a->options.listeners;

	for (int i = 0; i < l->count; i++)
		for (int n = 0; n < LAST_BATCH; n++)
			if (a->state != ACCEPTOR_READY ||
			    !accept_one(a, l->fds[i]))
				break;
}

void
acceptor_close(struct acceptor *a)
{
	if (a->state != ACCEPTOR_CLOSED)
		(void)enter(a, ACCEPTOR_CLOSED);
	listeners_close(a->options.listeners);
	empty_inbox(a, INT_MAX);
}

void
acceptor_fini(struct acceptor *a)
{
	io_watch_remove(&a->inbox);
	stop_listening(a);
}
