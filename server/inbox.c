/* inbox: descriptors over a socket pair; see the header. */
#include "server/inbox.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/sys/fd.h"
#include "common/sys/fdpass.h"

enum {
	INBOX_BYTES = 1 << 20
};

int
inbox_open(struct inbox *inbox, struct errmsg *e)
{
	const int room = INBOX_BYTES;

	*inbox = (struct inbox){ .rx_fd = -1, .tx_fd = -1 };
	if (fd_open_pair(&inbox->rx_fd, &inbox->tx_fd, e) < 0)
		return errmsg_prepend(e, "inbox");
	(void)setsockopt(
	    inbox->tx_fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
	return 0;
}

static void
close_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

void
inbox_close(struct inbox *inbox)
{
	close_end(&inbox->rx_fd);
	close_end(&inbox->tx_fd);
}

void
inbox_close_rx(struct inbox *inbox)
{
	close_end(&inbox->rx_fd);
}

int
inbox_send(const struct inbox *inbox, int fd)
{
	const char byte = 'c';

	ASSERT(fd >= 0);
	return fdpass_send(inbox->tx_fd, &byte, sizeof byte, fd);
}

bool
inbox_receive(const struct inbox *inbox, int *fd, int *spare_fd)
{
	ssize_t n;
	char byte;

	ASSERT(inbox->rx_fd >= 0);
	n = fdpass_receive_with_spare(
	    inbox->rx_fd, &byte, sizeof byte, fd, spare_fd);
	if (n > 0 && *fd >= 0 && *spare_fd < 0) {
		/* It took the last place, which belongs to the spare. */
		close_end(fd);
		fdpass_keep_spare(spare_fd);
	}
	return n > 0;
}
