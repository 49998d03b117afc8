/*
 * fdpass: a message and a descriptor over a unix socket (SCM_RIGHTS, unix(7)).
 *
 * Use:
 *	fdpass_send(sock, &message, sizeof message, fd);
 *	n = fdpass_receive(sock, &message, sizeof message, &fd);
 */
#ifndef SERVER_FDPASS_H
#define SERVER_FDPASS_H

#include <stddef.h>
#include <sys/types.h>

/* Never blocks. The descriptor is copied; -1 sends none. 0 or -errno. */
int fdpass_send(int sock, const void *bytes, size_t n, int fd);

/*
 * Never blocks. How many bytes came, 0 at end of file, or -errno. *fd is the
 * caller's (close-on-exec); -1 when none came, or when there was no free
 * descriptor for it: then it is lost.
 */
ssize_t fdpass_receive(int sock, void *bytes, size_t n, int *fd);

#endif
