/*
 * listeners: the sockets that connections come in on, shared by all workers.
 *
 * Owns:	the descriptors.
 * Use:
 *	if (listeners_open(&listeners, &config, &e) < 0) ...
 *	listeners_describe(&listeners, text, sizeof text);
 */
#ifndef SERVER_LISTENERS_H
#define SERVER_LISTENERS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/errmsg.h"

struct config;

enum {
	LISTENERS_MAX = 64
};

struct listeners {
	int fds[LISTENERS_MAX]; /* non-blocking, close-on-exec */
	int count;
	/* Whoever started the server keeps them, too: listeners_shut_down then
	 * only closes them, and connections wait for the next server. */
	bool are_kept;
};

/*
 * Binds every address of every --listen; without one, all that is inherited
 * (server/inherited.h), or else [::]:4433 for both families, or 0.0.0.0:4433
 * and a line in the log where there is no IPv6. What is inherited and has one
 * of these addresses is not bound again.
 */
int listeners_open(
    struct listeners *listeners, const struct config *config, struct errmsg *e);

/*
 * -1 if listeners_open would fail; but an address that somebody else listens on
 * is fine. Nobody who connects meanwhile notices.
 */
int listeners_check(const struct config *config, struct errmsg *e);

void listeners_close(struct listeners *listeners);

/*
 * The same for all processes that share the sockets, even for one that is
 * stopped: the addresses are free.
 */
void listeners_shut_down(struct listeners *listeners);

/* "127.0.0.1:4433 [::1]:4433": what is bound, port 0 replaced. */
const char *listeners_describe(
    const struct listeners *listeners, char *text, size_t size);

#endif
