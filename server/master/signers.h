/*
 * signers: the master's side of the processes that have the private keys
 * (signer/signer.h): one for the keys of today, which is replaced when it dies;
 * those of earlier keys, which leave by themselves.
 *
 * The master has no key in its memory: a child reads the files
 * (master/credentials.h) and seals the keys in a memfd, of which each process
 * is made anew.
 *
 * Owns:	struct signer: process, control socket, memfd.
 * Use:
 *	if (signer_start(&next, &config, &e) < 0 ||
 *	    signer_await_ready(&next, &e) < 0) ...
 *	signers_use(&signers, &next);
 *	... on SIGCHLD: signers_on_child(&signers, pid, status) ...
 */
#ifndef SERVER_MASTER_SIGNERS_H
#define SERVER_MASTER_SIGNERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/errmsg.h"

struct config;
struct stats_shard;

struct signer {
	uint64_t keys_id; /* 0: there is none, the workers have the keys */
	int keys_fd;      /* a sealed bundle of keys */
	int control_fd;
	pid_t pid; /* 0: it is dead */
	int64_t started_ns;
};

#define SIGNER_INIT                             \
	{                                       \
		.keys_fd = -1, .control_fd = -1 \
	}

enum {
	SIGNERS_RETIRED = 16 /* more are left to themselves */
};

struct signers {
	struct signer now;
	int64_t restart_ns; /* start again then; 0: it lives */
	unsigned deaths;    /* in a row */
	pid_t retired[SIGNERS_RETIRED];
};

/* Forks one; what has keys_fd may have had another. */
int signer_start(
    struct signer *s, const struct config *config, struct errmsg *e);

/* Until it serves, 10 s at most; -1 with what it says, or how it ended. */
int signer_await_ready(struct signer *s, struct errmsg *e);

/* A new connection to it, or -1. */
int signer_connect(const struct signer *s, struct errmsg *e);

/* Kills it, waits for it, and closes all; harmless if there is none. */
void signer_end(struct signer *s);

/* In a child of the master's that needs nothing of it. */
void signer_close(struct signer *s);

/* Becomes that of today; the one before leaves when nobody uses it. */
void signers_use(struct signers *s, const struct signer *next);

/*
 * Whether this child of the master's is one of them, and what has become of it,
 * which goes to the log. One that is missed is planned anew: at once, or after
 * a wait that doubles with each death in a row.
 */
bool signers_on_child(struct signers *s, pid_t pid, int status);

/* If it is due, starts it: true. *wait_ns: how long until then, or -1. */
bool signers_restart(struct signers *s, const struct config *config,
    int64_t now_ns, int64_t *wait_ns);

/* When no worker is left: kills what is. */
void signers_end(struct signers *s);

#endif
