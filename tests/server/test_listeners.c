/* test_listeners: sockets that are bound, and how they are described. */
#include "server/listeners.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/sys/file.h"
#include "server/config.h"
#include "tests/support/in_child.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

static struct listeners l;
static struct config config = { .backlog = 16 };
static struct errmsg e;
static char text[1024];

static void
add(const char *address)
{
	config.listen[config.listen_count++] = address;
}

/* So many are bound. */
static void
opens(int count)
{
	ck_assert_int_eq(listeners_open(&l, &config, &e), 0);
	ck_assert_int_eq(l.count, count);
}

static int
option(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof value;

	ck_assert_int_eq(getsockopt(fd, level, name, &value, &len), 0);
	return value;
}

static int
bound_port(int i)
{
	struct addr addr;

	addr_of_socket(&addr, l.fds[i]);
	return addr_port(&addr);
}

START_TEST(port_0_becomes_a_port)
{
	char want[64];

	add("127.0.0.1:0");
	opens(1);
	ck_assert_int_gt(bound_port(0), 0);
	(void)snprintf(want, sizeof want, "127.0.0.1:%d", bound_port(0));
	ck_assert_str_eq(listeners_describe(&l, text, sizeof text), want);
	ck_assert_int_eq(fcntl(l.fds[0], F_GETFD), FD_CLOEXEC);
	ck_assert_int_ne(fcntl(l.fds[0], F_GETFL) & O_NONBLOCK, 0);
	ck_assert_int_eq(option(l.fds[0], SOL_SOCKET, SO_REUSEADDR), 1);
	ck_assert_int_eq(option(l.fds[0], SOL_SOCKET, SO_ACCEPTCONN), 1);
	listeners_close(&l);
	listeners_close(&l);
	ck_assert_int_eq(l.count, 0);
}
END_TEST

/* A connection gets the options of its listener. */
START_TEST(accepted_ones_inherit)
{
	struct addr addr;
	int client, fd;

	config.keepalive = (struct keepalive){ .on = true, .idle_s = 77 };
	add("127.0.0.1:0");
	opens(1);
	addr_of_socket(&addr, l.fds[0]);
	client = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(
	    connect(client, (struct sockaddr *)&addr.storage, addr.len), 0);
	fd = tcp_accept(l.fds[0]);
	ck_assert_int_eq(option(fd, IPPROTO_TCP, TCP_NODELAY), 1);
	ck_assert_int_eq(option(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
	ck_assert_int_eq(option(fd, IPPROTO_TCP, TCP_KEEPIDLE), 77);
	(void)close(fd);
	(void)close(client);
	listeners_close(&l);
}
END_TEST

/* What a start would refuse, a check does, and in the same words. */
static const struct {
	const char *hosts[2], *words;
} overlaps[] = {
	{ { "127.0.0.1", "127.0.0.1" }, ": given twice" },
	{ { "*", "" }, ": given twice" },
	{ { "0.0.0.0", "127.0.0.1" }, ": one holds the other" },
	{ { "127.0.0.1", "0.0.0.0" }, ": one holds the other" },
	{ { "127.0.0.1", "127.0.0.2" }, NULL },
	{ { "[::]", "0.0.0.0" }, NULL },
	{ { "192.0.2.1", "127.0.0.1" }, "192.0.2.1:" },
};

static void
expect_overlap(int result, const char *words)
{
	ck_assert_int_eq(result, words == NULL ? 0 : -1);
	if (words != NULL)
		ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
}

START_TEST(overlap)
{
	static char addresses[2][64];
	int port;

	if (!tcp_has_ipv6())
		return;
	add("127.0.0.1:0");
	opens(1);
	port = bound_port(0);
	listeners_close(&l);
	config.listen_count = 0;
	for (int i = 0; i < 2; i++) {
		(void)snprintf(addresses[i], sizeof addresses[i], "%s:%d",
		    overlaps[_i].hosts[i], port);
		add(addresses[i]);
	}
	expect_overlap(listeners_check(&config, &e), overlaps[_i].words);
	e.text[0] = '\0';
	expect_overlap(listeners_open(&l, &config, &e), overlaps[_i].words);
	listeners_close(&l);
}
END_TEST

/* As a server's that runs, and is to be reloaded. */
START_TEST(check_of_an_address_in_use)
{
	static char address[64];

	add("127.0.0.1:0");
	opens(1);
	(void)snprintf(address, sizeof address, "127.0.0.1:%d", bound_port(0));
	config.listen[0] = address;
	ck_assert_int_eq(listeners_check(&config, &e), 0);
	listeners_close(&l);
}
END_TEST

START_TEST(several)
{
	char want[128];

	add("127.0.0.1:0");
	add("127.0.0.2:0");
	opens(2);
	(void)snprintf(want, sizeof want, "127.0.0.1:%d 127.0.0.2:%d",
	    bound_port(0), bound_port(1));
	ck_assert_str_eq(listeners_describe(&l, text, sizeof text), want);
	/* Cut where it does not fit. */
	ck_assert_str_eq(listeners_describe(&l, text, 10), "127.0.0.1");
	listeners_close(&l);
}
END_TEST

START_TEST(address_in_use)
{
	char taken[64];
	struct addr addr;
	int other = tcp_listen(&addr);

	(void)snprintf(taken, sizeof taken, "127.0.0.1:%d", addr_port(&addr));
	add("127.0.0.1:0"); /* closed again */
	add(taken);
	ck_assert_int_eq(listeners_open(&l, &config, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, taken));
	ck_assert_ptr_nonnull(strstr(e.text, "in use"));
	ck_assert_int_eq(l.count, 0);
	(void)close(other);
}
END_TEST

/* Of another host, and none at all. */
START_TEST(wrong_addresses)
{
	static const char *const wrong[] = { "192.0.2.1:0", "127.0.0.1" };

	add(wrong[_i]);
	ck_assert_int_eq(listeners_open(&l, &config, &e), -1);
	ck_assert_int_eq(strncmp(e.text, "--listen: ", 10), 0);
	ck_assert_ptr_nonnull(strstr(e.text, wrong[_i]));
}
END_TEST

static void
open_low_port(void)
{
	add("127.0.0.1:1");
	ck_assert_int_eq(listeners_open(&l, &config, &e), -1);
	ck_assert_str_eq(e.text,
	    "--listen: 127.0.0.1:1: Permission denied: a port as low as this "
	    "needs CAP_NET_BIND_SERVICE: take another, such as 4433");
}

/* Some systems, such as containers, let everyone have every port. */
START_TEST(low_port)
{
	struct file_bytes first = FILE_BYTES_INIT;

	ck_assert_int_eq(
	    file_read_line(
		&first, "/proc/sys/net/ipv4/ip_unprivileged_port_start", &e),
	    0);
	if (strtol((char *)first.data, NULL, 10) <= 1)
		suite_skip("here everyone may bind port 1");
	else if (geteuid() != 0)
		open_low_port();
	else
		(void)in_child_as_nobody(open_low_port);
	file_bytes_free(&first);
}
END_TEST

static bool
has_ipv6(void)
{
	const struct sockaddr_in6 any = { .sin6_family = AF_INET6 };
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	bool has =
	    fd >= 0 && bind(fd, (const struct sockaddr *)&any, sizeof any) == 0;

	if (fd >= 0)
		(void)close(fd);
	return has;
}

/* [::] serves IPv4 too, unless IPv4 is asked for with the same port. */
START_TEST(both_families)
{
	if (!has_ipv6()) {
		suite_skip("this host has no IPv6");
		return;
	}
	add("[::]:0");
	opens(1);
	ck_assert_int_eq(option(l.fds[0], IPPROTO_IPV6, IPV6_V6ONLY), 0);
	listeners_close(&l);
	add("0.0.0.0:0");
	opens(2);
	ck_assert_int_eq(option(l.fds[0], IPPROTO_IPV6, IPV6_V6ONLY), 1);
	listeners_close(&l);
}
END_TEST

/* A stopped worker has the socket, too, and closes nothing. */
START_TEST(shut_down_for_all)
{
	char again[64];
	int copy;

	add("127.0.0.1:0");
	opens(1);
	copy = dup(l.fds[0]);
	(void)snprintf(again, sizeof again, "127.0.0.1:%d", bound_port(0));
	listeners_shut_down(&l);
	ck_assert_int_eq(l.count, 0);
	config.listen[0] = again;
	opens(1);
	listeners_close(&l);
	(void)close(copy);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("server/listeners");

	SUITE_ADD(s, port_0_becomes_a_port);
	SUITE_ADD(s, accepted_ones_inherit);
	SUITE_ADD(s, several);
	SUITE_ADD_LOOP(s, overlap, sizeof overlaps / sizeof *overlaps);
	SUITE_ADD(s, check_of_an_address_in_use);
	SUITE_ADD(s, address_in_use);
	SUITE_ADD_LOOP(s, wrong_addresses, 2);
	SUITE_ADD(s, low_port);
	SUITE_ADD(s, both_families);
	SUITE_ADD(s, shut_down_for_all);
	return suite_run(s, argc, argv);
}
