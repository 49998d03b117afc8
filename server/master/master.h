/*
 * master: the process that binds, forks, watches and ends everything.
 *
 * It waits in one poll(2) over a signalfd, the terminal (when interactive) and
 * the workers' control sockets, and touches no connection:
 *
 *	INT, TERM	drain, print the totals, leave; a second one: at once
 *	QUIT		kill the workers, leave
 *	HUP		read the file of options and the credentials again
 *	USR1		totals to the log
 *	USR2		become a new program, if one comes up
 *	TTIN, TTOU	one worker more; one fewer, which drains
 *	CHLD		replace the dead worker, or notice that one is stopped
 *	most others	are ignored (signals_ignore_strays)
 */
#ifndef SERVER_MASTER_MASTER_H
#define SERVER_MASTER_MASTER_H

#include "common/base/errmsg.h"

struct config;

/* What master_run returns after SIGQUIT. */
enum {
	MASTER_QUIT = 3
};

/*
 * The server's whole life; config gets what reloads take. 0 when it drained, 1
 * when it had to be forced, MASTER_QUIT; -1 with a message when it could not
 * start.
 */
int master_run(struct config *config, struct errmsg *e);

#endif
