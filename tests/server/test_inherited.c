/* test_inherited: LISTEN_FDS and its siblings, right and wrong. */
#include "server/inherited.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/in_child.h"
#include "tests/support/suite.h"

static struct inherited in;
static struct errmsg e;
static struct addr addr;

/* In a child: descriptor 3 becomes a socket on 127.0.0.1, whatever it was. */
static void
inherit(const char *fds, pid_t pid, bool listens)
{
	const struct sockaddr_in any = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char text[16];

	(void)bind(fd, (const struct sockaddr *)&any, sizeof any);
	if (listens)
		(void)listen(fd, 1);
	(void)dup2(fd, INHERITED_FIRST_FD);
	addr_of_socket(&addr, INHERITED_FIRST_FD);
	(void)snprintf(text, sizeof text, "%d", (int)pid);
	(void)setenv("LISTEN_FDS", fds, 1);
	(void)setenv("LISTEN_PID", text, 1);
	(void)setenv("LISTEN_FDNAMES", "some", 1);
}

static void
is_true(bool condition, int line)
{
	if (!condition) {
		fprintf(stderr, "line %d: %s\n", line, e.text);
		_exit(1);
	}
}
#define IS_TRUE(condition) is_true((condition), __LINE__)

static void
take_one(void)
{
	struct addr other;

	inherit("1", getpid(), true);
	other = addr;
	((struct sockaddr_in *)&other.storage)->sin_port ^= 1;
	IS_TRUE(inherited_open(&in, &e) == 0 && in.count == 1);
	IS_TRUE(getenv("LISTEN_FDS") == NULL && getenv("LISTEN_PID") == NULL);
	IS_TRUE(getenv("LISTEN_FDNAMES") == NULL);
	IS_TRUE((fcntl(INHERITED_FIRST_FD, F_GETFD) & FD_CLOEXEC) != 0);
	IS_TRUE((fcntl(INHERITED_FIRST_FD, F_GETFL) & O_NONBLOCK) != 0);
	IS_TRUE(inherited_take(&in, &other) == -1);
	IS_TRUE(inherited_take(&in, &addr) == INHERITED_FIRST_FD);
	IS_TRUE(inherited_take(&in, &addr) == -1);
	IS_TRUE(inherited_take_any(&in) == -1);
	IS_TRUE(inherited_open(&in, &e) == 0 && in.count == 0);
}

TEST(taken_by_address)
{
	ck_assert_int_eq(in_child_status(take_one), 0);
}

static void
of_another(void)
{
	inherit("1", getppid(), true);
	IS_TRUE(inherited_open(&in, &e) == 0 && in.count == 0);
	IS_TRUE(getenv("LISTEN_FDS") == NULL);
}

TEST(of_another_process)
{
	ck_assert_int_eq(in_child_status(of_another), 0);
}

/* As the last of as many names as there can be, and as long ones. */
static void
set_last_name(const char *name)
{
	static char names[INHERITED_MAX * (INHERITED_NAME + 1)];
	char *at = names;

	for (int i = 1; i < INHERITED_MAX; i++) {
		memset(at, 'x', INHERITED_NAME);
		at += INHERITED_NAME;
		*at++ = ':';
	}
	strcpy(at, name);
	(void)setenv("LISTEN_FDNAMES", names, 1);
}

/* One that a socket unit gave is the unit's; one of ours has no other use. */
static void
left_over(void)
{
	char name[ADDR_TEXT];
	int value = 0;
	socklen_t len = sizeof value;

	inherit("1", getpid(), true);
	(void)dup2(INHERITED_FIRST_FD, 9);
	IS_TRUE(inherited_open(&in, &e) == 0);
	inherited_close(&in);
	IS_TRUE(getsockopt(9, SOL_SOCKET, SO_ACCEPTCONN, &value, &len) == 0);
	IS_TRUE(value == 1);

	(void)dup2(9, INHERITED_FIRST_FD);
	(void)setenv("LISTEN_FDS", "1", 1);
	(void)snprintf(name, sizeof name, "%d", (int)getpid());
	(void)setenv("LISTEN_PID", name, 1);
	set_last_name(inherited_name(9, name));
	IS_TRUE(strchr(name, ':') == NULL);
	IS_TRUE(inherited_open(&in, &e) == 0 && in.count == 1);
	inherited_close(&in);
	IS_TRUE(getsockopt(9, SOL_SOCKET, SO_ACCEPTCONN, &value, &len) == 0);
	IS_TRUE(value == 0);
}

TEST(what_nobody_takes)
{
	ck_assert_int_eq(in_child_status(left_over), 0);
}

static void
wrong(void)
{
	static const char *const texts[] = { "x", "-1", "65",
		"18446744073709551616", "1 2" };

	for (size_t i = 0; i < TEST_ROWS(texts); i++) {
		inherit(texts[i], getpid(), true);
		IS_TRUE(inherited_open(&in, &e) == -1);
		IS_TRUE(strncmp(e.text, "LISTEN_FDS: ", 12) == 0);
	}
	inherit("1", getpid(), false);
	IS_TRUE(inherited_open(&in, &e) == -1);
	IS_TRUE(strstr(e.text, "descriptor 3 is no TCP socket") != NULL);
	inherit("1", getpid(), false);
	(void)close(INHERITED_FIRST_FD);
	IS_TRUE(inherited_open(&in, &e) == -1);
}

TEST(wrong_values)
{
	ck_assert_int_eq(in_child_status(wrong), 0);
}

SUITE("server/inherited")
