/*
 * file: whole files, read and written with the care that keys need.
 *
 * Owns:	struct file_bytes owns its memory; file_bytes_free clears it
 *		before it is freed. The functions that fill one expect it to be
 *		empty, and leave it empty when they fail.
 * Errors:	-1 and a line that names the file.
 * Use:
 *	struct file_bytes pem = FILE_BYTES_INIT;
 *	if (file_read(&pem, "server.key", FILE_MAX, &e) < 0) ...
 *	file_bytes_free(&pem);
 */
#ifndef COMMON_SYS_FILE_H
#define COMMON_SYS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/errmsg.h"

/* A limit for credentials; a CRL of 100,000 entries has 4 MB. */
enum {
	FILE_MAX = 64 << 20
};

struct file_bytes {
	uint8_t *data; /* size bytes and a NUL; NULL before and after use */
	size_t size;
};

#define FILE_BYTES_INIT                 \
	{                               \
		.data = NULL, .size = 0 \
	}

/* Files, pipes and devices, to their end; more than max bytes are refused. */
int file_read(
    struct file_bytes *out, const char *path, size_t max, struct errmsg *e);

/*
 * The first line of a file, without its LF or CR LF: a password. 1: there is no
 * line, as the file is empty.
 */
int file_read_line(struct file_bytes *out, const char *path, struct errmsg *e);

/*
 * -1 for a secret that too many can read. As with PostgreSQL's ssl_key_file: a
 * file of root's may be read by its group, which is how Kubernetes mounts a
 * Secret and Debian keeps keys for ssl-cert; any other is its owner's alone.
 * Only regular files matter.
 */
int file_check_private(const char *path, struct errmsg *e);

/*
 * Copies bytes to the end of those that are there, if any. 0, or -1 when there
 * is no memory: then nothing has changed.
 */
int file_bytes_append(struct file_bytes *b, const void *data, size_t size);

/* Clears and frees; the struct is empty afterwards. */
void file_bytes_free(struct file_bytes *b);

/*
 * Writes a new file of exactly this mode in path's directory, syncs and renames
 * it into place, so that a reader sees the old file or the new one, whole.
 * Without overwrite an existing path is an error and stays as it is; with it,
 * only a regular file is replaced.
 */
int file_write_atomically(const char *path, const void *data, size_t size,
    mode_t mode, bool overwrite, struct errmsg *e);

/*
 * -1 if file_write_atomically could not write this path with overwrite, as far
 * as can be told without writing. To be asked before work that takes long.
 */
int file_check_replaceable(const char *path, struct errmsg *e);

/* Writes all of it to a descriptor, however often that takes. 0 or -errno. */
int file_write_all(int fd, const void *data, size_t size);

#endif
