/*
 * credentials: what the master does with key files.
 *
 * It alone reads them. What it found good goes into a sealed memfd, which
 * workers read; beside that memfd the master keeps no copy of a key.
 *
 * Use:
 *	fd = credentials_load(&config, -1, &e);
 *	... on SIGHUP: new_fd = credentials_load(&config, fd, &e);
 */
#ifndef SERVER_CREDENTIALS_H
#define SERVER_CREDENTIALS_H

#include "common/errmsg.h"

struct config;

/*
 * Reads the files and checks them: key and certificate belong together, today
 * is within the certificate's dates. The key for session tickets is taken from
 * previous_fd, so that tickets survive a reload; -1: a new one is made. Returns
 * the descriptor of a sealed tls_bundle, or -1.
 */
int credentials_load(
    const struct config *config, int previous_fd, struct errmsg *e);

#endif
