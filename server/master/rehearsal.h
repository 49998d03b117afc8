/*
 * rehearsal: a start that shows whether this program can take over from the
 * master that started it (master/upgrade.h): with the same options, but without
 * listeners, and with statistics of its own, of which it leaves nothing; where
 * it was killed, its master removes them.
 *
 * Use:
 *	if (rehearsal_is_asked_for()) {
 *		rehearsal_prepare(&config, &copy, &e);
 *		... start with the copy; when all are ready, drain ...
 *	}
 */
#ifndef SERVER_MASTER_REHEARSAL_H
#define SERVER_MASTER_REHEARSAL_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/base/errmsg.h"

struct config;

/* The exit status of one that went well, which other programs do not have. */
enum {
	REHEARSAL_PASSED = 79
};

/* In the master: for a child that it is about to fork; and no more. */
int rehearsal_ask(const struct config *config, struct errmsg *e);
void rehearsal_ask_no_more(void);

bool rehearsal_is_asked_for(void);

/*
 * The copy borrows what the config does. -1: an upgrade keeps an option as it
 * was in the master that asked, and here it is another.
 */
int rehearsal_prepare(
    const struct config *config, struct config *copy, struct errmsg *e);

/* In the master: what is left of one that has ended. */
void rehearsal_remove(pid_t pid);

#endif
