/*
 * slot: a place for a worker's process, and what the master knows of it.
 *
 * Its number is the process's for life: that of its counters, of its inbox and
 * of its CPU. It is wanted while a worker is to serve in it: then one that dies
 * is replaced, after a wait that doubles with each death in a row, from 100 ms
 * to 5 s. One that is told to leave drains, and its place is free afterwards.
 *
 *	free -> wanted -> leaving -> free
 *
 * Use:
 *	wait_ns = slot_plan_restart(slot, clock_now_ns());
 *	log_warn("worker %u %s", index, slot_last_words(slot, ..., text));
 */
#ifndef SERVER_MASTER_SLOT_H
#define SERVER_MASTER_SLOT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/clock.h"
#include "server/master/stall.h"

enum {
	SLOT_TEXT = 256
};

/* How long after the end of its drain time a worker is killed. */
#define SLOT_KILL_AFTER_NS (2 * CLOCK_NS_PER_S)

struct worker_slot {
	pid_t pid;         /* 0: no process */
	int control_fd;    /* the master's end, -1 without process */
	int supply_fd;     /* the same of server/supply.h */
	bool lacks_supply; /* gets a connection later */
	bool wanted;
	bool ready;     /* accepts connections */
	bool reloading; /* has not yet said what came of it */
	bool hung;      /* was killed for it: see master/watchdog.h */
	int64_t started_ns;
	int64_t restart_ns; /* start again then; 0: not waiting for it */
	int64_t kill_ns;    /* leaving: be gone by then; else 0 */
	unsigned deaths;    /* in a row */
	/* See master/watchdog.h: start of a turn that takes too long, and when
	 * it was first seen, or aborted. */
	int64_t long_turn_ns, seen_ns;
	struct stall stall;
};

/* Closes the master's ends, if there are any. */
void slot_close(struct worker_slot *slot);

/* Sets restart_ns, and counts the death; how long that is from now. */
int64_t slot_plan_restart(struct worker_slot *slot, int64_t now_ns);

/*
 * The end of a process that nobody had asked for, and what it was doing, such
 * as "killed by SIGSEGV after 3.2 s, with 4 connections, in a turn of its echo
 * loop for 1.1 ms"; to be called before the slot is cleared. Counts it by kind.
 */
const char *slot_last_words(const struct worker_slot *slot,
    struct stats_slot *stats, int status, char text[static SLOT_TEXT]);

#endif
