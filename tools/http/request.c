/* request: a table of paths, and the Host field; see the header. */
#include "tools/http/request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/sys/addr.h"

enum request_route
request_route(const char *path)
{
	static const struct {
		const char *path;
		enum request_route route;
	} routes[] = {
		{ "/", REQUEST_PAGE },
		{ "/healthz", REQUEST_HEALTH },
		{ "/metrics", REQUEST_METRICS },
		{ "/api/v1/stats.json", REQUEST_STATS },
		{ "/api/v1/connections", REQUEST_CONNECTIONS },
		{ "/api/v1/events", REQUEST_EVENTS },
	};

	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
		if (strcmp(path, routes[i].path) == 0)
			return routes[i].route;
	return REQUEST_NOT_FOUND;
}

/* Takes the port off, and brackets; false when it is no host. */
static bool
take_host(const char *text, char host[static ADDR_HOST])
{
	const char *end = text + strcspn(text, ":");
	size_t length;

	if (text[0] == '[') {
		end = strchr(++text, ']');
		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return false;
	}
	length = (size_t)(end - text);
	if (length == 0 || length >= ADDR_HOST)
		return false;
	memcpy(host, text, length);
	host[length] = '\0';
	return true;
}

bool
request_host_is_local(const char *text, const char *given)
{
	char host[ADDR_HOST];
	struct in6_addr v6;
	struct in_addr v4;

	if (text == NULL)
		return true;
	if (!take_host(text, host))
		return false;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &v6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&v6);
	return strcasecmp(host, "localhost") == 0 ||
	    (given[0] != '\0' && strcasecmp(host, given) == 0);
}

bool
request_number(const char *text, size_t min, size_t max, size_t *number)
{
	unsigned long long n;

	if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0')
		return false;
	errno = 0;
	n = strtoull(text, NULL, 10);
	if (errno != 0 || n < min || n > max)
		return false;
	*number = (size_t)n;
	return true;
}
