/*
 * password: passwords in files, since a command line is everyone's to read.
 *
 * Owns:	the caller frees the bytes (file_bytes_free), which clears them.
 * Use:
 *	struct file_bytes password = FILE_BYTES_INIT;
 *	if (password_read(&password, options->password_file, &e) < 0) ...
 */
#ifndef CERTS_PASSWORD_H
#define CERTS_PASSWORD_H

#include "common/base/errmsg.h"
#include "common/sys/file.h"

/* The first line, with a NUL after it; fails if it is empty. */
int password_read(struct file_bytes *out, const char *path, struct errmsg *e);

#endif
