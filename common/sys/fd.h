/*
 * fd: the standard streams, and descriptors that come as text or in pairs.
 *
 * Owns:	nothing; descriptors are the caller's.
 * Errors:	0, or -1 with a message.
 * Use:
 *	if (fd_open_standard(&e) < 0) ...
 *	if (fd_parse("3", &fd, &e) < 0) ...
 *	if (fd_open_pair(&parent_end, &child_end, &e) < 0) ...
 */
#ifndef COMMON_SYS_FD_H
#define COMMON_SYS_FD_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"

/*
 * The first thing that a program does. A standard stream that is closed would
 * lend its number to the next file or socket, which would then receive what is
 * printed or logged. It is opened on /dev/null, the wrong way round, so that to
 * read from it, or to write to it, still fails with EBADF.
 *
 * From then on a limit on the size of files (RLIMIT_FSIZE) makes write(2) fail
 * with EFBIG, and does not kill the program (SIGXFSZ).
 */
int fd_open_standard(struct errmsg *e);

/* The number of a descriptor that this process has open. */
int fd_parse(const char *text, int *fd, struct errmsg *e);

/*
 * Two ends that exchange messages (a SOCK_SEQPACKET pair, unix(7)), both
 * non-blocking and close-on-exec.
 */
int fd_open_pair(int *one_end, int *other_end, struct errmsg *e);

/* Closes all but the standard streams and these, of which each may be -1. */
void fd_close_others(const int *kept, size_t count);

/* Whether there is something to read, or an end of file, by then (of
 * clock_now_ns); 0: now. */
bool fd_wait_readable(int fd, int64_t by_ns);

/*
 * poll(2), which fails with EINVAL once somebody has lowered RLIMIT_NOFILE to
 * less than count (prlimit(1)), whatever the numbers of the descriptors. Then
 * this waits for at most FD_BLIND_MS, and asks one descriptor after the other;
 * at a limit of 0 it says POLLIN of each that is asked for it, and no more:
 * what is done with them must not block.
 */
enum {
	FD_BLIND_MS = 100
};

int fd_poll(struct pollfd *fds, nfds_t count, int ms);

#endif
