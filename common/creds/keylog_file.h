/*
 * keylog_file: the file of --keylog, opened by the master and inherited by
 * workers, which need no right to open it. tls/keylog.h writes to it.
 *
 * Errors:	-1 and a line that names the option and the file.
 * Use:
 *	if (keylog_open(path, &fd, &e) < 0) ...
 */
#ifndef COMMON_CREDS_KEYLOG_FILE_H
#define COMMON_CREDS_KEYLOG_FILE_H

#include "common/base/errmsg.h"

/*
 * Opens it to append, or creates it for its owner only. The descriptor, which
 * is close-on-exec, is the caller's.
 */
int keylog_open(const char *path, int *fd, struct errmsg *e);

/* -1 if keylog_open would fail, as far as can be told without creating it. */
int keylog_check(const char *path, struct errmsg *e);

#endif
