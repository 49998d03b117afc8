/*
 * change: --reload-on-change: when to reload by itself: half a second after the
 * last change of a file that a reload reads, and five after the first.
 *
 * Owns:	a descriptor, the list.
 * Use:
 *	change_open(&change, &config, &e);
 *	... when change_fd is readable: change_note(&change, now_ns);
 *	if (change_is_due(&change, now_ns)) ... reload ...
 */
#ifndef SERVER_MASTER_CHANGE_H
#define SERVER_MASTER_CHANGE_H

#include "common/sys/file_watch.h"
#include "server/config.h"
#include "server/master/reloadable.h"

struct change_list {
	char *files[RELOADABLE_FILES_MAX];
	int count;
};

struct change {
	struct file_watch watch;
	struct change_list list;
	int64_t first_ns; /* of changes not looked at yet; 0: there are none */
	int64_t due_ns;
};

#define CHANGE_INIT                  \
	{                            \
		.watch = {.fd = -1 } \
	}

/* Without the option none of these does anything. */
int change_open(
    struct change *change, const struct config *config, struct errmsg *e);
/* Files as they are named by now; to be called before they are read. */
void change_follow(struct change *change, const struct config *config);
void change_close(struct change *change);

/* For poll(2); -1: nothing is watched. */
int change_fd(const struct change *change);
void change_note(struct change *change, int64_t now_ns);

/* Once for each change of the files; what else changed beside them is none. */
bool change_is_due(struct change *change, int64_t now_ns);
/* How long until change_is_due should be asked; -1: for ever. */
int64_t change_wait_ns(const struct change *change, int64_t now_ns);

#endif
