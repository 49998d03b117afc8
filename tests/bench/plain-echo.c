/*
 * plain-echo: the limit that servers are measured against: an echo over plain
 * TCP with nothing in it that an echo does not need. One epoll_wait for all
 * that is ready, one recv and one send for each echo; no TLS, no counters.
 *
 *	plain-echo WORKERS PORT
 *
 * It listens on 127.0.0.1 and runs until SIGTERM. The parent accepts and deals
 * connections out to the workers in turn, so those of one run are spread to
 * within one; while a run lasts it sleeps.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/units.h"
#include "common/sys/args.h"
#include "common/sys/child.h"
#include "common/sys/fdpass.h"

enum {
	EVENTS = 256,   /* as many as tlsecho-server asks for */
	BUFFER = 65536, /* bytes of one recv */
	BACKLOG = 4096,
	WORKERS_MAX = 64
};

struct link {
	uint8_t *rest; /* of an echo that the kernel did not take at once */
	size_t size, sent;
	int fd;
};

struct worker {
	int inboxes[WORKERS_MAX]; /* the parent's ends, up to our own */
	unsigned index;
	int inbox;
	int epoll_fd;
	uint8_t buffer[BUFFER];
};

static int
watch(const struct worker *w, int operation, int fd, uint32_t events,
    struct link *l)
{
	struct epoll_event event = { .events = events, .data.ptr = l };

	return epoll_ctl(w->epoll_fd, operation, fd, &event);
}

/*
 * Taken out by hand: the parent may not yet have closed its copy of a
 * descriptor that it has just sent, and until then epoll goes on to report it.
 */
static void
drop(struct worker *w, struct link *l)
{
	(void)watch(w, EPOLL_CTL_DEL, l->fd, 0, NULL);
	(void)close(l->fd);
	free(l->rest);
	free(l);
}

/* Nothing more is received until the rest has left: TCP slows the peer down. */
static bool
keep_rest(struct worker *w, struct link *l, size_t sent, size_t size)
{
	l->rest = malloc(size - sent);
	if (l->rest == NULL)
		return false;
	memcpy(l->rest, w->buffer + sent, size - sent);
	l->size = size - sent;
	l->sent = 0;
	return watch(w, EPOLL_CTL_MOD, l->fd, EPOLLOUT, l) == 0;
}

static bool
send_rest(struct worker *w, struct link *l)
{
	ssize_t n =
	    send(l->fd, l->rest + l->sent, l->size - l->sent, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN;
	l->sent += (size_t)n;
	if (l->sent < l->size)
		return true;
	free(l->rest);
	l->rest = NULL;
	return watch(w, EPOLL_CTL_MOD, l->fd, EPOLLIN, l) == 0;
}

static bool
echo(struct worker *w, struct link *l)
{
	ssize_t n = recv(l->fd, w->buffer, sizeof w->buffer, 0);
	ssize_t sent;

	if (n <= 0)
		return n < 0 && errno == EAGAIN;
	sent = send(l->fd, w->buffer, (size_t)n, MSG_NOSIGNAL);
	if (sent == n)
		return true;
	if (sent < 0 && errno != EAGAIN)
		return false;
	return keep_rest(w, l, sent < 0 ? 0 : (size_t)sent, (size_t)n);
}

static void
serve(struct worker *w, struct link *l)
{
	if (!(l->rest != NULL ? send_rest(w, l) : echo(w, l)))
		drop(w, l);
}

/* False when the parent is gone. */
static bool
take_over(struct worker *w)
{
	struct link *l;
	char byte;
	int fd;

	if (fdpass_receive(w->inbox, &byte, sizeof byte, &fd) == 0)
		return false;
	if (fd < 0)
		return true;
	l = calloc(1, sizeof *l);
	if (l == NULL) {
		(void)close(fd);
		return true;
	}
	l->fd = fd;
	if (watch(w, EPOLL_CTL_ADD, fd, EPOLLIN, l) < 0)
		drop(w, l);
	return true;
}

static int
run_worker(void *arg)
{
	struct worker *w = arg;
	struct epoll_event events[EVENTS];

	for (unsigned i = 0; i <= w->index; i++)
		(void)close(w->inboxes[i]);
	w->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (w->epoll_fd < 0 ||
	    watch(w, EPOLL_CTL_ADD, w->inbox, EPOLLIN, NULL) < 0)
		return 1;
	for (;;) {
		int count = epoll_wait(w->epoll_fd, events, EVENTS, -1);

		for (int i = 0; i < count; i++) {
			if (events[i].data.ptr != NULL)
				serve(w, events[i].data.ptr);
			else if (!take_over(w))
				return 0;
		}
	}
}

static int
fork_workers(int *inboxes, unsigned count, struct errmsg *e)
{
	static struct worker w;

	for (unsigned i = 0; i < count; i++) {
		int pair[2];
		pid_t pid;

		if (socketpair(
			AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
			return errmsg_set_errno(e, errno, "socketpair");
		inboxes[i] = pair[0];
		memcpy(w.inboxes, inboxes, sizeof w.inboxes);
		w.index = i;
		w.inbox = pair[1];
		pid = child_fork(run_worker, &w);
		(void)close(pair[1]);
		if (pid < 0)
			return errmsg_set_errno(e, -pid, "fork");
	}
	return 0;
}

/* The listener, or -1. TCP_NODELAY is inherited by what it accepts. */
static int
open_listener(uint16_t port, struct errmsg *e)
{
	const struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	/* SO_REUSEADDR: connections of the last run are still in TIME_WAIT. */
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
	    bind(fd, (const struct sockaddr *)&here, sizeof here) < 0 ||
	    listen(fd, BACKLOG) < 0)
		return errmsg_set_errno(e, errno, "127.0.0.1:%u", port);
	return fd;
}

/* Waits for room in the worker's inbox. */
static void
hand_over(int inbox, int fd)
{
	struct pollfd room = { .fd = inbox, .events = POLLOUT };

	while (fdpass_send(inbox, "", 1, fd) == -EAGAIN)
		(void)poll(&room, 1, -1);
	(void)close(fd);
}

/* For ever; a connection that cannot be accepted is tried again. */
static void
deal_out(int listener, const int *inboxes, unsigned workers)
{
	for (unsigned next = 0;; next = (next + 1) % workers) {
		int fd;

		do
			fd = accept4(
			    listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		while (fd < 0);
		hand_over(inboxes[next], fd);
	}
}

int
main(int argc, char **argv)
{
	int inboxes[WORKERS_MAX];
	struct errmsg e;
	uint64_t workers, port;
	int listener;

	if (argc != 3 || units_parse_count(argv[1], &workers, &e) < 0 ||
	    units_parse_count(argv[2], &port, &e) < 0 || workers < 1 ||
	    workers > WORKERS_MAX || port > UINT16_MAX) {
		fprintf(stderr,
		    "usage: plain-echo WORKERS PORT (at most %d workers)\n",
		    WORKERS_MAX);
		return ARGS_EXIT_USAGE;
	}
	if (fork_workers(inboxes, (unsigned)workers, &e) < 0 ||
	    (listener = open_listener((uint16_t)port, &e)) < 0) {
		fprintf(stderr, "plain-echo: %s\n", e.text);
		return ARGS_EXIT_FAILED;
	}
	deal_out(listener, inboxes, (unsigned)workers);
}
