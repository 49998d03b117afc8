/*
 * inherited: listening sockets that whoever started the server has opened, by
 * the protocol of sd_listen_fds(3): LISTEN_FDS descriptors from 3 on, for the
 * process LISTEN_PID, with names LISTEN_FDNAMES. The variables are removed.
 *
 * Owns:	the descriptors that nobody has taken, until inherited_close.
 * Errors:	-1 and a message that names the variable.
 * Use:
 *	if (inherited_open(&in, &e) < 0) ...
 *	fd = inherited_take(&in, &addr);
 *	inherited_close(&in);
 */
#ifndef SERVER_INHERITED_H
#define SERVER_INHERITED_H

#include "common/base/errmsg.h"
#include "common/sys/addr.h"

enum {
	INHERITED_FIRST_FD = 3,
	INHERITED_MAX = 64,
	INHERITED_NAME = 255 /* bytes of a name at most (sd_notify(3)) */
};

struct inherited {
	int fds[INHERITED_MAX]; /* -1: taken */
	int count;
	/* LISTEN_FDNAMES, with a colon at both ends. */
	char names[INHERITED_MAX * (INHERITED_NAME + 1) + 2];
};

/*
 * How the master names a listener that its service manager is to keep: its
 * address, with _ for the colons, which a name must not have.
 */
const char *inherited_name(int fd, char text[static ADDR_TEXT]);

/* None at all is fine. Makes them non-blocking and close-on-exec. */
int inherited_open(struct inherited *in, struct errmsg *e);

/* The caller's from now on: bound to this address, or -1. */
int inherited_take(struct inherited *in, const struct addr *addr);
/* Any; -1: there are no more. */
int inherited_take_any(struct inherited *in);

/*
 * Closes those that are left, each with a warning; for good if the manager
 * keeps it for this server only: a client would wait there for nobody.
 */
void inherited_close(struct inherited *in);

#endif
