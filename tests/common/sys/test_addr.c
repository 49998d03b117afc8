/* test_addr: addresses as text, split, resolved and shown. */
#include "common/sys/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/suite.h"
#include "tests/support/tcp.h"

#define TEN   "xxxxxxxxxx"
#define FIFTY TEN TEN TEN TEN TEN

static struct errmsg e;

static const struct {
	const char *text, *host, *port;
} splits[] = {
	{ "127.0.0.1:4433", "127.0.0.1", "4433" },
	{ "[::1]:4433", "::1", "4433" },
	{ "[fe80::1%eth0]:1", "fe80::1%eth0", "1" },
	{ "[127.0.0.1]:1", "127.0.0.1", "1" },
	{ "localhost:https", "localhost", "https" },
	{ ":1", "", "1" },
	{ "*:1", "*", "1" },
	{ "a:1234567890123456789012345678901", "a",
	    "1234567890123456789012345678901" },
	{ FIFTY FIFTY FIFTY FIFTY FIFTY "12345:1",
	    FIFTY FIFTY FIFTY FIFTY FIFTY "12345", "1" },
};

TEST_EACH(split, splits)
{
	char host[ADDR_HOST];
	char port[32];

	ck_assert_msg(
	    addr_split(splits[_i].text, host, port, &e) == 0, "%s", e.text);
	ck_assert_str_eq(host, splits[_i].host);
	ck_assert_str_eq(port, splits[_i].port);
}

static const char *const bad_splits[] = { "", ":", "host", "host:", "::1",
	"::1:4433", "a:b:1", "[::1]", "[::1]:", "[::1]1", "[::1", "[:1", "[]:1",
	"[", "[:", "]:1:1", "a:12345678901234567890123456789012",
	FIFTY FIFTY FIFTY FIFTY FIFTY "123456:1" };

TEST_EACH(bad_split, bad_splits)
{
	char host[ADDR_HOST];
	char port[32];

	ck_assert_int_eq(addr_split(bad_splits[_i], host, port, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, bad_splits[_i]));
}

static const struct {
	const char *text, *shown;
} literals[] = {
	{ "127.0.0.1:4433", "127.0.0.1:4433" },
	{ "127.0.0.1:1", "127.0.0.1:1" },
	{ "127.0.0.1:65535", "127.0.0.1:65535" },
	{ "0.0.0.0:12345", "0.0.0.0:12345" },
	{ "0:60789", "0.0.0.0:60789" },
	{ "[::1]:4433", "[::1]:4433" },
	{ "[::]:4433", "[::]:4433" },
	{ "[::ffff:10.1.2.3]:5", "10.1.2.3:5" },
	{ "[::ffff:0:10.1.2.3]:5", "[::ffff:0:a01:203]:5" },
	{ "[fe80::1%lo]:5", "[fe80::1%lo]:5" },
	{ "[1111:2222:3333:4444:5555:6666:7777:8888]:65535",
	    "[1111:2222:3333:4444:5555:6666:7777:8888]:65535" },
};

TEST_EACH(literal, literals)
{
	struct addr_list list;
	char text[ADDR_TEXT];

	ck_assert_msg(
	    addr_resolve(&list, literals[_i].text, ADDR_TO_CONNECT, &e) == 0,
	    "%s", e.text);
	ck_assert_int_eq(list.count, 1);
	ck_assert_str_eq(addr_format(&list.of[0], text), literals[_i].shown);
	ck_assert_int_eq(
	    addr_port(&list.of[0]), atoi(strrchr(literals[_i].text, ':') + 1));
}

static const struct {
	const char *text;
	enum addr_use use;
	const char *error;
} unresolved[] = {
	{ "nonsense", ADDR_TO_LISTEN,
	    "'nonsense' is not an address: use HOST:PORT or [IPV6]:PORT" },
	{ "::1:4433", ADDR_TO_LISTEN,
	    "'::1:4433' is ambiguous: write an IPv6 address as [IPV6]:PORT" },
	{ ":1", ADDR_TO_CONNECT, "':1' names no host" },
	{ "*:1", ADDR_TO_CONNECT, "'*:1' names no host" },
	{ "127.0.0.1:0", ADDR_TO_CONNECT,
	    "'127.0.0.1:0': the port is not a number from 1 to 65535" },
	{ "127.0.0.1:65536", ADDR_TO_CONNECT,
	    "'127.0.0.1:65536': the port is not a number from 1 to 65535" },
	{ "127.0.0.1:65536", ADDR_TO_LISTEN,
	    "'127.0.0.1:65536': the port is not a number from 0 to 65535" },
	{ "127.0.0.1:-1", ADDR_TO_LISTEN,
	    "'127.0.0.1:-1': the port is not a number from 0 to 65535" },
	{ "127.0.0.1:+80", ADDR_TO_LISTEN,
	    "'127.0.0.1:+80': the port is not a number from 0 to 65535" },
	{ "127.0.0.1: 80", ADDR_TO_LISTEN,
	    "'127.0.0.1: 80': the port is not a number from 0 to 65535" },
	{ "127.0.0.1:80x", ADDR_TO_LISTEN,
	    "'127.0.0.1:80x': the port is not a number from 0 to 65535" },
	{ "127.0.0.1:0x50", ADDR_TO_LISTEN,
	    "'127.0.0.1:0x50': the port is not a number from 0 to 65535" },
	{ "127.0.0.1:99999999999999999999999", ADDR_TO_LISTEN,
	    "'127.0.0.1:99999999999999999999999': "
	    "the port is not a number from 0 to 65535" },
	{ "127.0.0.1:nosuchservice", ADDR_TO_LISTEN,
	    "127.0.0.1:nosuchservice: "
	    "Servname not supported for ai_socktype" },
};

TEST_EACH(unresolvable, unresolved)
{
	struct addr_list list;

	ck_assert_int_eq(
	    addr_resolve(&list, unresolved[_i].text, unresolved[_i].use, &e),
	    -1);
	ck_assert_str_eq(e.text, unresolved[_i].error);
}

/* An empty label, so that no resolver is asked. */
TEST(no_such_host)
{
	struct addr_list list;

	ck_assert_int_eq(
	    addr_resolve(&list, "no..host:1", ADDR_TO_CONNECT, &e), -1);
	ck_assert_int_eq(strncmp(e.text, "no..host:1: ", 12), 0);
	ck_assert_uint_gt(strlen(e.text), 12);
}

static const char *const wildcards[] = { ":0", "*:0" };

TEST_EACH(wildcard, wildcards)
{
	struct addr_list list;
	char text[ADDR_TEXT];

	ck_assert_int_eq(
	    addr_resolve(&list, wildcards[_i], ADDR_TO_LISTEN, &e), 0);
	ck_assert_int_ge(list.count, 1);
	for (int i = 0; i < list.count; i++) {
		addr_format(&list.of[i], text);
		ck_assert(strcmp(text, "0.0.0.0:0") == 0 ||
		    strcmp(text, "[::]:0") == 0);
	}
}

TEST(localhost)
{
	struct addr_list list;

	if (!tcp_has_localhost())
		return;
	ck_assert_int_eq(
	    addr_resolve(&list, "localhost:4433", ADDR_TO_CONNECT, &e), 0);
	for (int i = 0; i < list.count; i++)
		ck_assert_int_eq(addr_port(&list.of[i]), 4433);
}

/* A listener, a client, and what each end says of itself and the other. */
TEST(of_sockets)
{
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct addr_list any;
	struct addr bound;
	union addr_peer peer;
	char expected[ADDR_TEXT];
	char text[ADDR_TEXT];

	ck_assert_int_eq(
	    addr_resolve(&any, "127.0.0.1:0", ADDR_TO_LISTEN, &e), 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&any.of[0].storage,
			     any.of[0].len),
	    0);
	ck_assert_int_eq(listen(listener, 1), 0);
	addr_of_socket(&bound, listener);
	ck_assert_int_gt(addr_port(&bound), 0);
	addr_of_peer(&peer, client);
	ck_assert_int_eq(peer.any.sa_family, AF_UNSPEC);
	ck_assert_int_eq(
	    connect(client, (struct sockaddr *)&bound.storage, bound.len), 0);
	addr_of_peer(&peer, client);
	ck_assert_str_eq(
	    addr_format_peer(&peer, text), addr_format(&bound, expected));
	(void)close(client);
	(void)close(listener);
}

TEST(of_nothing)
{
	union addr_peer peer;
	struct addr addr;
	char text[ADDR_TEXT];
	uint8_t bytes[16];
	uint16_t port;
	int pair[2];

	addr_of_socket(&addr, -1);
	ck_assert_uint_eq(addr.len, 0);
	ck_assert_int_eq(addr_port(&addr), 0);
	ck_assert_str_eq(addr_format(&addr, text), "unknown");
	addr_of_peer(&peer, STDIN_FILENO);
	memset(bytes, 1, sizeof bytes);
	addr_peer_bytes(&peer, bytes, &port);
	ck_assert_mem_eq(bytes, &in6addr_any, sizeof bytes);
	ck_assert_uint_eq(port, 0);
	ck_assert_str_eq(addr_format_peer(&peer, text), "unknown");
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	addr_of_peer(&peer, pair[0]);
	ck_assert_str_eq(addr_format_peer(&peer, text), "unknown");
	addr_of_socket(&addr, pair[0]);
	ck_assert_str_eq(addr_format(&addr, text), "unknown");
	ck_assert_int_eq(addr_port(&addr), 0);
}

/* The longest text that there is fits. */
TEST(longest_text)
{
	struct addr addr = { .len = sizeof(struct sockaddr_in6) };
	struct sockaddr_in6 *in6 = (void *)&addr.storage;
	char text[ADDR_TEXT];

	in6->sin6_family = AF_INET6;
	memset(&in6->sin6_addr, 0xff, sizeof in6->sin6_addr);
	in6->sin6_addr.s6_addr[1] = 0x82; /* link-local: has a scope */
	in6->sin6_scope_id = UINT32_MAX;
	in6->sin6_port = htons(65535);
	ck_assert_str_eq(addr_format(&addr, text),
	    "[ff82:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535");
}

TEST(bytes_of_a_peer)
{
	static const uint8_t mapped[16] = { [10] = 0xff, 0xff, 192, 0, 2, 7 };
	union addr_peer peer = { .v4 = { .sin_family = AF_INET,
				     .sin_port = htons(65535),
				     .sin_addr.s_addr = htonl(0xc0000207) } };
	uint8_t bytes[16];
	uint16_t port;

	addr_peer_bytes(&peer, bytes, &port);
	ck_assert_mem_eq(bytes, mapped, sizeof mapped);
	ck_assert_uint_eq(port, 65535);
	peer.v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6,
		.sin6_port = htons(1),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	addr_peer_bytes(&peer, bytes, &port);
	ck_assert_mem_eq(bytes, &in6addr_loopback, sizeof bytes);
	ck_assert_uint_eq(port, 1);
}

SUITE("common/sys/addr")
