/* file: reading and replacing whole files; see the header. */
#include "common/sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/assertion.h"

enum {
	FIRST_SIZE = 16384,
	PATH_ROOM = 4096,
	PIPE_PATIENCE_MS = 5000
};

/* realloc(3) would leave a copy of a key in memory: this clears it. */
static int
grow(struct file_bytes *b, size_t *room)
{
	size_t larger = *room == 0 ? FIRST_SIZE : 2 * *room;
	uint8_t *data = malloc(larger + 1);

	if (data == NULL)
		return -1;
	if (b->data != NULL) {
		memcpy(data, b->data, b->size);
		explicit_bzero(b->data, b->size);
		free(b->data);
	}
	b->data = data;
	*room = larger;
	return 0;
}

/*
 * Pipes and terminals only: waits for what is to be read, but not for ever, or
 * a FIFO without a writer would stop a server.
 */
static int
await_bytes(int fd, const char *path, struct errmsg *e)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int n;

	do
		n = poll(&ready, 1, PIPE_PATIENCE_MS);
	while (n < 0 && errno == EINTR);
	return n > 0
	    ? 0
	    : errmsg_set(e, "%s: nothing is written to this pipe", path);
}

static int
read_all(struct file_bytes *out, int fd, const char *path, size_t max,
    struct errmsg *e)
{
	size_t room = 0;
	ssize_t n;

	do {
		if (out->size == room && grow(out, &room) < 0)
			return errmsg_set(e, "%s: out of memory", path);
		n = read(fd, out->data + out->size, room - out->size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			if (await_bytes(fd, path, e) < 0)
				return -1;
			continue;
		}
		if (n < 0)
			return errmsg_set_errno(e, errno, "%s", path);
		out->size += (size_t)n;
		if (out->size > max)
			return errmsg_set(
			    e, "%s: larger than %zu bytes", path, max);
	} while (n != 0);
	out->data[out->size] = '\0';
	return 0;
}

int
file_read(
    struct file_bytes *out, const char *path, size_t max, struct errmsg *e)
{
	struct stat st;
	int result;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	ASSERT(out->data == NULL && out->size == 0);
	if (fd < 0)
		return errmsg_set_errno(e, errno, "%s", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		result = errmsg_set(e, "%s: is a directory", path);
	else if (!S_ISREG(st.st_mode) && await_bytes(fd, path, e) < 0)
		result = -1;
	else
		result = read_all(out, fd, path, max, e);
	(void)close(fd);
	if (result < 0)
		file_bytes_free(out);
	return result;
}

int
file_read_line(struct file_bytes *out, const char *path, struct errmsg *e)
{
	uint8_t *end;
	size_t size;
	bool is_empty;

	if (file_read(out, path, 1 << 16, e) < 0)
		return -1;
	is_empty = out->size == 0;
	end = memchr(out->data, '\n', out->size);
	size = end != NULL ? (size_t)(end - out->data) : out->size;
	if (size > 0 && out->data[size - 1] == '\r')
		size--;
	/* file_bytes_free clears size bytes only; the rest is cleared here. */
	explicit_bzero(out->data + size, out->size - size);
	out->size = size;
	return is_empty ? 1 : 0;
}

int
file_check_private(const char *path, struct errmsg *e)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errmsg_set_errno(e, errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return 0;
	if (st.st_uid == 0 && (st.st_mode & (S_IWGRP | S_IXGRP | S_IRWXO)) != 0)
		return errmsg_set(e,
		    "%s: more than root's and its group's to read (mode %03o): "
		    "chmod 640 %s",
		    path, (unsigned)st.st_mode & 0777, path);
	if (st.st_uid != 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return errmsg_set(e,
		    "%s: not its owner's alone (mode %03o): chmod 600 %s", path,
		    (unsigned)st.st_mode & 0777, path);
	return 0;
}

int
file_bytes_append(struct file_bytes *b, const void *data, size_t size)
{
	struct file_bytes longer = { .size = b->size + size };

	ASSERT((b->data != NULL || b->size == 0) && longer.size >= size);
	longer.data = malloc(longer.size + 1);
	if (longer.data == NULL)
		return -1;
	if (b->size > 0)
		memcpy(longer.data, b->data, b->size);
	if (size > 0)
		memcpy(longer.data + b->size, data, size);
	longer.data[longer.size] = '\0';
	file_bytes_free(b);
	*b = longer;
	return 0;
}

void
file_bytes_free(struct file_bytes *b)
{
	if (b->data != NULL)
		explicit_bzero(b->data, b->size);
	free(b->data);
	b->data = NULL;
	b->size = 0;
}

int
file_write_all(int fd, const void *data, size_t size)
{
	const char *from = data;

	while (size > 0) {
		ssize_t n = write(fd, from, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		from += n;
		size -= (size_t)n;
	}
	return 0;
}

/* 0 or -errno. */
static int
fill(int fd, const void *data, size_t size, mode_t mode)
{
	int error;

	if (fchmod(fd, mode) < 0)
		return -errno;
	error = file_write_all(fd, data, size);
	if (error != 0)
		return error;
	return fsync(fd) < 0 ? -errno : 0;
}

/* link(2) refuses to replace a name, rename(2) does replace it. 0 or -errno. */
static int
publish(const char *temporary, const char *path, bool overwrite)
{
	if (overwrite)
		return rename(temporary, path) < 0 ? -errno : 0;
	if (link(temporary, path) < 0)
		return -errno;
	(void)unlink(temporary);
	return 0;
}

/* /dev/null, /dev/stdout and links must not become files. */
static bool
is_replaceable(const char *path)
{
	struct stat st;

	return lstat(path, &st) < 0 || S_ISREG(st.st_mode);
}

/* A new file beside path, open, with its name; -1 if path cannot be written. */
static int
open_beside(const char *path, bool overwrite, char temporary[static PATH_ROOM],
    struct errmsg *e)
{
	int fd;

	if (overwrite && !is_replaceable(path))
		return errmsg_set(
		    e, "%s: not a regular file, so not replaced", path);
	if (snprintf(temporary, PATH_ROOM, "%s.XXXXXX", path) >= PATH_ROOM)
		return errmsg_set_errno(e, ENAMETOOLONG, "%s", path);
	fd = mkostemp(temporary, O_CLOEXEC);
	return fd >= 0 ? fd : errmsg_set_errno(e, errno, "%s", path);
}

int
file_check_replaceable(const char *path, struct errmsg *e)
{
	char temporary[PATH_ROOM];
	int fd = open_beside(path, true, temporary, e);

	if (fd < 0)
		return -1;
	(void)unlink(temporary);
	(void)close(fd);
	return 0;
}

int
file_write_atomically(const char *path, const void *data, size_t size,
    mode_t mode, bool overwrite, struct errmsg *e)
{
	char temporary[PATH_ROOM];
	int error;
	int fd = open_beside(path, overwrite, temporary, e);

	ASSERT(data != NULL || size == 0);
	if (fd < 0)
		return -1;
	error = fill(fd, data, size, mode);
	if (close(fd) < 0 && error == 0)
		error = -errno;
	if (error == 0)
		error = publish(temporary, path, overwrite);
	if (error == 0)
		return 0;
	(void)unlink(temporary);
	if (error == -EEXIST)
		return errmsg_set(e, "%s: exists already", path);
	return errmsg_set_errno(e, -error, "%s", path);
}
