/* intake: accept, placement, and when to pause; see the header. */
#include "server/intake.h"

#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/stats.h"
#include "server/config.h"
#include "server/fdpass.h"

enum {
	INBOX_BATCH = 32,
};

static const int64_t pause_ns = 100 * CLOCK_NS_PER_MS;

static struct stats_lane *
lane(const struct intake *in)
{
	return in->with.loop->lane;
}

static bool
has_room(const struct intake *in)
{
	uint64_t max = in->with.config->max_handshaking;

	return max == 0 || in->closed || conn_loop_count(in->with.loop) < max;
}

static void
stop_listening(struct intake *in)
{
	for (int i = 0; i < in->with.listeners->count; i++)
		io_watch_remove(&in->listeners[i]);
}

static void on_listener(struct io_watch *watch);
static void on_inbox(struct io_watch *watch);

/* Watches what is not yet watched. 0 or -errno. */
static int
watch_all(struct intake *in)
{
	const struct listeners *l = in->with.listeners;
	const struct placement *p = in->with.placement;
	struct io *io = in->with.loop->io;
	int error = 0;

	if (in->inbox.io == NULL)
		error = io_watch_add(
		    io, &in->inbox, p->inboxes->rx[p->self], on_inbox);
	for (int i = 0; i < l->count && error == 0; i++)
		if (in->listeners[i].io == NULL)
			error = io_watch_add_exclusive(
			    io, &in->listeners[i], l->fds[i], on_listener);
	return error;
}

/* Nothing is watched then, or a level-triggered loop would spin. */
static void
pause_if_full(struct intake *in)
{
	if (in->full || has_room(in))
		return;
	in->full = true;
	placement_set_full(in->with.placement, true);
	stop_listening(in);
	io_watch_remove(&in->inbox);
	stats_add(lane(in), STATS_HANDSHAKING_PAUSES, 1);
}

static void
serve(struct intake *in, int fd)
{
	in->with.serve(in->with.owner, fd);
	pause_if_full(in);
}

static void
admit(struct intake *in, int fd)
{
	struct placement *p = in->with.placement;
	uint64_t max = in->with.config->max_connections;
	unsigned target = placement_choose(p);

	if (max > 0 && placement_open_everywhere(p) > max) {
		stats_add(lane(in), STATS_REFUSED, 1);
		(void)close(fd);
		placement_take_back(p, target);
		return;
	}
	if (target == p->self || placement_hand_over(p, target, fd) != 0)
		serve(in, fd);
	else
		stats_add(lane(in), STATS_PLACED_ELSEWHERE, 1);
}

/*
 * No descriptors, or no memory. With the spare descriptor the client that waits
 * is told at once; then nothing is accepted for a moment.
 */
static void
accept_failed(struct intake *in, int listener, int error)
{
	struct placement *p = in->with.placement;
	struct errmsg e;
	int fd;

	stats_add(lane(in), STATS_ACCEPT_ERRORS, 1);
	(void)errmsg_set_errno(&e, error, "accept");
	log_warn("%s: accepting again in 100 ms", e.text);
	if (error == EMFILE && p->spare_fd >= 0) {
		(void)close(p->spare_fd);
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			(void)close(fd);
		p->spare_fd = -1;
		fdpass_keep_spare(&p->spare_fd);
	}
	stop_listening(in);
	in->resume_ns = io_now_ns(in->with.loop->io) + pause_ns;
}

/* One a wake-up: the other workers have been woken for the next. */
static void
on_listener(struct io_watch *watch)
{
	struct intake *in = watch->owner;
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
empty_inbox(struct intake *in, int most)
{
	int fd;

	for (int i = 0; i < most && has_room(in); i++) {
		switch (placement_take(in->with.placement, &fd)) {
		case PLACEMENT_TAKEN:
			serve(in, fd);
			break;
		case PLACEMENT_LOST:
			stats_add(lane(in), STATS_ACCEPT_ERRORS, 1);
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

int
intake_open(
    struct intake *in, const struct intake_options *options, struct errmsg *e)
{
	int error;

	*in = (struct intake){ .with = *options };
	in->inbox.owner = in;
	for (int i = 0; i < LISTENERS_MAX; i++)
		in->listeners[i].owner = in;
	error = watch_all(in);
	if (error != 0)
		return errmsg_set_errno(e, -error, "worker: epoll_ctl");
	return 0;
}

void
intake_turn(struct intake *in)
{
	int64_t now_ns = in->with.loop->now_ns;

	if (in->full && has_room(in)) {
		in->full = false;
		placement_set_full(in->with.placement, false);
		in->resume_ns = now_ns;
	}
	if (in->full || in->resume_ns == 0 || now_ns < in->resume_ns)
		return;
	in->resume_ns = watch_all(in) == 0 ? 0 : now_ns + pause_ns;
}

int64_t
intake_wait_ns(const struct intake *in)
{
	int64_t now_ns = in->with.loop->now_ns;

	if (in->full || in->resume_ns == 0)
		return -1;
	return in->resume_ns > now_ns ? in->resume_ns - now_ns : 0;
}

void
intake_close(struct intake *in)
{
	stop_listening(in);
	listeners_close(in->with.listeners);
	in->closed = true;
	empty_inbox(in, INT_MAX);
}

void
intake_fini(struct intake *in)
{
	io_watch_remove(&in->inbox);
	stop_listening(in);
}
