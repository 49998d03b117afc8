/* http: a request, and all that comes back; see the header. */
#include "tests/support/http.h"

#include <check.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/tlspeer.h"

static char reply[1 << 20];

int
http_connect(int port)
{
	return tlspeer_tcp("127.0.0.1", port);
}

void
http_send(int fd, const char *text)
{
	size_t size = strlen(text);

	ck_assert_int_eq(send(fd, text, size, MSG_NOSIGNAL), (ssize_t)size);
}

bool
http_read_until(int fd, const char *text)
{
	int64_t until_ns = await_deadline_ns();
	size_t size = 0;

	reply[0] = '\0';
	while (text == NULL || strstr(reply, text) == NULL) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t n;

		ck_assert_msg(poll(&p, 1, await_left_ms(until_ns)) == 1,
		    "no answer, but: %s", reply);
		n = recv(fd, reply + size, sizeof reply - 1 - size, 0);
		if (n <= 0)
			return text == NULL;
		size += (size_t)n;
		reply[size] = '\0';
	}
	return true;
}

int
http_ask(int port, const char *method, const char *path, const char *fields)
{
	char request[8192];
	int fd = http_connect(port);

	(void)snprintf(request, sizeof request,
	    "%s %s HTTP/1.1\r\n%sConnection: close\r\n\r\n", method, path,
	    fields != NULL ? fields : "Host: localhost\r\n");
	http_send(fd, request);
	(void)http_read_until(fd, NULL);
	(void)close(fd);
	ck_assert_msg(strncmp(reply, "HTTP/1.1 ", 9) == 0, "%s", reply);
	return atoi(reply + 9);
}

const char *
http_reply(void)
{
	return reply;
}

const char *
http_body(void)
{
	const char *end = strstr(reply, "\r\n\r\n");

	ck_assert_ptr_nonnull(end);
	return end + 4;
}

bool
http_has(const char *line)
{
	const char *at = strstr(reply, line);

	return at != NULL && at < http_body() && at[-1] == '\n' &&
	    at[strlen(line)] == '\r';
}
