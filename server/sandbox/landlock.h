/*
 * landlock: takes files, outgoing connections and signals from a thread and all
 * that it starts from then on, for good; landlock(7).
 *
 * Use:
 *	abi = landlock_abi();
 *	if (abi > 0 && landlock_enter(abi, &e) < 0) ...
 */
#ifndef SERVER_SANDBOX_LANDLOCK_H
#define SERVER_SANDBOX_LANDLOCK_H

#include "common/base/errmsg.h"

/* The version of the kernel's interface, from 1; 0: there is none. */
int landlock_abi(void);

/*
 * From now on this thread opens, makes, renames, removes and executes no file;
 * descriptors that are open stay as they are. With ABI 4 it neither binds nor
 * connects TCP sockets; with ABI 6 it reaches no abstract unix socket and sends
 * no signal outside. Needs PR_SET_NO_NEW_PRIVS. -1 with an error.
 */
int landlock_enter(int abi, struct errmsg *e);

#endif
