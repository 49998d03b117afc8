/*
 * master: the process that binds, forks, watches and ends everything.
 *
 * It waits in one poll(2) over a signalfd, the terminal (when interactive) and
 * the workers' control sockets, and touches no connection:
 *
 *	INT, TERM	drain, print the totals, leave; a second one: at once
 *	HUP		read the credentials again; all or nothing
 *	CHLD		replace the dead worker, or notice that one is stopped
 *	most others	are ignored (signals_ignore_strays)
 */
#ifndef SERVER_MASTER_MASTER_H
#define SERVER_MASTER_MASTER_H

#include "common/base/errmsg.h"

struct config;

/* The server's whole life. 0 when it drained, 1 when it had to be forced. */
int master_run(const struct config *config, struct errmsg *e);

#endif
