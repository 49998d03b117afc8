/*
 * rehearsal: a start that shows whether this program can take over from the
 * master that started it (master/upgrade.h): with the same options, but without
 * listeners, and with statistics of its own, of which it leaves nothing; where
 * it was killed, its master removes them.
 *
 * It reads ticket keys from its master's credentials, has as many descriptors
 * open as the master would have, and looks whether there is a name for another
 * segment if one is needed: what would fail after execve(2) fails here.
 *
 * Use:
 *	if (rehearsal_is_asked_for()) {
 *		rehearsal_prepare(&asked, &config, &copy, &e);
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

/* What the master that asks has; all 0, and -1, where it is one of before. */
struct rehearsal {
	const struct config *config;
	unsigned slots;
	unsigned descriptors; /* of the next program that a rehearsal lacks */
	int credentials_fd, segment_fd; /* which pass execve(2) */
};

/* In the child that becomes one: sets the environment. 0, or -1 with errno. */
int rehearsal_ask(const struct rehearsal *asked);

bool rehearsal_is_asked_for(void);

/*
 * The copy borrows what the config does. -1: an upgrade keeps an option as it
 * was in the master that asked, and here it is another; or what the master has
 * is of no use. asked->credentials_fd is the caller's. The log is text only
 * from now on, for the master.
 */
int rehearsal_prepare(struct rehearsal *asked, const struct config *config,
    struct config *copy, struct errmsg *e);

/* In the master: what is left of one that has ended. */
void rehearsal_remove(pid_t pid);

#endif
