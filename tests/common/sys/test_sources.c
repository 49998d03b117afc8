/* test_sources: lists of local addresses, and sockets bound to them. */
#include "common/sys/sources.h"

#include <string.h>
#include <unistd.h>

#include "tests/support/suite.h"
#include "tests/support/tcp.h"

static struct sources sources;
static struct errmsg e;

static void
parse(const char *text)
{
	ck_assert_msg(sources_parse(&sources, text, &e) == 0, "%s", e.text);
}

static const char *
shown(unsigned turn)
{
	static char text[ADDR_TEXT];

	return addr_format_peer(sources_turn(&sources, turn), text);
}

static const struct {
	const char *text;
	unsigned count;
	const char *first, *last;
} lists[] = {
	{ "127.0.0.1", 1, "127.0.0.1:0", "127.0.0.1:0" },
	{ "10.0.0.2,10.0.0.1", 2, "10.0.0.2:0", "10.0.0.1:0" },
	{ "10.0.0.7-10.0.0.7", 1, "10.0.0.7:0", "10.0.0.7:0" },
	{ "127.0.0.2-127.0.0.73", 72, "127.0.0.2:0", "127.0.0.73:0" },
	{ "9.9.9.9,10.0.255.254-10.1.0.1", 5, "9.9.9.9:0", "10.1.0.1:0" },
	{ "10.0.1.0-10.0.1.255", 256, "10.0.1.0:0", "10.0.1.255:0" },
	{ "255.255.255.254-255.255.255.255", 2, "255.255.255.254:0",
	    "255.255.255.255:0" },
	{ "::1", 1, "[::1]:0", "[::1]:0" },
	{ "fd00::fffe-fd00::1:2,::1", 6, "[fd00::fffe]:0", "[::1]:0" },
};

TEST_EACH(list, lists)
{
	parse("1.1.1.1,2.2.2.2"); /* which are forgotten */
	parse(lists[_i].text);
	ck_assert_uint_eq(sources.count, lists[_i].count);
	ck_assert_str_eq(shown(0), lists[_i].first);
	ck_assert_str_eq(shown(lists[_i].count - 1), lists[_i].last);
	ck_assert_str_eq(shown(lists[_i].count), lists[_i].first);
}

#define LONG "1111:1111:1111:1111:1111:1111:1111:1111"

static const struct {
	const char *text, *error;
} bad_lists[] = {
	{ "", "'' is neither an IPv4 nor an IPv6 address" },
	{ "10.0.0.1,", "'' is neither an IPv4 nor an IPv6 address" },
	{ "localhost", "'localhost' is neither an IPv4 nor an IPv6 address" },
	{ "10.0.0.1-9", "'9' is neither an IPv4 nor an IPv6 address" },
	{ "10.0.0.1:0", "'10.0.0.1:0' is neither an IPv4 nor an IPv6 address" },
	{ "-10.0.0.1", "'' is neither an IPv4 nor an IPv6 address" },
	{ "10.0.0.0/24",
	    "'10.0.0.0/24' is neither an IPv4 nor an IPv6 address" },
	{ "10.0.0.9-10.0.0.1",
	    "'10.0.0.9-10.0.0.1': the larger address comes last" },
	{ "10.0.0.1-::1", "'10.0.0.1-::1' has ends of different families" },
	{ "10.0.0.1,::1", "IPv4 and IPv6 exclude each other" },
	{ "10.0.0.1-10.0.1.1", "more than 256 addresses" },
	{ "0.0.0.0-255.255.255.255", "more than 256 addresses" },
	{ LONG "-" LONG "-" LONG, "'" LONG "-" LONG "-" LONG "' is too long" },
};

TEST_EACH(bad_list, bad_lists)
{
	ck_assert_int_eq(sources_parse(&sources, bad_lists[_i].text, &e), -1);
	ck_assert_str_eq(e.text, bad_lists[_i].error);
}

static const struct {
	const char *sources;
	int kept;
	const char *error; /* of the other ones */
} families[] = {
	{ "10.0.0.1", 2, "the server has no IPv6 address" },
	{ "fd00::1", 1, "the server has no IPv4 address" },
};

TEST_EACH(match, families)
{
	struct addr_list servers;
	struct addr_list more;

	ck_assert_int_eq(
	    addr_resolve(&servers, "1.2.3.4:5", ADDR_TO_CONNECT, &e), 0);
	ck_assert_int_eq(
	    addr_resolve(&more, "[::1]:5", ADDR_TO_CONNECT, &e), 0);
	servers.of[1] = more.of[0];
	servers.of[2] = servers.of[0];
	servers.count = 3;
	ck_assert_int_eq(sources_match(&sources, &servers, &e), 0);
	ck_assert_int_eq(servers.count, 3);
	parse(families[_i].sources);
	ck_assert_int_eq(sources_match(&sources, &servers, &e), 0);
	ck_assert_int_eq(servers.count, families[_i].kept);
	for (int i = 0; i < servers.count; i++)
		ck_assert_int_eq(servers.of[i].storage.ss_family,
		    sources.of[0].any.sa_family);
	parse(families[1 - _i].sources);
	ck_assert_int_eq(sources_match(&sources, &servers, &e), -1);
	ck_assert_str_eq(e.text, families[_i].error);
}

/* 192.0.2.0/24 and 2001:db8::/32 are nobody's: RFC 5737, RFC 3849. */
TEST(check)
{
	ck_assert_int_eq(sources_check(&sources, &e), 0);
	ck_assert_ptr_null(sources_turn(&sources, 0));
	parse("127.0.0.1-127.0.0.9");
	ck_assert_int_eq(sources_check(&sources, &e), 0);
	parse("127.0.0.1,192.0.2.1");
	ck_assert_int_eq(sources_check(&sources, &e), -1);
	ck_assert_str_eq(e.text, "192.0.2.1 is not an address of this machine");
	if (!tcp_has_ipv6())
		return;
	parse("::1,2001:db8::1");
	ck_assert_int_eq(sources_check(&sources, &e), -1);
	ck_assert_str_eq(
	    e.text, "2001:db8::1 is not an address of this machine");
}

static const char *const bound[] = { "127.0.0.5", "::1" };

/* The port stays free for others until connect chooses it. */
TEST_EACH(no_port_is_taken, bound)
{
	struct addr addr;
	int fd;

	if (_i == 1 && !tcp_has_ipv6())
		return;
	parse(bound[_i]);
	fd = socket(sources.of[0].any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(sources_bind(fd, sources_turn(&sources, 0)), 0);
	addr_of_socket(&addr, fd);
	ck_assert_int_eq(addr_port(&addr), 0);
	ck_assert_ptr_nonnull(strstr(shown(0), bound[_i]));
	(void)close(fd);
	ck_assert_int_lt(sources_bind(-1, sources_turn(&sources, 0)), 0);
}

SUITE("common/sys/sources")
