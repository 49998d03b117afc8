/*
 * id_files: the files of identities, before any of them is read: those of a
 * directory, or those that a list names; see identities.h.
 *
 * Owns:	names and paths, from id_files_read to id_files_free.
 * Errors:	-1 and a line that names directory or list, and the line in it.
 * Use:
 *	struct id_files files;
 *	if (id_files_read(&files, "ca/clients", &e) < 0) ...
 *	id_files_free(&files);
 */
#ifndef CLIENT_IDENTITIES_ID_FILES_H
#define CLIENT_IDENTITIES_ID_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/errmsg.h"

enum {
	IDENTITIES_MAX = 100000
};

struct id_file {
	char *name, *cert, *key;
	size_t line; /* of the list; 0: of a directory */
};

struct id_files {
	struct id_file *of; /* a directory's by name, a list's as they stand */
	unsigned count;
	unsigned size; /* how many there is room for */
	bool is_directory;
};

/*
 * At most IDENTITIES_MAX, no two of one name; empty after a failure. Of a
 * directory all that have a key, whatever they are for, which may be none.
 */
int id_files_read(struct id_files *files, const char *path, struct errmsg *e);

/* Harmless when all zero. */
void id_files_free(struct id_files *files);

#endif
