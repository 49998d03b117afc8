/*
 * ready: which of several descriptors has something to read, for a few threads
 * that wait side by side: epoll(7), each event to one of them.
 *
 * A descriptor that one thread was told of is its alone until it is armed
 * again: meanwhile it may be read, written and closed.
 *
 * Owns:	the epoll descriptor.
 * Use:
 *	fd = ready_open(&e);
 *	ready_add(fd, sock, &conn);
 *	while ((conn = ready_wait(fd, -1)) != NULL) {
 *		... read until EAGAIN ...
 *		ready_arm(fd, sock, conn);
 *	}
 */
#ifndef COMMON_IO_READY_H
#define COMMON_IO_READY_H

#include <stdint.h>

#include "common/base/errmsg.h"

/* Close-on-exec, to be closed by close(2); -1 with an error. */
int ready_open(struct errmsg *e);

/* 0 or -errno. It goes by itself when it is closed. */
int ready_add(int ready_fd, int fd, void *owner);
/* What has come since it was read is told, too. */
void ready_arm(int ready_fd, int fd, void *owner);

/* The owner of one that is ready; NULL after wait_ns (-1: for ever). */
void *ready_wait(int ready_fd, int64_t wait_ns);

#endif
