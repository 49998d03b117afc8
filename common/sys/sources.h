/*
 * sources: the local addresses that connections are made from.
 *
 * Text form: addresses and ranges of one family, separated by commas, such as
 * 127.0.0.2-127.0.0.9,127.0.1.1 or fd00::1-fd00::ff. They are literals without
 * a scope, so link-local addresses cannot be among them.
 *
 * Errors:	-1 and words that can follow "--bind: ".
 * Use:
 *	if (sources_parse(&sources, "127.0.0.2-127.0.0.9", &e) < 0 ||
 *	    sources_match(&sources, &servers, &e) < 0 ||
 *	    sources_check(&sources, &e) < 0) ...
 *	source = sources_turn(&sources, i);
 */
#ifndef COMMON_SYS_SOURCES_H
#define COMMON_SYS_SOURCES_H

#include <stddef.h>

#include "common/base/errmsg.h"
#include "common/sys/addr.h"

enum {
	SOURCES_MAX = 256
};

struct sources {
	union addr_peer of[SOURCES_MAX]; /* with port 0 */
	unsigned count;                  /* 0: the kernel chooses */
};

/* Replaces what sources held. */
int sources_parse(struct sources *sources, const char *text, struct errmsg *e);

/* Whether this machine has all of them, by binding a socket to each. */
int sources_check(const struct sources *sources, struct errmsg *e);

/* Drops the servers' addresses of the other family; -1 when none is left. */
int sources_match(
    const struct sources *sources, struct addr_list *servers, struct errmsg *e);

/* Number turn, over and over from the first; NULL when there are none. */
static inline const union addr_peer *
sources_turn(const struct sources *s, unsigned turn)
{
	return s->count > 0 ? &s->of[turn % s->count] : NULL;
}

/* Binds a socket that is to connect; its port is chosen then. 0 or -errno. */
int sources_bind(int fd, const union addr_peer *source);

#endif
