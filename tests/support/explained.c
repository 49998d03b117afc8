/* explained: starts, waits, asks, stops; see the header. */
#include "tests/support/explained.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"

static struct sockaddr_in address;
static struct spawn server;

/*
 * Programs of others do not tell which port they have, and gnutls-serv takes
 * all addresses. So both are those of this process, whose ID has 22 bits, and
 * the port is none that the kernel would give to others by itself.
 */
static void
choose_address(void)
{
	uint32_t pid = (uint32_t)getpid();
	uint16_t port = (uint16_t)(10000 + pid % 22000);
	char host[INET_ADDRSTRLEN];
	char text[64];

	address = (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(0x7f400000U | (pid & 0x3fffff)) };
	ck_assert(
	    inet_ntop(AF_INET, &address.sin_addr, host, sizeof host) != NULL);
	(void)setenv("HOST", host, 1);
	(void)snprintf(text, sizeof text, "%u", port);
	(void)setenv("PORT", text, 1);
	(void)snprintf(text, sizeof text, "%s:%u", host, port);
	(void)setenv("AT", text, 1);
	(void)snprintf(text, sizeof text, "e2e-%s-explain", fixture_word());
	(void)setenv("NAME", text, 1);
}

static bool
listens(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool done;

	ck_assert_int_ge(fd, 0);
	done =
	    connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
	(void)close(fd);
	return done;
}

void
explained_run(const struct explained *e)
{
	if (e->program != NULL && !shell_has_program(e->program))
		return;
	choose_address();
	if (e->server != NULL) {
		spawn_start(&server,
		    (const char *const[]){ "sh", "-c", e->server, NULL }, NULL);
		AWAIT(listens());
	}
	shell_expect(e->status, e->sentence,
	    "tlsecho-client --explain --ca ca/ca.pem %s %s%s",
	    strstr(e->options, "--server-name") != NULL
		? ""
		: "--server-name localhost",
	    e->options, strstr(e->options, "nosuch") != NULL ? "" : " $AT");
	if (e->server != NULL) {
		spawn_signal(&server, SIGKILL);
		(void)spawn_wait(&server);
	}
}
