/* io_sock: sockets of the poll loop; see io.h. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "common/addr.h"
#include "common/assertion.h"
#include "common/io.h"
#include "common/io_private.h"

enum {
	IOV_MAX_CHUNKS = 16
};

static uint32_t
wanted_events(const struct io_sock *sock)
{
	uint32_t events = 0;

	if (!sock->rx_paused && !sock->rx_ended && !sock->connecting)
		events |= EPOLLIN;
	if (sock->tx_blocked || sock->connecting)
		events |= EPOLLOUT;
	return events;
}

/* Tells the kernel only what has changed. Fails when there is no memory. */
static void
update_interest(struct io_sock *sock)
{
	struct epoll_event event = { .events = wanted_events(sock) };

	if (sock->fd < 0 || event.events == sock->interest)
		return;
	event.data.ptr = &sock->source;
	if (epoll_ctl(sock->io->epoll_fd, EPOLL_CTL_MOD, sock->fd, &event) == 0)
		sock->interest = event.events; /* else tried again */
}

static void
mark_dirty(struct io_sock *sock)
{
	if (list_empty(&sock->dirty_link))
		list_append(&sock->io->dirty, &sock->dirty_link);
}

static int
pending_error(const struct io_sock *sock)
{
	int error = 0;
	socklen_t len = sizeof error;

	if (getsockopt(sock->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		return errno;
	return error;
}

static void
finish_connect(struct io_sock *sock)
{
	int error = pending_error(sock);

	if (error != 0) {
		sock->ops->failed(sock, error);
		return;
	}
	sock->connecting = false;
	update_interest(sock);
	sock->ops->connected(sock);
}

static void
receive(struct io_sock *sock)
{
	struct io *io = sock->io;
	ssize_t n = recv(sock->fd, io->rx, sizeof io->rx, 0);

	io->tally.recv_calls++;
	if (n > 0) {
		io->tally.bytes_received += (uint64_t)n;
		sock->ops->received(sock, io->rx, (size_t)n);
	} else if (n == 0) {
		sock->rx_ended = true;
		update_interest(sock);
		if (sock->tx_error != 0)
			sock->ops->failed(sock, sock->tx_error);
		else
			sock->ops->received(sock, io->rx, 0);
	} else if (errno != EAGAIN && errno != EINTR) {
		sock->ops->failed(sock, errno);
	}
}

static void
sock_ready(struct io_source *source, uint32_t events)
{
	struct io_sock *sock = LIST_OWNER(source, struct io_sock, source);
	int error;

	if (sock->fd < 0)
		return; /* closed earlier in this turn */
	if (sock->connecting) {
		finish_connect(sock);
		return;
	}
	if (events & EPOLLOUT) {
		sock->tx_blocked = false;
		mark_dirty(sock);
	}
	if (!sock->rx_paused && !sock->rx_ended) {
		if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
			receive(sock);
		return;
	}
	/* Reported whether asked for or not: nobody is going to read it. */
	if (events & (EPOLLHUP | EPOLLERR)) {
		error = pending_error(sock);
		sock->ops->failed(sock, error != 0 ? error : ECONNRESET);
	}
}

void
io_sock_init(struct io_sock *sock)
{
	*sock = (struct io_sock){ .fd = -1 };
	list_init(&sock->dirty_link);
}

/* Everything but what is queued, which moves with the socket. */
static int
enter_loop(
    struct io *io, struct io_sock *sock, const struct io_sock_ops *ops, int fd)
{
	struct epoll_event event;

	sock->source.ready = sock_ready;
	sock->ops = ops;
	sock->io = io;
	sock->interest = wanted_events(sock);
	event.events = sock->interest;
	event.data.ptr = &sock->source;
	if (epoll_ctl(io->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		return -errno;
	sock->fd = fd;
	return 0;
}

int
io_sock_attach(
    struct io *io, struct io_sock *sock, const struct io_sock_ops *ops, int fd)
{
	int error = enter_loop(io, sock, ops, fd);

	if (error == 0 && (sock->tx_queued > 0 || sock->tx_ending))
		mark_dirty(sock);
	return error;
}

int
io_sock_connect(struct io *io, struct io_sock *sock,
    const struct io_sock_ops *ops, const struct addr *addr)
{
	const int on = 1;
	int error;
	int fd = socket(addr->storage.ss_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(fd, (const struct sockaddr *)&addr->storage, addr->len) <
		0 &&
	    errno != EINPROGRESS) {
		error = -errno;
	} else {
		sock->connecting = true;
		error = enter_loop(io, sock, ops, fd);
	}
	if (error != 0)
		(void)close(fd);
	return error;
}

int
io_sock_detach(struct io_sock *sock)
{
	int fd = sock->fd;

	list_remove(&sock->dirty_link);
	(void)epoll_ctl(sock->io->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
	sock->fd = -1;
	sock->io = NULL;
	return fd;
}

static void
drop_queue(struct io_sock *sock)
{
	struct io_chunk *chunk;

	while ((chunk = sock->tx_first) != NULL) {
		sock->tx_first = chunk->next;
		io_chunk_put(sock->io, chunk);
	}
	sock->tx_last = NULL;
	sock->tx_queued = 0;
}

void
io_sock_close(struct io_sock *sock)
{
	list_remove(&sock->dirty_link);
	drop_queue(sock);
	if (sock->fd < 0)
		return;
	/*
	 * A close takes it out of the epoll set only when nobody else has it
	 * open: the process that handed it over may not have closed it yet.
	 */
	(void)epoll_ctl(sock->io->epoll_fd, EPOLL_CTL_DEL, sock->fd, NULL);
	(void)close(sock->fd);
	sock->fd = -1;
}

void
io_sock_reset(struct io_sock *sock)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	(void)setsockopt(sock->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	io_sock_close(sock);
}

void
io_rx_pause(struct io_sock *sock)
{
	sock->rx_paused = true;
	update_interest(sock);
}

void
io_rx_resume(struct io_sock *sock)
{
	sock->rx_paused = false;
	update_interest(sock);
}

uint8_t *
io_tx_room(struct io_sock *sock, size_t *room)
{
	struct io_chunk *last = sock->tx_last;

	if (last == NULL || last->end == IO_CHUNK_SIZE) {
		last = io_chunk_get(sock->io);
		if (last == NULL) {
			*room = 0;
			return NULL;
		}
		if (sock->tx_last == NULL)
			sock->tx_first = last;
		else
			sock->tx_last->next = last;
		sock->tx_last = last;
	}
	*room = IO_CHUNK_SIZE - last->end;
	return last->bytes + last->end;
}

void
io_tx_commit(struct io_sock *sock, size_t n)
{
	ASSERT(
	    sock->tx_last != NULL && n <= IO_CHUNK_SIZE - sock->tx_last->end);
	sock->tx_last->end += (uint32_t)n;
	sock->tx_queued += n;
	if (!sock->tx_blocked)
		mark_dirty(sock);
}

void
io_tx_end(struct io_sock *sock)
{
	sock->tx_ending = true;
	if (!sock->tx_blocked)
		mark_dirty(sock);
}

static ssize_t
send_several(const struct io_sock *sock)
{
	struct iovec iov[IOV_MAX_CHUNKS];
	struct msghdr message = { .msg_iov = iov };
	struct io_chunk *chunk = sock->tx_first;

	for (size_t i = 0; chunk != NULL && i < IOV_MAX_CHUNKS; i++) {
		iov[i].iov_base = chunk->bytes + chunk->begin;
		iov[i].iov_len = chunk->end - chunk->begin;
		message.msg_iovlen = i + 1;
		chunk = chunk->next;
	}
	return sendmsg(sock->fd, &message, MSG_NOSIGNAL);
}

/* One system call for as much as 16 chunks; mostly it is one. */
static ssize_t
send_chunks(struct io_sock *sock)
{
	const struct io_chunk *first = sock->tx_first;

	sock->io->tally.send_calls++;
	if (first->next != NULL)
		return send_several(sock);
	return send(sock->fd, first->bytes + first->begin,
	    first->end - first->begin, MSG_NOSIGNAL);
}

static void
drop_sent(struct io_sock *sock, size_t n)
{
	sock->io->tally.bytes_sent += n;
	sock->tx_queued -= n;
	while (n > 0) {
		struct io_chunk *first = sock->tx_first;
		size_t in_first;

		ASSERT(first != NULL); /* no more is sent than was queued */
		in_first = first->end - first->begin;
		if (n < in_first) {
			first->begin += (uint32_t)n;
			return;
		}
		n -= in_first;
		sock->tx_first = first->next;
		if (sock->tx_first == NULL)
			sock->tx_last = NULL;
		io_chunk_put(sock->io, first);
	}
}

/*
 * A peer that hung up may have said why before: what it sent is read first, and
 * the end of that stream is then the failure.
 */
static void
send_failed(struct io_sock *sock, int error)
{
	bool read_first = (error == EPIPE || error == ECONNRESET) &&
	    !sock->rx_paused && !sock->rx_ended;

	drop_queue(sock);
	sock->tx_error = error;
	sock->tx_blocked = false;
	if (!read_first)
		sock->ops->failed(sock, error);
}

/*
 * False when something is left (the kernel's buffer is full, or more than 16
 * chunks were queued: EPOLLOUT tells) and when the socket has failed.
 */
static bool
send_queue(struct io_sock *sock)
{
	ssize_t n = send_chunks(sock);

	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		send_failed(sock, errno);
		return false;
	}
	if (n > 0)
		drop_sent(sock, (size_t)n);
	sock->tx_blocked = sock->tx_queued > 0;
	update_interest(sock);
	return !sock->tx_blocked;
}

void
io_sock_flush(struct io_sock *sock)
{
	bool said = sock->tx_queued > 0 || sock->tx_ending;

	if (sock->tx_error != 0) {
		drop_queue(sock);
		return;
	}
	if (sock->tx_queued > 0 && !send_queue(sock))
		return;
	if (sock->tx_ending) {
		sock->tx_ending = false;
		(void)shutdown(sock->fd, SHUT_WR);
	}
	if (said)
		sock->ops->drained(sock);
}
