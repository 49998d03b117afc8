/* file_watch: inotify(7) and stat(2); see the header. */
#include "common/sys/file_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LINKS_MAX = 40 /* path_resolution(7) */
};

/* The directory of path, or the nearest one above it that is there. */
static int
watch_directory(int fd, const char *path)
{
	static const uint32_t mask = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE |
	    IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF |
	    IN_MOVE_SELF | IN_ONLYDIR;
	char dir[PATH_MAX];
	char *slash;
	bool is_root;

	(void)snprintf(dir, sizeof dir, "%s", path);
	for (;;) {
		slash = strrchr(dir, '/');
		is_root = slash == dir;
		if (slash == NULL)
			(void)snprintf(dir, sizeof dir, ".");
		else
			slash[is_root] = '\0';
		if (inotify_add_watch(fd, dir, mask) >= 0)
			return 0;
		if ((errno != ENOENT && errno != ENOTDIR) || slash == NULL ||
		    is_root)
			return -errno;
	}
}

/* Replaces the link at path[0..end) by what it says; false: it is no link. */
static bool
follow(char path[static PATH_MAX], size_t end)
{
	char next[PATH_MAX];
	char after = path[end];
	size_t dir = end;
	ssize_t n;

	while (dir > 0 && path[dir - 1] != '/')
		dir--;
	memcpy(next, path, dir);
	path[end] = '\0';
	n = readlink(path, next + dir, PATH_MAX - dir);
	path[end] = after;
	if (n <= 0 || (size_t)n == PATH_MAX - dir)
		return false;
	if (next[dir] == '/') {
		memmove(next, next + dir, (size_t)n);
		dir = 0;
	}
	n += (ssize_t)dir;
	if ((size_t)n + strlen(path + end) >= PATH_MAX)
		return false;
	memcpy(next + n, path + end, strlen(path + end) + 1);
	memcpy(path, next, strlen(next) + 1);
	return true;
}

/* The first component that is a link; false: there is none. */
static bool
follow_first_link(int fd, char path[static PATH_MAX], int *error)
{
	char before[PATH_MAX];

	for (size_t end = 1; path[end - 1] != '\0'; end++) {
		if (path[end] != '/' && path[end] != '\0')
			continue;
		memcpy(before, path, end);
		before[end] = '\0';
		if (!follow(path, end))
			continue;
		*error = watch_directory(fd, before);
		return true;
	}
	return false;
}

static int
watch_file(int fd, const char *file)
{
	char path[PATH_MAX];
	int error = 0;

	if (snprintf(path, sizeof path, "%s", file) >= PATH_MAX)
		return -ENAMETOOLONG;
	for (int i = 0; i < LINKS_MAX && error == 0; i++)
		if (!follow_first_link(fd, path, &error))
			return watch_directory(fd, path);
	return error;
}

/* A new instance, so that directories that are left cost nothing. */
static int
watch_all(struct file_watch *w, struct errmsg *e)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	int error = fd < 0 ? -errno : 0;

	for (int i = 0; i < w->count && error == 0; i++)
		error = watch_file(fd, w->paths[i]);
	if (error == 0 && w->fd >= 0) {
		(void)dup3(fd, w->fd, O_CLOEXEC);
		(void)close(fd);
	} else if (error == 0) {
		w->fd = fd;
	} else if (fd >= 0) {
		(void)close(fd);
	}
	if (error == 0)
		return 0;
	return errmsg_set_errno(e, -error,
	    "cannot watch files (see fs.inotify.max_user_instances and "
	    "max_user_watches)");
}

/* FNV-1a, of 64 bits. */
static uint64_t
mix(uint64_t hash, const void *bytes, size_t n)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t
look(const struct file_watch *w)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	struct stat st;

	for (int i = 0; i < w->count; i++) {
		if (stat(w->paths[i], &st) < 0) {
			hash = mix(hash, "gone", 4);
			continue;
		}
		hash = mix(hash, &st.st_dev, sizeof st.st_dev);
		hash = mix(hash, &st.st_ino, sizeof st.st_ino);
		hash = mix(hash, &st.st_size, sizeof st.st_size);
		hash = mix(hash, &st.st_mtim, sizeof st.st_mtim);
		hash = mix(hash, &st.st_ctim, sizeof st.st_ctim);
	}
	return hash;
}

int
file_watch_open(
    struct file_watch *w, const char *const *paths, int count, struct errmsg *e)
{
	*w = (struct file_watch){ .fd = -1 };
	return file_watch_set(w, paths, count, e);
}

int
file_watch_set(
    struct file_watch *w, const char *const *paths, int count, struct errmsg *e)
{
	struct file_watch next = { w->fd, paths, count, 0 };

	if (watch_all(&next, e) < 0)
		return -1;
	next.state = look(&next);
	*w = next;
	return 0;
}

void
file_watch_close(struct file_watch *w)
{
	if (w->fd >= 0)
		(void)close(w->fd);
	w->fd = -1;
}

void
file_watch_drain(const struct file_watch *w)
{
	char events[4096];

	while (read(w->fd, events, sizeof events) > 0)
		continue;
}

/* Watched first: what changes after the look is told. */
bool
file_watch_has_changed(struct file_watch *w, struct errmsg *e)
{
	uint64_t before = w->state;

	e->text[0] = '\0';
	(void)watch_all(w, e);
	w->state = look(w);
	return w->state != before;
}
