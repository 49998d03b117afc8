/*
 * servers: the servers that are watched, by name or by pattern (glob(7)), and
 * what was last read of each.
 *
 * A server that was named is watched whether it is there or not. One that a
 * pattern found is forgotten a minute after its segment has gone.
 *
 * Owns:	sources, samples, histories; what it gives out is good until
 *		the next servers_sample.
 * Use:
 *	servers = servers_new(names, &e);
 *	servers_sample(servers);
 *	servers_free(&servers);
 */
#ifndef TOOLS_HTTP_SERVERS_H
#define TOOLS_HTTP_SERVERS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "tools/http/points.h"
#include "tools/sample/history.h"
#include "tools/sample/sample.h"
#include "tools/sample/source.h"

enum {
	SERVERS_MAX = 64
};

struct watched {
	char name[STATS_SHM_NAME];
	struct source *source;
	struct sample *now;    /* of the last interval; NULL: nobody there */
	struct sample *before; /* of the one before; NULL: not comparable */
	struct sample *fresh;  /* taken since, because somebody asked */
	struct history *history;
	struct points points;
	int64_t seen_ns; /* when it was last alive */
	bool is_named;
	bool is_there; /* a pattern has found its segment */
};

struct servers;

/* NULL with the reason: a name that cannot be one, no memory. Borrows names. */
struct servers *servers_new(const char *const *names, struct errmsg *e);
void servers_free(struct servers **servers);

/* Looks who is there, and takes a sample of each. */
void servers_sample(struct servers *servers);

unsigned servers_count(const struct servers *servers);
/* In the order of the alphabet. */
struct watched *servers_at(struct servers *servers, unsigned index);
/* NULL: the first that is alive, or else the first. NULL when there is none. */
struct watched *servers_find(struct servers *servers, const char *name);

/* A sample that is at most 100 ms old, or NULL: there is no server. */
const struct sample *servers_fresh(struct watched *w);

/* Is it alive, as far as a sample knows that may be NULL? */
bool servers_is_alive(const struct sample *s);

#endif
