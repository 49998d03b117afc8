/*
 * workers: the master's side of its worker processes.
 *
 * A worker that dies is replaced in the same slot; repeated deaths back off,
 * from 100 ms to 5 s. The slot's totals stay; what only the living can have
 * (open connections, load, state) is taken back before the next fork.
 *
 * Owns:	the processes, control sockets and inboxes.
 * Borrows:	config, listeners, segment.
 * Use:
 *	workers_init(&workers, &setup, &e);
 *	workers_start(&workers);
 *	... poll on workers_poll(), reap on SIGCHLD ...
 */
#ifndef SERVER_MASTER_WORKERS_H
#define SERVER_MASTER_WORKERS_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/errmsg.h"
#include "server/config.h"
#include "server/worker/balancer.h"

struct listeners;
struct stats_shm;

struct worker_slot {
	pid_t pid;      /* 0: no process */
	int control_fd; /* the master's end, -1 without process */
	bool ready;     /* accepts connections */
	int64_t started_ns;
	int64_t restart_ns; /* start again then; 0: not waiting for it */
	unsigned deaths;    /* in a row */
};

struct workers_setup {
	const struct config *config;
	struct listeners *listeners;
	struct stats_shm *stats;
	int credentials_fd; /* becomes the struct's */
	/* For workers to close; -1: none. The struct follows their closing. */
	int signal_fd;
	int ready_fd;
};

struct workers {
	struct workers_setup setup;
	struct inboxes inboxes;
	struct worker_slot slots[CONFIG_WORKERS_MAX];
	bool was_ready; /* all of them, once */
	bool draining;  /* no more restarts */
	bool failed;    /* one could not start, or had to be killed */
};

int workers_init(
    struct workers *w, const struct workers_setup *setup, struct errmsg *e);
void workers_fini(struct workers *w);

/* Forks all; a fork that fails is tried again later. */
void workers_start(struct workers *w);

/* Fills one entry a worker; -1 descriptors are ignored by poll(2). */
void workers_poll(const struct workers *w, struct pollfd *fds);

/* Reads what a worker has to say. */
void workers_listen(struct workers *w, unsigned index);

/* Collects the dead and plans their replacement; on SIGCHLD. */
void workers_reap(struct workers *w);

/* Starts those that are due; how long until the next is, or -1. */
int64_t workers_restart(struct workers *w, int64_t now_ns);

bool workers_all_ready(const struct workers *w);
unsigned workers_alive(const struct workers *w);

/* Hands out new credentials, and keeps them for restarts. */
void workers_reload(
    struct workers *w, int credentials_fd, enum log_level level);

void workers_drain(struct workers *w, int64_t by_ns);
void workers_kill(struct workers *w);

#endif
