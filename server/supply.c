/* supply: descriptors over a socket pair, each with a number; see the header.
 */
#include "server/supply.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/sys/fd.h"
#include "common/sys/fdpass.h"

int
supply_send(int tx_fd, uint64_t keys_id, int fd)
{
	return fdpass_send(tx_fd, &keys_id, sizeof keys_id, fd);
}

static void
close_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/*
 * False: something has come for which there is no descriptor, and which stays
 * until there is. What was not asked for makes room for its successor.
 */
static bool
has_room(struct supply *s)
{
	char byte;

	fdpass_keep_spare(&s->spare_fd);
	if (s->spare_fd >= 0 ||
	    recv(s->rx_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0)
		return true;
	close_end(&s->fd);
	fdpass_keep_spare(&s->spare_fd);
	return s->spare_fd >= 0;
}

bool
supply_read(struct supply *s)
{
	uint64_t keys_id;
	ssize_t n;
	int fd;

	if (s->rx_fd < 0)
		return false;
	while (has_room(s)) {
		n = fdpass_receive_with_spare(
		    s->rx_fd, &keys_id, sizeof keys_id, &fd, &s->spare_fd);
		if (n == -EAGAIN)
			return true;
		if (n == -EINTR)
			continue;
		if (n < (ssize_t)sizeof keys_id) {
			close_end(&fd);
			return false;
		}
		close_end(&s->fd);
		s->fd = fd;
		s->keys_id = keys_id;
	}
	return false;
}

/* For struct tls_signer_source. */
static int
take(void *owner, uint64_t keys_id, int64_t by_ns)
{
	struct supply *s = owner;
	bool goes_on = supply_read(s);
	int fd;

	while (goes_on && s->keys_id <= keys_id &&
	    (s->fd < 0 || s->keys_id != keys_id) &&
	    fd_wait_readable(s->rx_fd, by_ns))
		goes_on = supply_read(s);
	if (s->keys_id != keys_id)
		return -1;
	fd = s->fd;
	s->fd = -1;
	return fd;
}

void
supply_open(struct supply *s, int rx_fd)
{
	*s = (struct supply){
		.rx_fd = rx_fd, .fd = -1, .spare_fd = -1, .source = { take, s }
	};
	if (rx_fd >= 0)
		fdpass_keep_spare(&s->spare_fd);
}

void
supply_close(struct supply *s)
{
	close_end(&s->rx_fd);
	close_end(&s->fd);
	close_end(&s->spare_fd);
}
