/* report_file: what is replaced, and what is written in place. */
#include "client/report/report_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/units.h"
#include "common/sys/file.h"

enum {
	MODE = 0644
};

/*
 * The descriptor that such a path names; -1: none. To open it anew would lose
 * its position, and is not possible at all for a socket.
 */
static int
descriptor_of(const char *path)
{
	static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/" };
	struct errmsg ignored;
	uint64_t fd;

	if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		size_t len = strlen(folders[i]);

		if (strncmp(path, folders[i], len) == 0 &&
		    units_parse_count(path + len, &fd, &ignored) == 0 &&
		    fd <= INT_MAX)
			return (int)fd;
	}
	return -1;
}

bool
report_file_is_stdout(const char *path)
{
	return descriptor_of(path) == STDOUT_FILENO;
}

/* The directory of a path, which need not exist itself. */
static bool
stat_folder(const char *path, struct stat *status)
{
	const char *slash = strrchr(path, '/');
	char *folder;
	bool is_there;

	if (slash == NULL)
		return stat(".", status) == 0;
	folder = strndup(path, (size_t)(slash - path) + 1);
	is_there = folder != NULL && stat(folder, status) == 0;
	free(folder);
	return is_there;
}

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static bool
is_one_inode(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Two that are open may share a terminal, or a file and its position. */
bool
report_file_is_same(const char *a, const char *b)
{
	int fd = descriptor_of(a);
	struct stat one, other;
	bool a_is_there = stat(a, &one) == 0;
	bool b_is_there = stat(b, &other) == 0;

	if (strcmp(a, b) == 0 || (fd >= 0 && fd == descriptor_of(b)))
		return true;
	if (fd >= 0 && descriptor_of(b) >= 0)
		return false;
	if (a_is_there && b_is_there)
		return S_ISREG(one.st_mode) && is_one_inode(&one, &other);
	return !a_is_there && !b_is_there &&
	    strcmp(last_part(a), last_part(b)) == 0 && stat_folder(a, &one) &&
	    stat_folder(b, &other) && is_one_inode(&one, &other);
}

static int
hold_descriptor(struct report_file *f, int fd, struct errmsg *e)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return errmsg_set_errno(e, errno, "%s", f->path);
	if ((flags & O_ACCMODE) == O_RDONLY)
		return errmsg_set(e, "%s: not open for writing", f->path);
	f->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return f->fd >= 0 ? 0 : errmsg_set_errno(e, errno, "%s", f->path);
}

/* A pipe, a device or a socket. A pipe that nobody reads would block us. */
static int
hold_special(struct report_file *f, bool is_pipe, struct errmsg *e)
{
	f->fd = open(f->path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (f->fd < 0 && errno == ENXIO && is_pipe)
		return errmsg_set(e,
		    "%s: nobody reads this pipe: start its reader first",
		    f->path);
	if (f->fd < 0)
		return errmsg_set_errno(e, errno, "%s", f->path);
	(void)fcntl(f->fd, F_SETFL, O_WRONLY);
	return 0;
}

/* May be a link, and to nothing. */
static int
prepare_regular(struct report_file *f, bool exists, struct errmsg *e)
{
	struct stat link;
	bool dangles = !exists && lstat(f->path, &link) == 0;

	f->truncates = true;
	if (exists)
		f->replaced = realpath(f->path, NULL);
	else if (!dangles)
		f->replaced = strdup(f->path);
	if (f->replaced != NULL &&
	    file_check_replaceable(f->replaced, e) == 0) {
		f->fd = open(f->path, O_WRONLY | O_CLOEXEC);
	} else {
		free(f->replaced);
		f->replaced = NULL;
		f->fd = open(f->path,
		    O_WRONLY | O_CLOEXEC | (dangles ? O_CREAT : 0), MODE);
	}
	return f->replaced != NULL || f->fd >= 0
	    ? 0
	    : errmsg_set_errno(e, errno, "%s", f->path);
}

int
report_file_open(struct report_file *f, const char *path, struct errmsg *e)
{
	int fd = descriptor_of(path);
	struct stat status;
	bool exists = stat(path, &status) == 0;

	*f = (struct report_file){ .path = path, .fd = -1 };
	if (fd >= 0)
		return hold_descriptor(f, fd, e);
	if (exists && S_ISDIR(status.st_mode))
		return errmsg_set(e, "%s: is a directory", path);
	if (exists && !S_ISREG(status.st_mode))
		return hold_special(f, S_ISFIFO(status.st_mode), e);
	return prepare_regular(f, exists, e);
}

static int
write_in_place(const struct report_file *f, const char *text, size_t size,
    struct errmsg *e)
{
	int error;

	if (f->fd < 0)
		return -1;
	if (f->truncates &&
	    (lseek(f->fd, 0, SEEK_SET) < 0 || ftruncate(f->fd, 0) < 0))
		return errmsg_set_errno(e, errno, "%s", f->path);
	error = file_write_all(f->fd, text, size);
	return error == 0 ? 0 : errmsg_set_errno(e, -error, "%s", f->path);
}

int
report_file_write(const struct report_file *f, const char *text, size_t size,
    struct errmsg *e)
{
	struct errmsg why;

	ASSERT(f->path != NULL);
	if (f->replaced != NULL &&
	    file_write_atomically(f->replaced, text, size, MODE, true, e) == 0)
		return 0;
	if (write_in_place(f, text, size, e) == 0)
		return 0;
	why = *e;
	if (!report_file_is_stdout(f->path) &&
	    file_write_all(f->spares_stdout ? STDERR_FILENO : STDOUT_FILENO,
		text, size) == 0)
		return errmsg_set(e, "%s; the report went to standard %s",
		    why.text, f->spares_stdout ? "error" : "output");
	return -1;
}

void
report_file_close(struct report_file *f)
{
	if (f->fd >= 0)
		(void)close(f->fd);
	f->fd = -1;
	free(f->replaced);
	f->replaced = NULL;
}
