/* sock: sockets of the poll loop, and what they receive; see the header. */
#include "common/io/sock.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/io/private.h"
#include "common/sys/addr.h"
#include "common/sys/keepalive.h"
#include "common/sys/sources.h"

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
	io_interest_update(sock);
	sock->ops->connected(sock);
}

/*
 * One recv a turn, however much there is, so that no socket keeps the others
 * waiting. A recv that fills less than the buffer has emptied the socket, and
 * what comes from then on is a new edge; a FIN that had come before it is not.
 */
static void
receive(struct io_sock *sock, uint32_t events)
{
	struct io *io = sock->io;
	ssize_t n = recv(sock->fd, io->rx, sizeof io->rx, 0);

	io->counters.recv_calls++;
	if (n > 0) {
		if (n == sizeof io->rx || (events & ~(uint32_t)EPOLLIN) != 0)
			io_interest_rearm(sock);
		io->counters.bytes_received += (uint64_t)n;
		sock->ops->received(sock, io->rx, (size_t)n);
	} else if (n == 0) {
		sock->rx_ended = true;
		io_interest_update(sock);
		if (sock->tx_error != 0)
			sock->ops->failed(sock, sock->tx_error);
		else
			sock->ops->received(sock, io->rx, 0);
	} else if (errno != EAGAIN && errno != EINTR) {
		sock->ops->failed(sock, errno);
	}
}

/*
 * EPOLLHUP and EPOLLERR are reported whether asked for or not, and nobody is
 * going to read now. When both sides have sent FIN that is no failure: what the
 * peer said before is still there, and is read when receiving goes on.
 */
static void
hung_up(struct io_sock *sock)
{
	int error = pending_error(sock);

	if (error != 0 || sock->rx_ended)
		sock->ops->failed(sock, error != 0 ? error : ECONNRESET);
}

static void
sock_ready(struct io_source *source, uint32_t events)
{
	struct io_sock *sock = CONTAINER_OF(source, struct io_sock, source);

	if (sock->fd < 0)
		return; /* closed earlier in this turn */
	if (sock->connecting) {
		finish_connect(sock);
		return;
	}
	if (events & EPOLLOUT) {
		sock->tx_blocked = false;
		io_mark_dirty(sock);
	}
	if (!sock->rx_paused && !sock->rx_ended) {
		if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
			receive(sock, events);
		return;
	}
	if (events & (EPOLLHUP | EPOLLERR))
		hung_up(sock);
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
	int error;

	ASSERT(sock->fd < 0 && fd >= 0 && ops != NULL);
	sock->source.ready = sock_ready;
	sock->ops = ops;
	sock->io = io;
	error = io_interest_add(sock, fd);
	if (error == 0)
		sock->fd = fd;
	return error;
}

int
io_sock_attach(
    struct io *io, struct io_sock *sock, const struct io_sock_ops *ops, int fd)
{
	int error = enter_loop(io, sock, ops, fd);

	if (error == 0 && (sock->tx_queued > 0 || sock->tx_ending))
		io_mark_dirty(sock);
	return error;
}

int
io_sock_connect(struct io *io, struct io_sock *sock,
    const struct io_sock_ops *ops, const struct addr *addr,
    const union addr_peer *source, const struct keepalive *keepalive)
{
	const int on = 1;
	int error = 0;
	int fd = socket(addr->storage.ss_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (keepalive != NULL)
		keepalive_apply(keepalive, fd);
	if (source != NULL)
		error = sources_bind(fd, source);
	if (error == 0 &&
	    connect(fd, (const struct sockaddr *)&addr->storage, addr->len) <
		0 &&
	    errno != EINPROGRESS)
		error = -errno;
	if (error == 0) {
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

	ASSERT(fd >= 0);
	list_remove(&sock->dirty_link);
	io_interest_remove(sock);
	sock->fd = -1;
	sock->io = NULL;
	return fd;
}

void
io_sock_close(struct io_sock *sock)
{
	list_remove(&sock->dirty_link);
	io_tx_drop(sock);
	if (sock->fd < 0)
		return;
	/*
	 * A close takes it out of the epoll set only when nobody else has it
	 * open: the process that handed it over may not have closed it yet.
	 */
	io_interest_remove(sock);
	(void)close(sock->fd);
	sock->fd = -1;
}

void
io_sock_reset(struct io_sock *sock)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	ASSERT(sock->fd >= 0);
	(void)setsockopt(sock->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	io_sock_close(sock);
}

void
io_sock_acknowledge(struct io_sock *sock)
{
	const int on = 1;

	ASSERT(sock->fd >= 0);
	(void)setsockopt(sock->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

void
io_rx_pause(struct io_sock *sock)
{
	sock->rx_paused = true;
	io_interest_update(sock);
}

void
io_rx_resume(struct io_sock *sock)
{
	sock->rx_paused = false;
	io_interest_update(sock);
}
