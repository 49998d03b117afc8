/* keylog_file: open(2), and who may read; see the header. */
#include "common/creds/keylog_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/sys/file.h"

/* Whoever can read an older file could read new secrets, too. */
static int
check_private(const char *path, struct errmsg *e)
{
	return file_check_private(path, e) < 0 ? errmsg_prepend(e, "--keylog")
					       : 0;
}

static int
open_to_append(const char *path, int flags)
{
	return open(path, O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0600);
}

int
keylog_open(const char *path, int *fd, struct errmsg *e)
{
	*fd = open_to_append(path, O_CREAT);
	if (*fd < 0)
		return errmsg_set_errno(e, errno, "--keylog: %s", path);
	return check_private(path, e);
}

/* A FIFO that nobody reads yet is fine: a start waits for the reader. */
static int
check_existing(const char *path, struct errmsg *e)
{
	int fd = open_to_append(path, O_NONBLOCK);

	if (fd < 0 && errno != ENXIO)
		return errmsg_set_errno(e, errno, "--keylog: %s", path);
	if (fd >= 0)
		(void)close(fd);
	return check_private(path, e);
}

int
keylog_check(const char *path, struct errmsg *e)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return check_existing(path, e);
	return file_check_replaceable(path, e) < 0
	    ? errmsg_prepend(e, "--keylog")
	    : 0;
}
