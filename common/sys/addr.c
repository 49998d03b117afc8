/* addr: getaddrinfo(3) and getnameinfo(3); see the header. */
#include "common/sys/addr.h"

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
split_error(const char *text, struct errmsg *e)
{
	return errmsg_set(
	    e, "'%s' is not an address: use HOST:PORT or [IPV6]:PORT", text);
}

int
addr_split(const char *text, char host[static ADDR_HOST],
    char port[static ADDR_PORT], struct errmsg *e)
{
	const char *begin = text;
	const char *end = strrchr(text, ':');
	const char *service = end != NULL ? end + 1 : NULL;

	if (end == NULL || *service == '\0')
		return split_error(text, e);
	if (*begin == '[') {
		begin++;
		end--;
		if (end <= begin || *end != ']')
			return split_error(text, e);
	} else if (memchr(begin, ':', (size_t)(end - begin)) != NULL) {
		return errmsg_set(e,
		    "'%s' is ambiguous: write an IPv6 address as [IPV6]:PORT",
		    text);
	}
	if (end - begin >= ADDR_HOST || strlen(service) >= 32)
		return split_error(text, e);
	memcpy(host, begin, (size_t)(end - begin));
	host[end - begin] = '\0';
	memcpy(port, service, strlen(service) + 1);
	return 0;
}

/* getaddrinfo(3) takes 65537 for 1, and leaves signs and blanks to strtoul. */
static int
check_port(
    const char *port, enum addr_use use, const char *text, struct errmsg *e)
{
	unsigned long min = use == ADDR_TO_CONNECT ? 1 : 0;
	unsigned long number;

	if (isalpha((unsigned char)port[0]))
		return 0;
	number = strtoul(port, NULL, 10);
	if (port[strspn(port, "0123456789")] != '\0' || number < min ||
	    number > 65535)
		return errmsg_set(e,
		    "'%s': the port is not a number from %lu to 65535", text,
		    min);
	return 0;
}

static int
split_and_check(const char *text, enum addr_use use,
    char host[static ADDR_HOST], char port[static ADDR_PORT], struct errmsg *e)
{
	if (addr_split(text, host, port, e) < 0)
		return -1;
	return check_port(port, use, text, e);
}

int
addr_check(const char *text, enum addr_use use, struct errmsg *e)
{
	char host[ADDR_HOST];
	char port[ADDR_PORT];

	return split_and_check(text, use, host, port, e);
}

/* error is getaddrinfo's. */
static int
resolve_error(const char *text, int error, struct errmsg *e)
{
	if (error == EAI_SYSTEM)
		return errmsg_set_errno(e, errno, "%s", text);
	return errmsg_set(e, "%s: %s", text, gai_strerror(error));
}

int
addr_resolve(struct addr_list *list, const char *text, enum addr_use use,
    struct errmsg *e)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = use == ADDR_TO_LISTEN ? AI_PASSIVE : 0 };
	struct addrinfo *found;
	char host[ADDR_HOST];
	char port[ADDR_PORT];
	int error;

	if (split_and_check(text, use, host, port, e) < 0)
		return -1;
	if (strcmp(host, "*") == 0)
		host[0] = '\0';
	if (host[0] == '\0' && use == ADDR_TO_CONNECT)
		return errmsg_set(e, "'%s' names no host", text);
	error =
	    getaddrinfo(host[0] != '\0' ? host : NULL, port, &hints, &found);
	if (error != 0)
		return resolve_error(text, error, e);
	list->count = 0;
	for (struct addrinfo *a = found;
	     a != NULL && list->count < ADDR_LIST_MAX; a = a->ai_next) {
		struct addr *addr = &list->of[list->count++];

		memset(addr, 0, sizeof *addr);
		memcpy(&addr->storage, a->ai_addr, a->ai_addrlen);
		addr->len = a->ai_addrlen;
	}
	freeaddrinfo(found);
	return 0;
}

const char *
addr_format(const struct addr *addr, char text[static ADDR_TEXT])
{
	char host[ADDR_TEXT - 10];
	char port[8];
	const char *shown = host;
	sa_family_t family = addr->storage.ss_family;

	if (addr->len == 0 || (family != AF_INET && family != AF_INET6) ||
	    getnameinfo((const struct sockaddr *)&addr->storage, addr->len,
		host, sizeof host, port, sizeof port,
		NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
		(void)snprintf(text, ADDR_TEXT, "unknown");
		return text;
	}
	if (strncmp(host, "::ffff:", 7) == 0 && strchr(host, '.') != NULL)
		shown += 7;
	(void)snprintf(text, ADDR_TEXT,
	    strchr(shown, ':') != NULL ? "[%s]:%s" : "%s:%s", shown, port);
	return text;
}

int
addr_port(const struct addr *addr)
{
	const void *p = &addr->storage;

	switch (addr->storage.ss_family) {
	case AF_INET:
		return ntohs(((const struct sockaddr_in *)p)->sin_port);
	case AF_INET6:
		return ntohs(((const struct sockaddr_in6 *)p)->sin6_port);
	default:
		return 0;
	}
}

void
addr_of_socket(struct addr *addr, int fd)
{
	addr->len = sizeof addr->storage;
	if (getsockname(fd, (struct sockaddr *)&addr->storage, &addr->len) != 0)
		memset(addr, 0, sizeof *addr);
}

void
addr_of_peer(union addr_peer *peer, int fd)
{
	socklen_t len = sizeof *peer;

	if (getpeername(fd, &peer->any, &len) != 0)
		memset(peer, 0, sizeof *peer);
}

const char *
addr_format_peer(const union addr_peer *peer, char text[static ADDR_TEXT])
{
	struct addr addr = { .len = sizeof *peer };

	memcpy(&addr.storage, peer, sizeof *peer);
	return addr_format(&addr, text);
}

void
addr_peer_bytes(
    const union addr_peer *peer, uint8_t address[static 16], uint16_t *port)
{
	memset(address, 0, 16);
	*port = 0;
	if (peer->any.sa_family == AF_INET) {
		address[10] = address[11] = 0xff;
		memcpy(address + 12, &peer->v4.sin_addr, 4);
		*port = ntohs(peer->v4.sin_port);
	} else if (peer->any.sa_family == AF_INET6) {
		memcpy(address, &peer->v6.sin6_addr, 16);
		*port = ntohs(peer->v6.sin6_port);
	}
}
