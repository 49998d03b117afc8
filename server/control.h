/*
 * control: what master and worker say to each other (over fd_open_pair).
 *
 * End of file, on either side, is a message, too: the other one has died.
 *
 * Owns:	nothing; descriptors that arrive are the receiver's.
 * Use:
 *	control_send(fd, &(struct control){ .kind = CONTROL_READY });
 *	switch (control_receive(fd, &message, &spare)) ...
 */
#ifndef SERVER_CONTROL_H
#define SERVER_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/sys/log.h"

enum control_kind {
	/* To a worker: new credentials (fd: a sealed tls_bundle). */
	CONTROL_RELOAD,
	/* To a worker: take no more connections, be gone by drain_by_ns. */
	CONTROL_DRAIN,
	/* From a worker: it accepts connections. */
	CONTROL_READY,
	/*
	 * From a worker: the credentials are in use; or why they are not, and
	 * then the master kills it.
	 */
	CONTROL_RELOADED,
	CONTROL_REFUSED,
};

/*
 * A worker may be of another release than the master (master/upgrade.h), so
 * kinds and members are only ever added at the end; what a shorter message
 * lacks is 0.
 */
struct control {
	enum control_kind kind;
	int fd;                   /* RELOAD: credentials (-1: lost) */
	enum log_level log_level; /* RELOAD */
	int64_t drain_by_ns;      /* DRAIN: CLOCK_MONOTONIC */
	struct errmsg why;        /* REFUSED */
	/* DRAIN: there is no hurry, who is quiet may stay until then, too. */
	bool is_patient;
};

enum control_result {
	CONTROL_GOT,
	CONTROL_NOTHING,
	CONTROL_GONE
};

/* 0, or -errno. The descriptor in it is copied, not given away. */
int control_send(int fd, const struct control *message);

/*
 * For a RELOAD, spare makes room when there is no descriptor left: see
 * fdpass_receive_with_spare. NULL for the master, which gets none.
 */
enum control_result control_receive(
    int fd, struct control *message, int *spare);

#endif
