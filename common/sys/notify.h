/*
 * notify: what a service tells its service manager, by the protocol of
 * sd_notify(3): a datagram of lines NAME=VALUE to the unix socket that the
 * variable NOTIFY_SOCKET names, a path or, after an @, an abstract name.
 *
 * Owns:	a socket.
 * Errors:	there may be nobody who listens: then nothing is sent. What is
 *		sent may be lost; the manager has timeouts for that.
 * Use:
 *	if (notify_open(&n, getenv("NOTIFY_SOCKET"), &e) < 0) ...
 *	notify_send(&n, "READY=1\nSTATUS=all is well");
 */
#ifndef COMMON_SYS_NOTIFY_H
#define COMMON_SYS_NOTIFY_H

#include <stdbool.h>

#include "common/base/errmsg.h"

struct notify {
	int fd; /* -1: there is no manager */
};

/* NULL or "": there is no manager. -1 for what is no such name. */
int notify_open(struct notify *n, const char *name, struct errmsg *e);
void notify_close(struct notify *n);

bool notify_is_open(const struct notify *n);

/* Waits a second at most for a manager that does not read. */
void notify_send(const struct notify *n, const char *text);
/* The same with a copy of a descriptor, as for FDSTORE=1. */
void notify_send_fd(const struct notify *n, const char *text, int fd);

#endif
