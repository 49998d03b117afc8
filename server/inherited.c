/* inherited: LISTEN_FDS and its siblings; see the header. */
#include "server/inherited.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/units.h"
#include "common/sys/log.h"

static int
socket_option(int fd, int name)
{
	int value = -1;
	socklen_t len = sizeof value;

	return getsockopt(fd, SOL_SOCKET, name, &value, &len) == 0 ? value : -1;
}

static int
check(int fd, struct errmsg *e)
{
	int family = socket_option(fd, SO_DOMAIN);

	if ((family == AF_INET || family == AF_INET6) &&
	    socket_option(fd, SO_TYPE) == SOCK_STREAM &&
	    socket_option(fd, SO_ACCEPTCONN) == 1)
		return 0;
	return errmsg_set(e,
	    "LISTEN_FDS: descriptor %d is no TCP socket that listens: in a "
	    "socket unit use ListenStream=ADDRESS:PORT and Accept=no",
	    fd);
}

/* Whether the variables speak to this process, as a child has them, too. */
static bool
are_ours(void)
{
	const char *text = getenv("LISTEN_PID");
	struct errmsg ignored;
	uint64_t pid;

	return text != NULL && units_parse_count(text, &pid, &ignored) == 0 &&
	    pid == (uint64_t)getpid();
}

static int
open_all(struct inherited *in, const char *text, struct errmsg *e)
{
	uint64_t count;

	if (units_parse_count(text, &count, e) < 0)
		return errmsg_prepend(e, "LISTEN_FDS");
	if (count > INHERITED_MAX)
		return errmsg_set(
		    e, "LISTEN_FDS: %s is more than %d", text, INHERITED_MAX);
	for (int i = 0; i < (int)count; i++) {
		int fd = INHERITED_FIRST_FD + i;

		if (check(fd, e) < 0)
			return -1;
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
		(void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
		in->fds[in->count++] = fd;
	}
	return 0;
}

int
inherited_open(struct inherited *in, struct errmsg *e)
{
	const char *text = getenv("LISTEN_FDS");
	const char *names = getenv("LISTEN_FDNAMES");
	int result = 0;

	in->count = 0;
	(void)snprintf(
	    in->names, sizeof in->names, ":%s:", names != NULL ? names : "");
	if (text != NULL && are_ours())
		result = open_all(in, text, e);
	(void)unsetenv("LISTEN_FDS");
	(void)unsetenv("LISTEN_PID");
	(void)unsetenv("LISTEN_FDNAMES");
	return result;
}

int
inherited_take(struct inherited *in, const struct addr *addr)
{
	char want[ADDR_TEXT], text[ADDR_TEXT];
	struct addr own;
	int fd;

	(void)addr_format(addr, want);
	for (int i = 0; i < in->count; i++) {
		if (in->fds[i] < 0)
			continue;
		addr_of_socket(&own, in->fds[i]);
		if (strcmp(addr_format(&own, text), want) != 0)
			continue;
		fd = in->fds[i];
		in->fds[i] = -1;
		return fd;
	}
	return -1;
}

int
inherited_take_any(struct inherited *in)
{
	for (int i = 0; i < in->count; i++) {
		int fd = in->fds[i];

		in->fds[i] = -1;
		if (fd >= 0)
			return fd;
	}
	return -1;
}

const char *
inherited_name(int fd, char text[static ADDR_TEXT])
{
	struct addr own;

	addr_of_socket(&own, fd);
	(void)addr_format(&own, text);
	for (char *at = text; *at != '\0'; at++)
		if (*at == ':')
			*at = '_';
	return text;
}

/* A socket unit gives its own name, such as that of its file. */
static bool
is_stored(const struct inherited *in, int fd)
{
	char name[ADDR_TEXT], between[ADDR_TEXT + 2];

	(void)snprintf(
	    between, sizeof between, ":%s:", inherited_name(fd, name));
	return strstr(in->names, between) != NULL;
}

void
inherited_close(struct inherited *in)
{
	struct addr own;
	char text[ADDR_TEXT];
	int fd;

	while ((fd = inherited_take_any(in)) >= 0) {
		addr_of_socket(&own, fd);
		if (is_stored(in, fd))
			(void)shutdown(fd, SHUT_RDWR);
		log_warn("LISTEN_FDS: %s is closed: no --listen names it",
		    addr_format(&own, text));
		(void)close(fd);
	}
}
