/*
 * listener: the socket of --http.
 *
 * Owns:	the descriptor is the caller's.
 * Use:
 *	fd = listener_open(":9464", &addr, &e);
 */
#ifndef TOOLS_HTTP_LISTENER_H
#define TOOLS_HTTP_LISTENER_H

#include <stdbool.h>

#include "common/sys/addr.h"

/*
 * Listens at the first address that the text stands for (sys/addr.h), or at
 * 127.0.0.1 when it has no host; "*" is every address. *addr is the address
 * with the port that it got. -1 with the reason.
 */
int listener_open(const char *text, struct addr *addr, struct errmsg *e);

/* Can only this host reach it? */
bool listener_is_loopback(const struct addr *addr);

#endif
