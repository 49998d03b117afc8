/*
 * store: the directory of an authority, and sets of files written into it.
 *
 * Owns:	a descriptor of the directory, which carries the lock (flock(2))
 *		that keeps writers of one directory apart.
 * Borrows:	the directory's name.
 * Errors:	-1 and a line that names the file.
 * Use:
 *	struct store *store;
 *	struct store_file files[2] = { ... };
 *	if (store_open(&store, "pki", STORE_WRITE, &e) < 0) ...
 *	if (store_write(store, files, 2, false, &e) < 0) ...
 *	store_close(&store);
 */
#ifndef CERTS_STORE_H
#define CERTS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/base/errmsg.h"
#include "common/sys/file.h"

enum {
	STORE_PATH_SIZE = 1024,
	STORE_NAME_SIZE = 240
};

enum store_use {
	/*
	 * No lock: each file is read old or new, never in part, but two files
	 * may differ in age.
	 */
	STORE_READ,
	STORE_WRITE,  /* waits until no other writer is left */
	STORE_CREATE, /* the same; makes the directory, 0700, if missing;
			 store_close removes it if nothing was written */
};

struct store;

struct store_file {
	char name[STORE_NAME_SIZE]; /* no path, and not ".new", ".ready" */
	/* Not empty; NULL: remove the file if it exists. */
	const struct file_bytes *bytes;
	mode_t mode;
};

int store_open(
    struct store **out, const char *dir, enum store_use use, struct errmsg *e);
void store_close(struct store **s);

const char *store_dir(const struct store *s);

/* "DIR/name" */
int store_path(const struct store *s, const char *name,
    char path[static STORE_PATH_SIZE], struct errmsg *e);

bool store_has(const struct store *s, const char *name);

int store_read(const struct store *s, const char *name, struct file_bytes *out,
    struct errmsg *e);

/* Fails if one is not a regular file or, without overwrite, if one exists. */
int store_check(const struct store *s, const struct store_file *files,
    size_t count, bool overwrite, struct errmsg *e);

/*
 * Not with STORE_READ. Checks as above, then stages all files before it
 * replaces any. Where an error while renaming, or a kill, leaves some replaced,
 * the next store_open for writing replaces the others.
 */
int store_write(struct store *s, const struct store_file *files, size_t count,
    bool overwrite, struct errmsg *e);

/* Whether some of a set are replaced, and others are not, or not yet. */
bool store_is_unfinished(const struct store *s);

/* Makes what store_write did to the directory survive a power cut. */
int store_sync(struct store *s, struct errmsg *e);

#endif
