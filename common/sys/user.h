/*
 * user: to give up root for good.
 *
 * Use:
 *	if (user_parse(&user, "tlsecho:ssl-cert", &e) < 0) ...
 *	... open what only root may open ...
 *	if (user_become(&user, &e) < 0) ...
 */
#ifndef COMMON_SYS_USER_H
#define COMMON_SYS_USER_H

#include <sys/types.h>

#include "common/base/errmsg.h"

struct user {
	const char *text; /* as it was given, borrowed; NULL: none */
	uid_t uid;        /* not 0 */
	gid_t gid;
};

/*
 * NAME or NAME:GROUP, each a name or a number; without GROUP the user's own.
 * -1 for one that there is not, and for root.
 */
int user_parse(struct user *user, const char *text, struct errmsg *e);

/* -1 if this process may not become that user: it is neither it nor root. */
int user_check(const struct user *user, struct errmsg *e);

/*
 * The real, effective and saved user and group of this process, which must have
 * one thread, are these from now on, and it has no other groups. -1 with an
 * error, also when it could become root again: then it must end.
 */
int user_become(const struct user *user, struct errmsg *e);

#endif
