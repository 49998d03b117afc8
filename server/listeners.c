/* listeners: bind and listen; see the header. */
#include "server/listeners.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/sys/addr.h"
#include "common/sys/keepalive.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/inherited.h"

static const char default_address[] = "[::]:4433";
static const char default_without_ipv6[] = "0.0.0.0:4433";

static int
set_option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof value);
}

/*
 * A descriptor, or -errno. With a backlog of 0 it does not listen, and is not
 * bound if somebody else listens there.
 */
static int
bind_address(const struct addr *addr, int backlog, bool v6_only)
{
	int family = addr->storage.ss_family;
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return -errno;
	(void)set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	(void)set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1); /* inherited */
	if (family == AF_INET6)
		(void)set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6_only);
	error = bind(fd, (const struct sockaddr *)&addr->storage, addr->len);
	if (backlog == 0 && error < 0 && errno == EADDRINUSE)
		error = 0;
	if (backlog > 0 && error == 0)
		error = listen(fd, backlog);
	if (error == 0)
		return fd;
	error = -errno;
	(void)close(fd);
	return error;
}

/*
 * [::]:PORT serves IPv4 as well, unless an IPv4 address with the same port is
 * asked for on its own.
 */
static bool
has_ipv4_sibling(const struct config *config, int port)
{
	struct addr_list list;
	struct errmsg ignored;

	for (int i = 0; i < config->listen_count; i++) {
		if (addr_resolve(
			&list, config->listen[i], ADDR_TO_LISTEN, &ignored) < 0)
			continue;
		for (int k = 0; k < list.count; k++)
			if (list.of[k].storage.ss_family == AF_INET &&
			    addr_port(&list.of[k]) == port)
				return true;
	}
	return false;
}

/* For its family. */
static bool
is_wildcard(const char *text)
{
	return strncmp(text, "0.0.0.0:", 8) == 0 ||
	    strncmp(text, "[::]:", 5) == 0;
}

/* The system would say that the address is in use, and not by whom. */
static int
check_pair(const struct addr *one, const struct addr *other, struct errmsg *e)
{
	char text[ADDR_TEXT], other_text[ADDR_TEXT];
	int port = addr_port(one);

	if (port == 0 || port != addr_port(other) ||
	    one->storage.ss_family != other->storage.ss_family)
		return 0;
	(void)addr_format(one, text);
	(void)addr_format(other, other_text);
	if (strcmp(text, other_text) == 0)
		return errmsg_set(e, "--listen: %s: given twice", text);
	if (is_wildcard(text) || is_wildcard(other_text))
		return errmsg_set(e, "--listen: %s and %s: one holds the other",
		    other_text, text);
	return 0;
}

/* An address with all of those before it. */
static int
check_overlap(const struct config *config, int index, struct errmsg *e)
{
	struct addr_list own, before;
	struct errmsg ignored;

	if (addr_resolve(&own, config->listen[index], ADDR_TO_LISTEN, e) < 0)
		return errmsg_prepend(e, "--listen");
	for (int i = 0; i < index; i++) {
		if (addr_resolve(&before, config->listen[i], ADDR_TO_LISTEN,
			&ignored) < 0)
			continue;
		for (int k = 0; k < before.count * own.count; k++)
			if (check_pair(&own.of[k / before.count],
				&before.of[k % before.count], e) < 0)
				return -1;
	}
	return 0;
}

static void
add(struct listeners *l, const struct config *config, int fd)
{
	keepalive_apply(&config->keepalive, fd); /* inherited by connections */
	l->fds[l->count++] = fd;
}

static void
add_inherited(struct listeners *l, const struct config *config, int fd)
{
	(void)set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	l->are_kept = true;
	add(l, config, fd);
}

/* Ports below net.ipv4.ip_unprivileged_port_start are refused: ip(7). */
static void
bind_error(const struct addr *addr, int error, struct errmsg *e)
{
	char text[ADDR_TEXT];

	(void)addr_format(addr, text);
	if (error == EACCES)
		(void)errmsg_set(e,
		    "--listen: %s: %s: a port as low as this needs "
		    "CAP_NET_BIND_SERVICE: take another, such as 4433",
		    text, strerror(error));
	else
		(void)errmsg_set_errno(e, error, "--listen: %s", text);
}

/* 0, or -errno with a message. */
static int
add_address(struct listeners *l, const struct config *config,
    const struct addr *addr, struct inherited *in, struct errmsg *e)
{
	int fd = l->count < LISTENERS_MAX ? inherited_take(in, addr) : -EMFILE;

	if (fd >= 0) {
		add_inherited(l, config, fd);
		return 0;
	}
	if (l->count < LISTENERS_MAX)
		fd = bind_address(addr, (int)config->backlog,
		    has_ipv4_sibling(config, addr_port(addr)));
	if (fd < 0) {
		bind_error(addr, -fd, e);
		return fd;
	}
	add(l, config, fd);
	return 0;
}

static bool
is_absent(int error)
{
	return error == -EADDRNOTAVAIL || error == -EAFNOSUPPORT;
}

/* A host name may stand for several addresses; not all need to exist here. */
static int
add_text(struct listeners *l, const struct config *config, const char *text,
    struct inherited *in, struct errmsg *e)
{
	struct addr_list list;
	int before = l->count;
	int error;

	if (addr_resolve(&list, text, ADDR_TO_LISTEN, e) < 0)
		return errmsg_prepend(e, "--listen");
	for (int i = 0; i < list.count; i++) {
		error = add_address(l, config, &list.of[i], in, e);
		if (error != 0 && !is_absent(error))
			return -1;
		if (error != 0 && list.count > 1)
			log_warn("%s", e->text);
	}
	return l->count > before ? 0 : -1;
}

static bool
host_has_ipv6(void)
{
	struct addr_list list;
	struct errmsg ignored;
	int fd;

	if (addr_resolve(&list, "[::]:0", ADDR_TO_LISTEN, &ignored) < 0)
		return false;
	fd = bind_address(&list.of[0], 1, true);
	if (fd < 0)
		return false;
	(void)close(fd);
	return true;
}

static int
add_default(struct listeners *l, const struct config *config,
    struct inherited *in, struct errmsg *e)
{
	int fd;

	while ((fd = inherited_take_any(in)) >= 0)
		add_inherited(l, config, fd);
	if (l->count > 0)
		return 0;
	if (host_has_ipv6())
		return add_text(l, config, default_address, in, e);
	log_info("no IPv6 on this host: listening on IPv4 only");
	return add_text(l, config, default_without_ipv6, in, e);
}

static int
add_all(struct listeners *l, const struct config *config, struct inherited *in,
    struct errmsg *e)
{
	int result = 0;

	if (config->listen_count == 0)
		return add_default(l, config, in, e);
	for (int i = 0; i < config->listen_count && result == 0; i++) {
		result = check_overlap(config, i, e);
		if (result == 0)
			result = add_text(l, config, config->listen[i], in, e);
	}
	return result;
}

/* A trial, with a backlog of 0, leaves alone what is inherited. */
int
listeners_open(
    struct listeners *listeners, const struct config *config, struct errmsg *e)
{
	struct inherited in = { .count = 0 };
	int result = 0;

	listeners->count = 0;
	listeners->are_kept = false;
	if (config->backlog > 0)
		result = inherited_open(&in, e);
	if (result == 0)
		result = add_all(listeners, config, &in, e);
	inherited_close(&in);
	if (result < 0)
		listeners_close(listeners);
	return result;
}

int
listeners_check(const struct config *config, struct errmsg *e)
{
	struct config trial = *config; /* borrows all that it points to */
	struct listeners listeners;

	trial.backlog = 0;
	if (listeners_open(&listeners, &trial, e) < 0)
		return -1;
	listeners_close(&listeners);
	return 0;
}

void
listeners_close(struct listeners *listeners)
{
	for (int i = 0; i < listeners->count; i++)
		(void)close(listeners->fds[i]);
	listeners->count = 0;
}

/* What is no listener any more keeps nobody from binding its address. */
void
listeners_shut_down(struct listeners *listeners)
{
	for (int i = 0; i < listeners->count && !listeners->are_kept; i++)
		(void)shutdown(listeners->fds[i], SHUT_RDWR);
	listeners_close(listeners);
}

const char *
listeners_describe(const struct listeners *listeners, char *text, size_t size)
{
	char one[ADDR_TEXT];
	struct addr addr;

	ASSERT(size > 0);
	text[0] = '\0';
	for (int i = 0; i < listeners->count; i++) {
		addr_of_socket(&addr, listeners->fds[i]);
		if (i > 0)
			(void)strncat(text, " ", size - strlen(text) - 1);
		(void)strncat(
		    text, addr_format(&addr, one), size - strlen(text) - 1);
	}
	return text;
}
