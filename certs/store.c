/* store: a locked directory, and files staged in it; see the header. */
#include "certs/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/assertion.h"

/*
 * Where files are written, and what that directory is called as soon as all of
 * them are whole and only wait to be moved; name_stem gives no such names.
 */
static const char staging[] = ".new";
static const char ready[] = ".ready";

struct store {
	const char *dir;
	enum store_use use;
	int fd;
	bool is_new; /* made by this process, and empty so far */
};

static int
lock(const struct store *s, struct errmsg *e)
{
	int result;

	do
		result = flock(s->fd, LOCK_EX);
	while (result < 0 && errno == EINTR);
	if (result < 0)
		return errmsg_set_errno(e, errno, "%s: cannot lock", s->dir);
	return 0;
}

/*
 * Moves a file into its place. One without bytes stands for a file that is to
 * be removed.
 */
static int
put_into_place(const struct store *s, int from, const char *name)
{
	struct stat st;

	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (st.st_size > 0)
		return renameat(from, name, s->fd, name);
	if (unlinkat(s->fd, name, 0) < 0 && errno != ENOENT)
		return -1;
	return unlinkat(from, name, 0);
}

static int
discard(const struct store *s, int from, const char *name)
{
	(void)s;
	return unlinkat(from, name, 0);
}

/* Calls act() for each file of a directory in the store, and removes that. */
static int
empty(const struct store *s, const char *name,
    int (*act)(const struct store *, int, const char *), struct errmsg *e)
{
	int fd = openat(
	    s->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (dir != NULL) {
		while ((entry = readdir(dir)) != NULL)
			if (strcmp(entry->d_name, ".") != 0 &&
			    strcmp(entry->d_name, "..") != 0)
				(void)act(s, fd, entry->d_name);
		(void)closedir(dir);
	} else if (fd >= 0) {
		(void)close(fd);
	}
	if (unlinkat(s->fd, name, AT_REMOVEDIR) < 0)
		return errmsg_set_errno(
		    e, errno, "%s/%s: cannot remove", s->dir, name);
	return 0;
}

/*
 * While we hold the lock, these can only be ours or a killed writer's. What was
 * whole is put into place, so that a certificate and its key stay together.
 */
static int
clean_up(const struct store *s, struct errmsg *e)
{
	if (empty(s, ready, put_into_place, e) < 0)
		return -1;
	return empty(s, staging, discard, e);
}

/* A umask may have taken bits from the mode of mkdir. */
static int
make_staging(const struct store *s, struct errmsg *e)
{
	if (mkdirat(s->fd, staging, 0700) < 0 ||
	    fchmodat(s->fd, staging, 0700, 0) < 0)
		return errmsg_set_errno(e, errno, "%s/%s", s->dir, staging);
	return 0;
}

static int
open_dir(struct store *s, struct errmsg *e)
{
	if (s->use == STORE_CREATE) {
		s->is_new = mkdir(s->dir, 0700) == 0;
		if (!s->is_new && errno != EEXIST)
			return errmsg_set_errno(e, errno, "%s", s->dir);
	}
	s->fd = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->fd < 0)
		return errmsg_set_errno(e, errno, "%s", s->dir);
	return 0;
}

/* False if the directory was removed while this process waited for the lock. */
static bool
is_in_use(const struct store *s)
{
	struct stat named, opened;

	return stat(s->dir, &named) == 0 && fstat(s->fd, &opened) == 0 &&
	    named.st_ino == opened.st_ino && named.st_dev == opened.st_dev;
}

static int
open_locked(struct store *s, struct errmsg *e)
{
	while (open_dir(s, e) == 0) {
		if (lock(s, e) < 0)
			return -1;
		if (is_in_use(s))
			return clean_up(s, e);
		(void)close(s->fd);
		s->fd = -1;
	}
	return -1;
}

int
store_open(
    struct store **out, const char *dir, enum store_use use, struct errmsg *e)
{
	struct store *s = calloc(1, sizeof *s);

	*out = NULL;
	if (s == NULL)
		return errmsg_set(e, "%s: out of memory", dir);
	*s = (struct store){ .dir = dir, .use = use, .fd = -1 };
	if ((use == STORE_READ ? open_dir(s, e) : open_locked(s, e)) < 0) {
		store_close(&s);
		return -1;
	}
	*out = s;
	return 0;
}

void
store_close(struct store **s)
{
	if (*s == NULL)
		return;
	if ((*s)->is_new)
		(void)rmdir((*s)->dir);
	if ((*s)->fd >= 0)
		(void)close((*s)->fd); /* and so unlocks it */
	free(*s);
	*s = NULL;
}

const char *
store_dir(const struct store *s)
{
	return s->dir;
}

static int
check_path(int n, const struct store *s, const char *name, struct errmsg *e)
{
	if (n < 0 || n >= STORE_PATH_SIZE)
		return errmsg_set(e, "path longer than %d bytes: %s/%s",
		    STORE_PATH_SIZE - 1, s->dir, name);
	return 0;
}

static int
staged_path(const struct store *s, const char *name,
    char path[static STORE_PATH_SIZE], struct errmsg *e)
{
	int n =
	    snprintf(path, STORE_PATH_SIZE, "%s/%s/%s", s->dir, staging, name);

	return check_path(n, s, name, e);
}

int
store_path(const struct store *s, const char *name,
    char path[static STORE_PATH_SIZE], struct errmsg *e)
{
	int n = snprintf(path, STORE_PATH_SIZE, "%s/%s", s->dir, name);

	return check_path(n, s, name, e);
}

bool
store_has(const struct store *s, const char *name)
{
	struct stat st;

	return fstatat(s->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int
store_read(const struct store *s, const char *name, struct file_bytes *out,
    struct errmsg *e)
{
	char path[STORE_PATH_SIZE];

	if (store_path(s, name, path, e) < 0)
		return -1;
	return file_read(out, path, FILE_MAX, e);
}

static int
check_one(
    const struct store *s, const char *name, bool overwrite, struct errmsg *e)
{
	struct stat st;

	ASSERT(name[0] != '\0' && strchr(name, '/') == NULL);
	ASSERT(strcmp(name, "..") != 0 && strcmp(name, staging) != 0 &&
	    strcmp(name, ready) != 0);
	if (fstatat(s->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno == ENOENT)
			return 0;
		return errmsg_set_errno(e, errno, "%s/%s", s->dir, name);
	}
	if (!overwrite)
		return errmsg_set(e,
		    "%s/%s: exists already: --force replaces it", s->dir, name);
	if (!S_ISREG(st.st_mode))
		return errmsg_set(e,
		    "%s/%s: not a regular file, so not replaced", s->dir, name);
	return 0;
}

int
store_check(const struct store *s, const struct store_file *files, size_t count,
    bool overwrite, struct errmsg *e)
{
	for (size_t i = 0; i < count; i++)
		if (check_one(s, files[i].name, overwrite, e) < 0)
			return -1;
	return 0;
}

/* A file to be removed is staged as one without bytes. */
static int
stage(const struct store *s, const struct store_file *file, struct errmsg *e)
{
	static const struct file_bytes none = { .data = NULL, .size = 0 };
	const struct file_bytes *bytes =
	    file->bytes != NULL ? file->bytes : &none;
	char path[STORE_PATH_SIZE];

	ASSERT(file->bytes == NULL || bytes->size > 0);
	if (staged_path(s, file->name, path, e) < 0)
		return -1;
	return file_write_atomically(
	    path, bytes->data, bytes->size, file->mode, false, e);
}

/* Nothing that was put into place is taken back: the next to write goes on. */
static int
place(struct store *s, const struct store_file *files, size_t count,
    struct errmsg *e)
{
	int from = openat(s->fd, ready, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct errmsg ignored;
	size_t done = 0;
	int error;

	while (done < count && put_into_place(s, from, files[done].name) == 0)
		done++;
	error = errno;
	(void)close(from);
	if (done == count)
		return empty(s, ready, discard, e);
	if (done == 0)
		(void)empty(s, ready, discard, &ignored);
	return errmsg_set_errno(e, error, "%s/%s", s->dir, files[done].name);
}

/*
 * From the renaming on, the files are as good as written: a writer that is
 * killed after it leaves the rest to the next one. A file system that loses
 * power keeps the order of renamings, or all of them.
 */
static int
stage_and_place(struct store *s, const struct store_file *files, size_t count,
    struct errmsg *e)
{
	for (size_t i = 0; i < count; i++)
		if (stage(s, &files[i], e) < 0)
			return -1;
	if (renameat(s->fd, staging, s->fd, ready) < 0)
		return errmsg_set_errno(e, errno, "%s/%s", s->dir, ready);
	s->is_new = false;
	return place(s, files, count, e);
}

int
store_write(struct store *s, const struct store_file *files, size_t count,
    bool overwrite, struct errmsg *e)
{
	struct errmsg ignored;
	int result;

	ASSERT(s->use != STORE_READ);
	if (store_check(s, files, count, overwrite, e) < 0 ||
	    make_staging(s, e) < 0)
		return -1;
	result = stage_and_place(s, files, count, e);
	if (result < 0)
		(void)empty(s, staging, discard, &ignored);
	return result;
}

bool
store_is_unfinished(const struct store *s)
{
	return store_has(s, ready);
}

int
store_sync(struct store *s, struct errmsg *e)
{
	if (fsync(s->fd) < 0)
		return errmsg_set_errno(e, errno, "%s", s->dir);
	return 0;
}
