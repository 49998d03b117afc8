/*
 * resize: more and fewer workers while the server runs.
 *
 * Owns:	nothing; it works on the slots of struct workers.
 * Use:
 *	resize_up(&workers);
 *	... each second: resize_look(&workers, clock_now_ns());
 */
#ifndef SERVER_MASTER_RESIZE_H
#define SERVER_MASTER_RESIZE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"

struct workers;

/* Workers that are to serve: those that drain do not count. */
unsigned resize_count(const struct workers *w);

/* Slots that are nobody's. */
unsigned resize_count_free(const struct workers *w);

/* One more, in the first free slot. Its number, or -1 with the reason. */
int resize_add(struct workers *w, struct errmsg *e);

/*
 * SIGTTIN and SIGTTOU: one more, or one fewer, which drains and must be gone by
 * then. Tells the log what came of it; nothing does while all drain.
 */
void resize_up(struct workers *w);
void resize_down(struct workers *w, int64_t by_ns);

/* The first ones, so many; where none can be started, workers fail. */
void resize_start(struct workers *w, unsigned count);
/* Whether there is one that is not to serve any more. */
bool resize_has_old(const struct workers *w);
/* Those of an earlier program leave; how many they are. */
unsigned resize_let_old_go(struct workers *w, int64_t by_ns);

/* Tells a worker to leave, for good. */
void resize_let_go(struct workers *w, unsigned index, int64_t by_ns);

/*
 * Kills those that are to leave and do not, and hands connections that came
 * too late to one that has left to others.
 */
void resize_look(struct workers *w, int64_t now_ns);

#endif
