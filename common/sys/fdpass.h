/*
 * fdpass: a message and a descriptor over a unix socket (SCM_RIGHTS, unix(7)).
 *
 * A process at its limit of descriptors gets the message, but the descriptor is
 * lost. To prevent that, keep a spare one that is closed to make room for it.
 *
 * Use:
 *	fdpass_send(sock, &message, sizeof message, fd);
 *	n = fdpass_receive_with_spare(
 *	    sock, &message, sizeof message, &fd, &spare);
 *	... use and close fd ...
 *	fdpass_keep_spare(&spare);
 */
#ifndef COMMON_SYS_FDPASS_H
#define COMMON_SYS_FDPASS_H

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

/*
 * The same; *spare makes room for the descriptor. Afterwards *spare is a new
 * one, or -1: then *fd has taken the last place.
 */
ssize_t fdpass_receive_with_spare(
    int sock, void *bytes, size_t n, int *fd, int *spare);

/* Opens a spare descriptor if *spare is -1; it stays -1 if there is no room. */
void fdpass_keep_spare(int *spare);

#endif
