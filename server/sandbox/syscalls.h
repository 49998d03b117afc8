/*
 * syscalls: the system calls that a process still needs once it serves; all
 * others fail with EPERM. seccomp(2), by libseccomp.
 *
 * Use:
 *	if (syscalls_can_be_filtered() &&
 *	    syscalls_filter(SYSCALLS_WORKER, &e) < 0) ...
 */
#ifndef SERVER_SANDBOX_SYSCALLS_H
#define SERVER_SANDBOX_SYSCALLS_H

#include <stdbool.h>

#include "common/base/errmsg.h"

enum syscalls_role {
	SYSCALLS_WORKER,
	SYSCALLS_SIGNER, /* messages over sockets that are there; memory */
	/* As a token's module may do anything: all but what nobody needs. */
	SYSCALLS_TOKEN,
};

/* The kernel has filters, and can put one on all threads at once (3.17). */
bool syscalls_can_be_filtered(void);

/*
 * For all threads of the process, for good. The kernel logs each call that it
 * refuses. No thread can be started any more. -1 with an error.
 */
int syscalls_filter(enum syscalls_role role, struct errmsg *e);

#endif
