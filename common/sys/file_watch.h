/*
 * file_watch: notices that files are replaced or written, by inotify(7) on
 * their directories, and on those of all symbolic links on the way to them: so
 * a rename over a file is seen, a write that ends, and a link that is turned to
 * another directory, as Kubernetes does it.
 *
 * Other files in the directories may change, too: only file_watch_has_changed
 * knows.
 *
 * Owns:	a descriptor, whose number stays the same.
 * Borrows:	the paths.
 * Limits:	file systems whose changes come from another machine, such as
 *		NFS, tell nothing.
 * Use:
 *	file_watch_open(&w, paths, count, &e);
 *	... when w.fd is readable: file_watch_drain(&w);
 *	... a little later: if (file_watch_has_changed(&w, &e)) ...
 */
#ifndef COMMON_SYS_FILE_WATCH_H
#define COMMON_SYS_FILE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"

struct file_watch {
	int fd; /* -1: closed */
	const char *const *paths;
	int count;
	uint64_t state; /* of all files together */
};

/* The files may be missing. 0, or -1 with a message. */
int file_watch_open(struct file_watch *w, const char *const *paths, int count,
    struct errmsg *e);
/* Other paths from now on; -1: still those of before. */
int file_watch_set(struct file_watch *w, const char *const *paths, int count,
    struct errmsg *e);
void file_watch_close(struct file_watch *w);

/* Reads what has come, and forgets it. */
void file_watch_drain(const struct file_watch *w);

/*
 * Whether a file is another one than at the last call, or was written, or its
 * owner or mode changed. Looks for the links anew, too; when that fails e has a
 * message, else it is "".
 */
bool file_watch_has_changed(struct file_watch *w, struct errmsg *e);

#endif
