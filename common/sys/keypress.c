/* keypress: a terminal without line editing and echo; see the header. */
#include "common/sys/keypress.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "common/base/assertion.h"

bool
keypress_is_background(int fd)
{
	pid_t owner = tcgetpgrp(fd);

	return owner >= 0 && owner != getpgrp();
}

static int
get_settings(int fd, struct termios *settings, struct errmsg *e)
{
	if (tcgetattr(fd, settings) < 0)
		return errmsg_set(e, "standard input is not a terminal");
	if (keypress_is_background(fd))
		return errmsg_set(e,
		    "another job has the terminal: start this one in the "
		    "foreground");
	return 0;
}

int
keypress_check(int fd, struct errmsg *e)
{
	struct termios settings;

	return get_settings(fd, &settings, e);
}

int
keypress_open(struct keypress *k, int fd, struct errmsg *e)
{
	struct termios raw;

	k->fd = -1;
	if (get_settings(fd, &k->saved, e) < 0)
		return -1;
	raw = k->saved;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO); /* ^C remains a signal */
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	if (tcsetattr(fd, TCSANOW, &raw) < 0)
		return errmsg_set_errno(e, errno, "terminal");
	k->fd = fd;
	return 0;
}

int
keypress_fd(const struct keypress *k)
{
	return k->fd < 0 || keypress_is_background(k->fd) ? -1 : k->fd;
}

/* A terminal that was closed reads like one on which no key is pressed. */
static bool
is_hung_up(int fd)
{
	struct pollfd p = { .fd = fd };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLHUP) != 0;
}

bool
keypress_read(struct keypress *k)
{
	char bytes[64]; /* one key may be a sequence */
	ssize_t n;

	ASSERT(k->fd >= 0);
	if (keypress_is_background(k->fd))
		return false;
	n = read(k->fd, bytes, sizeof bytes);
	if (n == 0)
		return is_hung_up(k->fd);
	return n > 0 || (errno != EAGAIN && errno != EINTR);
}

void
keypress_close(struct keypress *k)
{
	if (k->fd < 0)
		return;
	if (!keypress_is_background(k->fd))
		(void)tcsetattr(k->fd, TCSANOW, &k->saved);
	k->fd = -1;
}
