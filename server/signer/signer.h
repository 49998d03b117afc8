/*
 * signer: the process that has the private keys, and signs for the workers, so
 * that none that reads from strangers has a key in its memory.
 *
 * The master starts one for each set of keys that it loads, and hands it the
 * ends of connections (creds/key_request.h) whose other ends workers get
 * (server/supply.h). It leaves by itself when all of them are closed and the
 * master hands out no more: workers that still shake hands with older keys keep
 * theirs. When the master has died it is gone within seconds.
 *
 * A few threads answer side by side, each connection in turn. They are in a
 * sandbox that is tighter than that of workers (sandbox/syscalls.h).
 *
 * Use:
 *	pid = child_fork(signer_run, &setup);
 */
#ifndef SERVER_SIGNER_SIGNER_H
#define SERVER_SIGNER_SIGNER_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/base/errmsg.h"

struct config;

struct signer_setup {
	const struct config *config;
	int keys_fd;    /* a sealed bundle of keys: tls_bundle_split */
	int control_fd; /* the process's end of fd_open_pair */
	pid_t master;
};

/* What it says to the master, once. */
struct signer_report {
	bool is_ready; /* or else why not, and then it ends */
	struct errmsg why;
};

/* The process's whole life, of a struct signer_setup: its exit status. It
 * closes all other descriptors. */
int signer_run(void *arg);

#endif
