/*
 * supervisor: the service manager above the master, and what it is told
 * (sd_notify(3)): READY, RELOADING, STOPPING, STATUS, WATCHDOG, and listeners
 * to keep (FDSTORE), so that the next server finds them in LISTEN_FDS.
 *
 * Where there is none, nothing happens.
 *
 * Owns:	a socket.
 * Borrows:	the workers.
 * Use:
 *	supervisor_open(&s, false);
 *	supervisor_tell_ready(&s, &listeners, count);
 *	... in each turn: wait_ns = supervisor_turn(&s, &workers, now_ns);
 */
#ifndef SERVER_MASTER_SUPERVISOR_H
#define SERVER_MASTER_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

#include "common/sys/notify.h"

struct listeners;
struct workers;

struct supervisor {
	struct notify notify;
	int64_t ping_each_ns; /* 0: it wants no WATCHDOG=1 */
	int64_t ping_ns;      /* when the next is due; 0: none */
	bool is_reloading;
	char status[256]; /* the last that it was told */
};

/*
 * Reads NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID; what is wrong is logged.
 * Whether workers serve already, as after an upgrade: all can be well before
 * there are new ones.
 */
void supervisor_open(struct supervisor *s, bool has_workers);
void supervisor_close(struct supervisor *s);
bool supervisor_exists(const struct supervisor *s);

void supervisor_tell_ready(struct supervisor *s,
    const struct listeners *listeners, const struct workers *workers);
/* So many workers serve now. */
void supervisor_tell_count(struct supervisor *s, const struct workers *workers);
/* A reload begins; supervisor_turn sees its end, when all workers have it. */
void supervisor_tell_reloading(struct supervisor *s);
/* Nothing is over before then. */
void supervisor_tell_stopping(struct supervisor *s, int64_t left_ns);

/*
 * Ends a reload, and says that all is well, as often as the manager wants it,
 * while the loops of a worker turn, or none is to serve. How long until the
 * next time, or -1.
 */
int64_t supervisor_turn(
    struct supervisor *s, const struct workers *workers, int64_t now_ns);

#endif
