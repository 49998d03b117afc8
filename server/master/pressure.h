/*
 * pressure: whether memory is short around the server, whatever it takes itself
 * (that is memory.h): then workers refuse new connections, as they see by the
 * gauge `memory_pressure`.
 *
 * Two things tell it. The kernel: tasks have waited for memory 200 ms of 2 s,
 * for which a trigger is set and polled (accounting/psi.rst), on the server's
 * own control group, where some task has to wait, or else on the machine, where
 * all have to while less than a tenth is available: tasks that wait within a
 * limit of another group count there, too. And the limits memory.max and
 * memory.high of the group or of one above it: of one of them less than a
 * twentieth is left, not counting pages of files that nobody uses.
 *
 * Begin and end are logged. It ends when no trigger has fired for 4 s and a
 * tenth of each limit is left.
 *
 * Owns:	the trigger.
 * Use:
 *	pressure_open(&p, config);
 *	... poll pressure_fd(&p) for POLLPRI ...
 *	pressure_note(&p, revents, now_ns);
 *	wait_ns = pressure_turn(&p, shard, now_ns);
 */
#ifndef SERVER_MASTER_PRESSURE_H
#define SERVER_MASTER_PRESSURE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/sys/cgroup.h"

struct config;
struct stats_shard;

enum {
	PRESSURE_TEXT = 2 * CGROUP_PATH + 256
};

struct pressure {
	bool is_off;           /* --memory-pressure off */
	char dir[CGROUP_PATH]; /* the group; "": not to be seen */
	char file[CGROUP_PATH + 32];
	const char *machine;    /* "/proc", if the trigger is the machine's */
	int fd;                 /* the trigger in file; -1: none */
	int error;              /* why there is none */
	int64_t waits_until_ns; /* tasks have waited; 0: not lately */
	int64_t began_ns;       /* 0: memory is not short */
};

#define PRESSURE_INIT    \
	{                \
		.fd = -1 \
	}

/* Never fails: what the system does not have is not watched. */
void pressure_open(struct pressure *p, const struct config *config);
void pressure_close(struct pressure *p);

/* A line where waits cannot be watched, though they should be. */
void pressure_log(const struct pressure *p);

/* For poll(2), which passes over -1. */
int pressure_fd(const struct pressure *p);

/* It was reported: POLLPRI, or POLLERR when the group has gone. */
void pressure_note(struct pressure *p, int events, int64_t now_ns);

/* Sets the gauge, logs what has changed; how long until the next time. */
int64_t pressure_turn(
    struct pressure *p, struct stats_shard *shard, int64_t now_ns);

/* What is watched, in words. */
const char *pressure_describe(
    const struct pressure *p, char text[static PRESSURE_TEXT]);

#endif
