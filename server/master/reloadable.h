/*
 * reloadable: what a reload takes: options, and the files that it reads; all
 * else is as it was at the start. One table, in which an option stands once for
 * each field that it sets.
 *
 * The manual page lists the same options (SIGHUP).
 */
#ifndef SERVER_MASTER_RELOADABLE_H
#define SERVER_MASTER_RELOADABLE_H

#include <stdbool.h>

#include "server/config.h"

enum {
	/* Lists of files, and five that stand alone. */
	RELOADABLE_FILES_MAX =
	    2 * TLS_KEY_PAIRS_MAX + TLS_CA_FILES_MAX + 2 * CONFIG_FILES_MAX + 5
};

bool reloadable_has(const struct args_option *option);

/* Copies these fields; what they point to stays the owner's. */
void reloadable_copy(struct config *to, const struct config *from);

/* The names of all files that are read again; how many there are. */
int reloadable_files(const struct config *config,
    const char *files[static RELOADABLE_FILES_MAX]);

#endif
