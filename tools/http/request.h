/*
 * request: what a request asks for, and whether it may; knows no library.
 *
 * Use:
 *	if (!request_host_is_local(host, "localhost")) ...
 *	switch (request_route(path)) ...
 */
#ifndef TOOLS_HTTP_REQUEST_H
#define TOOLS_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

enum request_route {
	REQUEST_NOT_FOUND,
	REQUEST_PAGE,
	REQUEST_HEALTH,
	REQUEST_METRICS,
	REQUEST_STATS,
	REQUEST_CONNECTIONS,
	REQUEST_EVENTS,
};

/* Of a path as it stands in the request, without the query. */
enum request_route request_route(const char *path);

/*
 * Does a Host field (RFC 9110, 7.2) name this host's loopback interface:
 * localhost, 127.0.0.0/8 or [::1], with any port, or the host that was given to
 * --http? A page of another site can make a browser send requests here under a
 * name of that site's (DNS rebinding), and would read the answers. A request
 * without Host, NULL here, comes from no browser.
 */
bool request_host_is_local(const char *host, const char *given);

/* A decimal number from min to max; false when it is anything else. */
bool request_number(const char *text, size_t min, size_t max, size_t *number);

#endif
