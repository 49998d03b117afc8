/*
 * private: the master as its own files see it: master.c begins and ends it and
 * waits, orders.c does what it is told meanwhile.
 */
#ifndef SERVER_MASTER_PRIVATE_H
#define SERVER_MASTER_PRIVATE_H

#include "common/sys/keypress.h"
#include "server/listeners.h"
#include "server/logger/logger.h"
#include "server/master/change.h"
#include "server/master/expiry.h"
#include "server/master/handover.h"
#include "server/master/memory.h"
#include "server/master/pressure.h"
#include "server/master/refusals.h"
#include "server/master/supervisor.h"
#include "server/master/upgrade.h"
#include "server/master/workers.h"

struct limits;

struct master {
	struct config *config; /* reloads change it */
	struct logger logger;
	struct listeners listeners;
	struct stats_shm *stats;
	struct stats_shm *old_stats; /* see segment_take_over */
	struct limits *limits;       /* or NULL */
	struct workers workers;
	struct keypress keys;
	struct expiry expiry;
	struct refusals refusals;
	struct supervisor supervisor;
	struct change change;
	struct upgrade upgrade;
	struct handover handover; /* from the program before this one */
	int64_t look_ns;          /* when to look at limits that act */
	struct memory memory;
	struct pressure pressure;
	int64_t memory_ns; /* when to look at memory */
	int signal_fd;
	int64_t kill_ns;    /* while draining: when to kill the workers */
	bool has_quit;      /* SIGQUIT: nothing drained */
	bool rehearses;     /* serves nobody, and ends when it could */
	bool has_rehearsed; /* it could, however its workers end */
};

struct stats_shard *master_shard(const struct master *m);

/* Once; master_stop again ends it at once. */
void master_drain(struct master *m);
void master_stop(struct master *m);
void master_reload(struct master *m);

/* From the terminal of --interactive. 0, or -1 with a message. */
int master_open_keys(struct master *m, struct errmsg *e);

/* Does what the signals that have come ask for. */
void master_on_signals(struct master *m);

/* Kills workers that stay too long; how long until the next time, or -1. */
int64_t master_enforce_drain(struct master *m, int64_t now_ns);

#endif
