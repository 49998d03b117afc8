/*
 * inbox: where a worker receives connections that other workers accepted.
 *
 * It is a socket pair. The master keeps both ends open, so that a worker's
 * death loses no connection that was on its way to it: the worker that follows
 * finds it there. Its type is SOCK_SEQPACKET, because a datagram pair would
 * hold 10 messages only (net.unix.max_dgram_qlen).
 *
 * Owns:	its two descriptors.
 * Use:
 *	inbox_open(&inboxes[i], &e);		// the master, for each worker
 *	inbox_close_rx(&inboxes[i]);		// each worker, for the others
 *	error = inbox_send(&inboxes[i], fd);
 *	if (inbox_receive(&inboxes[self], &fd, &spare_fd)) ...
 */
#ifndef SERVER_INBOX_H
#define SERVER_INBOX_H

#include <stdbool.h>

#include "common/base/errmsg.h"

struct inbox {
	int rx_fd; /* -1: closed, as tx_fd */
	int tx_fd;
};

/* Non-blocking and close-on-exec; on failure it is closed. */
int inbox_open(struct inbox *inbox, struct errmsg *e);

/* Does nothing if it is closed. */
void inbox_close(struct inbox *inbox);

/* From now on this process can only send. */
void inbox_close_rx(struct inbox *inbox);

/* Sends a copy of the descriptor. 0, or -errno: -EAGAIN when it is full. */
int inbox_send(const struct inbox *inbox, int fd);

/*
 * Takes one connection out; false when there is none. *fd is then the caller's,
 * or -1: the connection is lost, as there are no more descriptors. *spare_fd
 * makes room for it (fdpass_receive_with_spare), and is opened again.
 */
bool inbox_receive(const struct inbox *inbox, int *fd, int *spare_fd);

#endif
