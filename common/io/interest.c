/* interest: which events of a socket the kernel watches for; epoll_ctl(2). */
#include <errno.h>

#include "common/base/assertion.h"
#include "common/io/private.h"

int
io_interest_add(struct io_sock *sock, int fd)
{
	struct epoll_event event = { .events = io_interest_wanted(sock) };

	event.data.ptr = &sock->source;
	if (epoll_ctl(sock->io->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		return -errno;
	sock->interest = event.events;
	return 0;
}

void
io_interest_rearm(struct io_sock *sock)
{
	struct epoll_event event = { .events = io_interest_wanted(sock) };

	ASSERT(sock->fd >= 0);
	event.data.ptr = &sock->source;
	if (epoll_ctl(sock->io->epoll_fd, EPOLL_CTL_MOD, sock->fd, &event) == 0)
		sock->interest = event.events;
}

void
io_interest_remove(struct io_sock *sock)
{
	(void)epoll_ctl(sock->io->epoll_fd, EPOLL_CTL_DEL, sock->fd, NULL);
}
