/* tcp: pairs of sockets on loopback; see the header. */
#include "tests/support/tcp.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/suite.h"

enum {
	WAIT_MS = 20000,
	QUEUED = 8 /* more than a queue of none takes */
};

bool
tcp_has_ipv6(void)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool has =
	    fd >= 0 && bind(fd, (const struct sockaddr *)&any, sizeof any) == 0;

	if (fd >= 0)
		(void)close(fd);
	if (!has)
		suite_skip("no IPv6 on this host");
	return has;
}

bool
tcp_has_localhost(void)
{
	struct addr_list list;
	struct errmsg e;

	if (addr_resolve(&list, "localhost:1", ADDR_TO_CONNECT, &e) == 0)
		return true;
	suite_skip("localhost does not resolve: add the line"
		   " \"127.0.0.1 localhost\" to /etc/hosts");
	return false;
}

void
tcp_set_nonblocking(int fd)
{
	ck_assert_int_eq(
	    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK), 0);
}

static int
listen_on(struct addr *addr, const void *any, socklen_t len)
{
	int family = ((const struct sockaddr *)any)->sa_family;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, any, len), 0);
	ck_assert_int_eq(listen(fd, SOMAXCONN), 0);
	tcp_set_nonblocking(fd);
	addr_of_socket(addr, fd);
	return fd;
}

int
tcp_listen(struct addr *addr)
{
	const struct sockaddr_in any = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };

	return listen_on(addr, &any, sizeof any);
}

int
tcp_listen_unix(struct addr *addr)
{
	const struct sockaddr_un any = { .sun_family = AF_UNIX };

	return listen_on(addr, &any, sizeof any.sun_family);
}

void
tcp_await(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	ck_assert_int_eq(poll(&p, 1, WAIT_MS), 1);
}

/* What listens there accepts nothing, and its queue is full. */
void
tcp_make_silent(struct addr *addr)
{
	int fd = tcp_listen(addr);

	ck_assert_int_eq(listen(fd, 0), 0);
	for (int i = 0; i < QUEUED; i++) {
		int client = socket(
		    AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		ck_assert(connect(client, (struct sockaddr *)&addr->storage,
			      addr->len) == 0 ||
		    errno == EINPROGRESS);
	}
}

int
tcp_accept(int listener)
{
	int fd;

	tcp_await(listener);
	fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	return fd;
}

void
tcp_pair(int fds[static 2])
{
	struct addr addr;
	int listener = tcp_listen(&addr);

	fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(fds[0], 0);
	ck_assert_int_eq(
	    connect(fds[0], (struct sockaddr *)&addr.storage, addr.len), 0);
	tcp_set_nonblocking(fds[0]);
	fds[1] = tcp_accept(listener);
	(void)close(listener);
}

void
tcp_narrow(int fd)
{
	const int smallest = 1; /* the kernel makes some KiB of it */

	ck_assert_int_eq(
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &smallest, sizeof smallest),
	    0);
}

void
tcp_narrow_pair(int fds[static 2])
{
	ck_assert_int_eq(
	    socketpair(
		AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds),
	    0);
	tcp_narrow(fds[0]);
	tcp_narrow(fds[1]);
}

void
tcp_reset(int fd)
{
	const struct linger none = { .l_onoff = 1, .l_linger = 0 };

	ck_assert_int_eq(
	    setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none), 0);
	(void)close(fd);
}

void
tcp_read(int fd, void *to, size_t n)
{
	uint8_t *at = to;

	while (n > 0) {
		ssize_t got;

		tcp_await(fd);
		got = recv(fd, at, n, 0);
		ck_assert_int_gt(got, 0);
		at += got;
		n -= (size_t)got;
	}
}
