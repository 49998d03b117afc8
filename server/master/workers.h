/*
 * workers: the master's side of its worker processes.
 *
 * A worker that dies is replaced in the same slot (master/slot.h). Their life,
 * which is also the master's:
 *
 *	STARTING, TAKING_OVER -> SERVING -> DRAINING
 *	    '----------'-------------------^
 *
 * The first two end when all are ready for the first time. A worker that does
 * not start makes the whole server fail while STARTING; later, or while those
 * of the program before serve, it is tried again; while DRAINING none is
 * replaced.
 *
 * Owns:	processes, control sockets, inboxes, credentials, who signs.
 * Borrows:	config, listeners, segment.
 * Use:
 *	workers_init(&workers, &setup, &e);
 *	... poll(2) on what workers_poll fills in, then workers_listen,
 *	    and workers_reap on SIGCHLD ...
 *	workers_fini(&workers);
 */
#ifndef SERVER_MASTER_WORKERS_H
#define SERVER_MASTER_WORKERS_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/inbox.h"
#include "server/master/signers.h"
#include "server/master/slot.h"

struct credentials;
struct handover;
struct limits;
struct listeners;
struct master;
struct stats_shm;

struct workers_setup {
	const struct config *config;
	struct listeners *listeners;
	struct stats_shm *stats;
	struct stats_shm **old_stats; /* the master's, while it has one */
	struct limits *limits;        /* or NULL */
	int credentials_fd;           /* becomes the struct's, as: */
	struct signer signer;
	int ready_fd; /* workers close it; see workers_close_ready_fd */
	/* In a worker: closes what is the master's (master/descriptors.h). */
	void (*enter_worker)(const struct master *m, unsigned index);
	const struct master *master;
	const struct handover *handover; /* whose workers go on meanwhile */
};

enum workers_state {
	WORKERS_STARTING,
	WORKERS_TAKING_OVER, /* from the program before this one */
	WORKERS_SERVING,
	WORKERS_DRAINING
};

struct workers {
	struct workers_setup setup;
	unsigned slot_count;
	struct inbox inboxes[CONFIG_SLOTS_MAX];
	struct worker_slot slots[CONFIG_SLOTS_MAX];
	struct signers signers;
	int64_t supply_ns; /* send to who lacks it then; 0: nobody does */
	enum workers_state state;
	bool failed;
	pid_t other_pid; /* a child that is no worker; 0: none is waited for */
	bool other_has_ended;
	int other_status;
};

/* To be followed by workers_fini, even when it fails. */
int workers_init(
    struct workers *w, const struct workers_setup *setup, struct errmsg *e);
/* Harmless when all zero. After signers_end. */
void workers_fini(struct workers *w);

/* Forks one in a slot that is free. */
void workers_start_one(struct workers *w, unsigned index);

/* Fills one entry a slot; -1 descriptors are ignored by poll(2). */
void workers_poll(const struct workers *w, struct pollfd *fds);
/* Reads a report. True when it was the last to get ready: all serve. */
bool workers_listen(struct workers *w, unsigned index);
/* Plans to replace the dead, and notices who has stopped; on SIGCHLD. */
void workers_reap(struct workers *w);

/*
 * Starts those that are due; how long until the next is, or -1. Also looks for
 * those that stand still, and so should be called each second.
 */
int64_t workers_restart(struct workers *w, int64_t now_ns);

bool workers_are_draining(const struct workers *w);
/* One could not start, or had to be killed. */
bool workers_have_failed(const struct workers *w);
unsigned workers_alive(const struct workers *w);
struct stats_slot *workers_stats(const struct workers *w, unsigned index);
/* A sealed tls_bundle, which the struct owns. */
int workers_credentials(const struct workers *w);
/* Hands out new credentials, which become the struct's, and a log level. */
void workers_reload(struct workers *w, const struct credentials *credentials,
    enum log_level level);
/* Once: its number may be another descriptor's afterwards. */
void workers_close_ready_fd(struct workers *w);
/* No more connections; be gone by then. Once. */
void workers_drain(struct workers *w, int64_t by_ns);
void workers_kill(struct workers *w);

#endif
