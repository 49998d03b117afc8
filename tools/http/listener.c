/* listener: socket, bind, listen; see the header. */
#include "tools/http/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	BACKLOG = 256,
	TEXT = ADDR_HOST + ADDR_PORT + 4
};

/* Without a host, that of the loopback interface is meant. */
static int
resolve(struct addr_list *list, const char *text, struct errmsg *e)
{
	char host[ADDR_HOST];
	char port[ADDR_PORT];
	char local[TEXT];

	if (addr_split(text, host, port, e) < 0)
		return -1;
	if (host[0] != '\0')
		return addr_resolve(list, text, ADDR_TO_LISTEN, e);
	(void)snprintf(local, sizeof local, "127.0.0.1:%s", port);
	return addr_resolve(list, local, ADDR_TO_LISTEN, e);
}

/* A descriptor, or -1 with errno. */
static int
listen_at(const struct addr *addr)
{
	int family = addr->storage.ss_family;
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof 1);
	if (bind(fd, (const struct sockaddr *)&addr->storage, addr->len) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	error = errno;
	(void)close(fd);
	errno = error;
	return -1;
}

int
listener_open(const char *text, struct addr *addr, struct errmsg *e)
{
	struct addr_list list;
	int fd;

	if (resolve(&list, text, e) < 0)
		return errmsg_prepend(e, "--http");
	fd = listen_at(&list.of[0]);
	if (fd < 0)
		return errmsg_set_errno(e, errno, "--http: %s", text);
	addr_of_socket(addr, fd);
	return fd;
}

bool
listener_is_loopback(const struct addr *addr)
{
	const struct sockaddr_in *v4 = (const void *)&addr->storage;
	const struct sockaddr_in6 *v6 = (const void *)&addr->storage;

	switch (addr->storage.ss_family) {
	case AF_INET:
		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	case AF_INET6:
		return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
	default:
		return false;
	}
}
