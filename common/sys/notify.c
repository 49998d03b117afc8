/* notify: datagrams to a connected socket; see the header. */
#include "common/sys/notify.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/sys/fdpass.h"

static int
parse(const char *name, struct sockaddr_un *addr, socklen_t *len,
    struct errmsg *e)
{
	size_t n = strlen(name);

	*addr = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (name[0] != '/' && name[0] != '@')
		return errmsg_set(
		    e, "NOTIFY_SOCKET: '%s' is neither a path nor @NAME", name);
	if (n < 2 || n >= sizeof addr->sun_path)
		return errmsg_set(e,
		    "NOTIFY_SOCKET: its name has 1 to %zu bytes, not %zu",
		    sizeof addr->sun_path - 2, n - 1);
	memcpy(addr->sun_path, name, n);
	if (name[0] == '@')
		addr->sun_path[0] = '\0';
	*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	return 0;
}

int
notify_open(struct notify *n, const char *name, struct errmsg *e)
{
	const struct timeval second = { .tv_sec = 1 };
	struct sockaddr_un addr;
	socklen_t len;

	n->fd = -1;
	if (name == NULL || name[0] == '\0')
		return 0;
	if (parse(name, &addr, &len, e) < 0)
		return -1;
	n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (n->fd < 0)
		return errmsg_set_errno(e, errno, "NOTIFY_SOCKET");
	(void)setsockopt(
	    n->fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second);
	if (connect(n->fd, (const struct sockaddr *)&addr, len) == 0)
		return 0;
	(void)errmsg_set_errno(e, errno, "NOTIFY_SOCKET: %s", name);
	notify_close(n);
	return -1;
}

void
notify_close(struct notify *n)
{
	if (n->fd >= 0)
		(void)close(n->fd);
	n->fd = -1;
}

bool
notify_is_open(const struct notify *n)
{
	return n->fd >= 0;
}

void
notify_send(const struct notify *n, const char *text)
{
	if (n->fd >= 0)
		(void)send(n->fd, text, strlen(text), MSG_NOSIGNAL);
}

void
notify_send_fd(const struct notify *n, const char *text, int fd)
{
	if (n->fd >= 0)
		(void)fdpass_send(n->fd, text, strlen(text), fd);
}
