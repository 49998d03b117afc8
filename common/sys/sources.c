/* sources: bind(2) before connect(2), ip(7); see the header. */
#include "common/sys/sources.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The address proper, in network order, and its length. */
static uint8_t *
bytes_of(union addr_peer *addr, size_t *n)
{
	if (addr->any.sa_family == AF_INET) {
		*n = sizeof addr->v4.sin_addr;
		return (uint8_t *)&addr->v4.sin_addr;
	}
	*n = sizeof addr->v6.sin6_addr;
	return addr->v6.sin6_addr.s6_addr;
}

static int
parse_literal(union addr_peer *addr, const char *text, struct errmsg *e)
{
	sa_family_t family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	size_t n;

	memset(addr, 0, sizeof *addr);
	addr->any.sa_family = family;
	if (inet_pton(family, text, bytes_of(addr, &n)) != 1)
		return errmsg_set(
		    e, "'%s' is neither an IPv4 nor an IPv6 address", text);
	return 0;
}

static int
add(struct sources *s, const union addr_peer *addr, struct errmsg *e)
{
	if (s->count == SOURCES_MAX)
		return errmsg_set(e, "more than %d addresses", SOURCES_MAX);
	if (s->count > 0 && addr->any.sa_family != s->of[0].any.sa_family)
		return errmsg_set(e, "IPv4 and IPv6 exclude each other");
	s->of[s->count++] = *addr;
	return 0;
}

static int
add_range(struct sources *s, union addr_peer *first, union addr_peer *last,
    const char *range, struct errmsg *e)
{
	size_t n;
	const uint8_t *end = bytes_of(last, &n);
	uint8_t *next = bytes_of(first, &n);

	if (first->any.sa_family != last->any.sa_family)
		return errmsg_set(
		    e, "'%s' has ends of different families", range);
	if (memcmp(next, end, n) > 0)
		return errmsg_set(
		    e, "'%s': the larger address comes last", range);
	while (add(s, first, e) == 0) {
		if (memcmp(next, end, n) == 0)
			return 0;
		for (size_t i = n; ++next[--i] == 0;)
			continue;
	}
	return -1;
}

/* ADDRESS or FIRST-LAST. */
static int
parse_range(struct sources *s, const char *range, struct errmsg *e)
{
	char ends[2 * INET6_ADDRSTRLEN];
	union addr_peer first;
	union addr_peer last;
	char *dash;

	if (strlen(range) >= sizeof ends)
		return errmsg_set(e, "'%s' is too long", range);
	(void)strcpy(ends, range);
	dash = strchr(ends, '-');
	if (dash != NULL)
		*dash = '\0';
	if (parse_literal(&first, ends, e) < 0 ||
	    parse_literal(&last, dash != NULL ? dash + 1 : ends, e) < 0)
		return -1;
	return add_range(s, &first, &last, range, e);
}

int
sources_parse(struct sources *s, const char *text, struct errmsg *e)
{
	char *words = strdup(text);
	char *rest = words;
	char *word;
	int result = 0;

	s->count = 0;
	if (words == NULL)
		return errmsg_set(e, "out of memory");
	while (result == 0 && (word = strsep(&rest, ",")) != NULL)
		result = parse_range(s, word, e);
	free(words);
	return result;
}

int
sources_bind(int fd, const union addr_peer *source)
{
	const int on = 1;
	socklen_t len = source->any.sa_family == AF_INET ? sizeof source->v4
							 : sizeof source->v6;

	/*
	 * Otherwise bind takes a port from all other connections of the
	 * machine, even of those to elsewhere. It holds for IPv6, too.
	 */
	(void)setsockopt(
	    fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
	return bind(fd, &source->any, len) == 0 ? 0 : -errno;
}

static int
check(union addr_peer source, struct errmsg *e)
{
	char text[INET6_ADDRSTRLEN];
	size_t n;
	int family = source.any.sa_family;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int error = fd < 0 ? -errno : sources_bind(fd, &source);

	if (fd >= 0)
		(void)close(fd);
	if (error == 0)
		return 0;
	(void)inet_ntop(family, bytes_of(&source, &n), text, sizeof text);
	if (error == -EADDRNOTAVAIL)
		return errmsg_set(
		    e, "%s is not an address of this machine", text);
	return errmsg_set_errno(e, -error, "%s", text);
}

int
sources_check(const struct sources *s, struct errmsg *e)
{
	int result = 0;

	for (unsigned i = 0; i < s->count && result == 0; i++)
		result = check(s->of[i], e);
	return result;
}

int
sources_match(
    const struct sources *s, struct addr_list *servers, struct errmsg *e)
{
	sa_family_t family = s->of[0].any.sa_family;
	int kept = 0;

	if (s->count == 0)
		return 0;
	for (int i = 0; i < servers->count; i++)
		if (servers->of[i].storage.ss_family == family)
			servers->of[kept++] = servers->of[i];
	servers->count = kept;
	if (kept > 0)
		return 0;
	return errmsg_set(e, "the server has no IPv%c address",
	    family == AF_INET6 ? '6' : '4');
}
