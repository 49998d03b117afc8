/*
 * store: the directory of an authority, and several files written as one.
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
	STORE_READ,   /* no lock: files are replaced whole */
	STORE_WRITE,  /* waits until no other writer is left */
	STORE_CREATE, /* the same; makes the directory, 0700, if missing */
};

struct store;

struct store_file {
	char name[STORE_NAME_SIZE];     /* in the directory */
	const struct file_bytes *bytes; /* NULL: there must be no such file */
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

/* Fails if one of the files exists, or if one is no regular file. */
int store_check(const struct store *s, const struct store_file *files,
    size_t count, bool overwrite, struct errmsg *e);

/*
 * Writes all of the files or none: first all beside their places, then all into
 * place. Without overwrite, nothing is touched if one of them exists.
 */
int store_write(struct store *s, const struct store_file *files, size_t count,
    bool overwrite, struct errmsg *e);

/* Makes the names of files that were written survive a power cut. */
int store_sync(struct store *s, struct errmsg *e);

#endif
