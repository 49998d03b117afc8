/*
 * watchdog: ends a worker that hangs in one turn of a loop for longer than
 * --watchdog allows: by SIGABRT, and a second later by SIGKILL. Its successor
 * is planned as for any that has died.
 *
 * A turn has to be seen twice: after a stop of the whole server the master may
 * look before its workers have gone on. One that a signal has stopped is left
 * alone.
 *
 * Use:
 *	... each second: watchdog_look(&slot, stats, index, limit_ns, now_ns);
 */
#ifndef SERVER_MASTER_WATCHDOG_H
#define SERVER_MASTER_WATCHDOG_H

#include <stdint.h>

struct stats_slot;
struct worker_slot;
struct workers;

/* limit_ns 0: never. */
void watchdog_look(struct worker_slot *slot, const struct stats_slot *stats,
    unsigned worker, int64_t limit_ns, int64_t now_ns);

/* The same for all slots, by their config. */
void watchdog_look_at_all(struct workers *w, int64_t now_ns);

#endif
