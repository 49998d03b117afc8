/* manager: a datagram socket; see the header. */
#include "tests/support/manager.h"

#include <check.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/sys/fdpass.h"
#include "tests/support/await.h"

void
manager_open(struct manager *m, enum manager_name name)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t n;

	*m = (struct manager){ .passed_fd = -1 };
	if (name == MANAGER_PATH)
		(void)snprintf(m->path, sizeof m->path, "%s/notify-%d",
		    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp",
		    (int)getpid());
	else
		(void)snprintf(
		    m->path, sizeof m->path, "@tlsecho-%d", (int)getpid());
	n = strlen(m->path);
	memcpy(addr.sun_path, m->path, n);
	if (name == MANAGER_ABSTRACT)
		addr.sun_path[0] = '\0';
	m->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(m->fd, 0);
	ck_assert_int_eq(
	    bind(m->fd, (const struct sockaddr *)&addr,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)),
	    0);
	(void)setenv("NOTIFY_SOCKET", m->path, 1);
}

static void
drop_passed(struct manager *m)
{
	if (m->passed_fd >= 0)
		(void)close(m->passed_fd);
	m->passed_fd = -1;
}

void
manager_close(struct manager *m)
{
	drop_passed(m);
	(void)close(m->fd);
	if (m->path[0] == '/')
		(void)unlink(m->path);
	(void)unsetenv("NOTIFY_SOCKET");
}

void
manager_next(struct manager *m)
{
	struct pollfd p = { .fd = m->fd, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, await_left_ms(await_deadline_ns())) <= 0)
		ck_abort_msg("nothing more comes after '%s'", m->said);
	drop_passed(m);
	n = fdpass_receive(m->fd, m->said, sizeof m->said - 1, &m->passed_fd);
	ck_assert_int_ge(n, 0);
	m->said[n] = '\0';
}

static const char *
find(const struct manager *m, const char *line)
{
	const char *at = m->said;

	while (at != NULL && strncmp(at, line, strlen(line)) != 0) {
		at = strchr(at, '\n');
		at = at != NULL ? at + 1 : NULL;
	}
	return at;
}

void
manager_expect(struct manager *m, const char *line)
{
	do
		manager_next(m);
	while (find(m, line) == NULL);
}

const char *
manager_value(const struct manager *m, const char *name)
{
	const char *at = find(m, name);

	ck_assert_msg(at != NULL, "no %s in '%s'", name, m->said);
	return at + strlen(name);
}

void
manager_forget(struct manager *m)
{
	while (fdpass_receive(
		   m->fd, m->said, sizeof m->said - 1, &m->passed_fd) >= 0)
		drop_passed(m);
}
