/*
 * fuzz_environment: variables of a service manager, and that of an upgrade, as
 * the input says them: `make fuzz ROLE=environment`.
 *
 * The first line of the input says what descriptors from 3 on are, a letter
 * each; each line after it is the value of a variable, where $ stands for this
 * process and %0 for the name of the first of them, or - for none. What nobody
 * takes of what is inherited is shut down if its name is ours, and only then;
 * and the manager hears lines NAME=VALUE and no others.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/sys/log.h"
#include "server/inherited.h"
#include "server/master/handover.h"
#include "server/master/supervisor.h"
#include "server/master/workers.h"

enum {
	FDS = 8,         /* that may be there, */
	COPIES = 64,     /* where there are copies of them, */
	MANAGER_FD = 80, /* and who listens to what the supervisor is told */
	VALUE = 8192     /* of a variable, with its NUL */
};

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char *const names[] = { "NOTIFY_SOCKET", "LISTEN_FDS",
	"LISTEN_PID", "LISTEN_FDNAMES", "WATCHDOG_USEC", "WATCHDOG_PID",
	"TLSECHO_UPGRADE" };

static char pid[16];
static char manager[32]; /* as NOTIFY_SOCKET has it */
static int count;        /* of descriptors, and their names */
static char fd_names[FDS][ADDR_TEXT];

static void
move_fd(int fd, int to)
{
	ASSERT(dup2(fd, to) == to && close(fd) == 0);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	size_t n;

	(void)argc;
	(void)argv;
	(void)snprintf(pid, sizeof pid, "%d", (int)getpid());
	n = (size_t)snprintf(manager, sizeof manager, "@fuzz-%s", pid);
	memcpy(addr.sun_path + 1, manager + 1, n - 1);
	ASSERT(
	    bind(fd, (struct sockaddr *)&addr,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) == 0);
	move_fd(fd, MANAGER_FD);
	log_set_level(LOG_ERROR);
	return 0;
}

/* At a port that is free. */
static int
open_listener(int family)
{
	int fd = socket(family, SOCK_STREAM, 0);

	ASSERT(fd >= 0 && listen(fd, 1) == 0);
	return fd;
}

static int
open_one(char kind)
{
	switch (kind) {
	case 't':
		return open_listener(AF_INET);
	case 's':
		return open_listener(AF_INET6);
	case 'n':
		return socket(AF_INET, SOCK_STREAM, 0);
	case 'd':
		return socket(AF_INET, SOCK_DGRAM, 0);
	case 'u':
		return socket(AF_UNIX, SOCK_STREAM, 0);
	default:
		return open("/dev/null", O_RDWR);
	}
}

/* The copies tell what becomes of them. */
static void
open_all(const char *kinds)
{
	for (count = 0; kinds[count] != '\0' && count < FDS; count++) {
		int fd = open_one(kinds[count]);

		ASSERT(dup2(fd, COPIES + count) == COPIES + count);
		if (fd != INHERITED_FIRST_FD + count)
			move_fd(fd, INHERITED_FIRST_FD + count);
		fd_names[count][0] = '\0';
		if (strchr("ts", kinds[count]) != NULL)
			(void)inherited_name(COPIES + count, fd_names[count]);
	}
}

static void
close_all(void)
{
	for (int i = 0; i < count; i++) {
		(void)close(INHERITED_FIRST_FD + i);
		(void)close(COPIES + i);
	}
}

/* What stands for the bytes at this place of a line, and how many they are. */
static const char *
replace(const uint8_t *bytes, size_t n, size_t *used)
{
	static char one[2];

	*used = 1;
	if (bytes[0] == '$')
		return pid;
	if (bytes[0] == '%' && n > 1 && bytes[1] >= '0' &&
	    bytes[1] - '0' < count) {
		*used = 2;
		return fd_names[bytes[1] - '0'];
	}
	one[0] = (char)bytes[0];
	return one;
}

/* A line of the input, as a string. */
static void
take_line(const uint8_t **bytes, size_t *n, char value[static VALUE])
{
	size_t length = 0, used;

	while (*n > 0 && **bytes != '\n' && **bytes != '\0') {
		const char *text = replace(*bytes, *n, &used);

		if (length + strlen(text) < VALUE) {
			memcpy(value + length, text, strlen(text));
			length += strlen(text);
		}
		*bytes += used;
		*n -= used;
	}
	value[length] = '\0';
	if (*n > 0) {
		++*bytes;
		--*n;
	}
}

static bool
listens(int fd)
{
	int value = 0;
	socklen_t len = sizeof value;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &len) == 0 &&
	    value == 1;
}

static bool
is_in_list(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (; list != NULL; list = strchr(list, ':')) {
		list += *list == ':';
		if (strncmp(list, name, n) == 0 &&
		    (list[n] == ':' || list[n] == '\0'))
			return true;
	}
	return false;
}

/* The first one is taken by its address, the others by nobody. */
static void
check_inherited(struct inherited *in, const char *list)
{
	struct addr addr;
	int inherited = in->count;

	ASSERT(inherited <= count);
	if (inherited == 0)
		return;
	addr_of_socket(&addr, COPIES);
	ASSERT(inherited_take(in, &addr) == INHERITED_FIRST_FD);
	inherited_close(in);
	ASSERT(listens(COPIES));
	for (int i = 1; i < inherited; i++)
		ASSERT(listens(COPIES + i) != is_in_list(list, fd_names[i]));
}

static void
inherit(void)
{
	const char *text = getenv("LISTEN_FDNAMES");
	char *list = strdup(text != NULL ? text : "");
	struct inherited in;
	struct errmsg e;

	ASSERT(list != NULL);
	if (inherited_open(&in, &e) == 0) {
		check_inherited(&in, list);
	} else {
		ASSERT(strncmp(e.text, "LISTEN_FDS: ", 12) == 0);
		inherited_close(&in);
	}
	ASSERT(getenv("LISTEN_FDS") == NULL && getenv("LISTEN_PID") == NULL);
	free(list);
}

static void
hear(void)
{
	char text[4096];
	ssize_t n;

	while ((n = recv(MANAGER_FD, text, sizeof text - 1, 0)) >= 0) {
		char *rest, *line;

		text[n] = '\0';
		ASSERT(n > 0 && strlen(text) == (size_t)n);
		for (line = strtok_r(text, "\n", &rest); line != NULL;
		     line = strtok_r(NULL, "\n", &rest))
			ASSERT(line[0] >= 'A' && line[0] <= 'Z' &&
			    strchr(line, '=') != NULL);
	}
}

/* Nobody else is told anything. */
static void
supervise(void)
{
	static struct workers workers;
	static const struct config config = { .stats_name = "fuzz" };
	const char *name = getenv("NOTIFY_SOCKET");
	struct listeners listeners = { .count = 0 };
	struct supervisor s;

	workers.setup.config = &config;
	while (listeners.count < count && listens(COPIES + listeners.count)) {
		listeners.fds[listeners.count] = COPIES + listeners.count;
		listeners.count++;
	}
	supervisor_open(&s, false);
	ASSERT(s.ping_each_ns >= 0);
	if (supervisor_exists(&s) && strcmp(name, manager) == 0) {
		supervisor_tell_ready(&s, &listeners, &workers);
		hear();
		supervisor_tell_reloading(&s);
		supervisor_tell_stopping(&s, s.ping_each_ns);
		hear();
	}
	supervisor_close(&s);
}

static void
take_over(void)
{
	static struct handover handover;
	struct errmsg e;

	if (handover_read(&handover, &e) == 0) {
		ASSERT(handover.listeners.count <= LISTENERS_MAX);
		ASSERT(handover_slots(&handover) <= CONFIG_SLOTS_MAX);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char value[VALUE];

	count = 0;
	take_line(&bytes, &n, value);
	open_all(value);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		take_line(&bytes, &n, value);
		if (strcmp(value, "-") == 0)
			(void)unsetenv(names[i]);
		else
			ASSERT(setenv(names[i], value, 1) == 0);
	}
	supervise();
	take_over();
	inherit();
	close_all();
	return 0;
}
