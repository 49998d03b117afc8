/* test_proxied: a session that begins with a PROXY header, in pieces. */
#include "server/worker/proxied.h"

#include <string.h>

#include "common/conn/loop.h"
#include "common/tls/session.h"
#include "server/worker/balancer.h"
#include "server/worker/proxied_json.h"
#include "server/worker/session.h"
#include "tests/support/header_case.h"
#include "tests/support/suite.h"

static const uint8_t hello[] = { 0x16, 0x03, 0x01 };
static struct balancer balancer;
static struct conn_loop loop;
static struct session session;
static struct header_case h;

/* A proxy at 203.0.113.9:1000 has connected. */
static void
begin(void)
{
	session = (struct session){ .balancer = &balancer,
		.conn = {
		    .loop = &loop, .has_prelude = true, .is_probe = true } };
	session.peer.v4 = (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons(1000),
		.sin_addr.s_addr = htonl(0xcb007109) };
}

static void
make(void)
{
	header_case_begin(&h, HEADER_PROXY, HEADER_TCP4);
	header_case_add(&h, HEADER_INET, 12);
	header_case_tlv(&h, 2, "a\"b\n", 4);
	header_case_checksum(&h);
}

/* What is left of these bytes when the header is whole; or -1. */
static int
feed(const uint8_t *bytes, size_t n)
{
	struct tls_input in = { .bytes = bytes, .n = n };

	if (!proxied_read(&session.conn, &in))
		return -1;
	ck_assert_ptr_eq(in.bytes + in.n, bytes + n);
	return (int)in.n;
}

static void
expect_peer(const char *expected)
{
	char text[SESSION_PEER_TEXT];

	ck_assert_str_eq(session_format_peer(&session, text), expected);
}

/* In front of TLS in one piece; and cut at each byte, with and without it. */
TEST(cut_anywhere)
{
	make();
	memcpy(h.bytes + h.n, hello, sizeof hello);
	for (size_t cut = 0; cut < h.n; cut++) {
		begin();
		if (cut > 0)
			ck_assert_int_eq(feed(h.bytes, cut), -1);
		expect_peer(cut > 0 ? "203.0.113.9:1000 proxy=203.0.113.9:1000"
				    : "203.0.113.9:1000");
		ck_assert_int_eq(feed(h.bytes + cut, h.n - cut + sizeof hello),
		    (int)sizeof hello);
		expect_peer("192.0.2.1:4660 proxy=203.0.113.9:1000");
		ck_assert(!session.conn.is_probe);
		proxied_free(&session.proxied);
	}
}

TEST(byte_by_byte)
{
	make();
	begin();
	for (size_t i = 0; i < h.n; i++)
		ck_assert_int_eq(feed(h.bytes + i, 1), i + 1 < h.n ? -1 : 0);
	expect_peer("192.0.2.1:4660 proxy=203.0.113.9:1000");
	proxied_free(&session.proxied);
}

/* As long as a header may be, with more behind it than fits beside it. */
TEST(long_header)
{
	static uint8_t filling[PROXY_V2_LENGTH - 12 - 3];
	static uint8_t bytes[3 * PROXY_HEADER_MAX];

	header_case_begin(&h, HEADER_PROXY, HEADER_TCP4);
	header_case_add(&h, HEADER_INET, 12);
	header_case_tlv(&h, 4, filling, sizeof filling);
	memcpy(bytes, h.bytes, h.n);
	begin();
	ck_assert_int_eq(feed(bytes, 20), -1);
	ck_assert_int_eq(
	    feed(bytes + 20, sizeof bytes - 20), 2 * PROXY_HEADER_MAX);
	ck_assert_uint_eq(session.proxied->header->n, PROXY_HEADER_MAX);
	proxied_free(&session.proxied);
}

static const struct {
	const char *line;
	bool is_probe;
} own[] = {
	{ "PROXY TCP4 203.0.113.9 192.0.2.7 1000 443\r\n", true },
	{ "PROXY TCP6 ::ffff:203.0.113.9 ::ffff:192.0.2.7 1000 443\r\n", true },
	{ "PROXY TCP4 203.0.113.9 192.0.2.7 1001 443\r\n", false },
	{ "PROXY UNKNOWN\r\n", false },
};

/* haproxy's checks by version 1 name haproxy's end of this connection. */
TEST_EACH(proxy_of_its_own, own)
{
	begin();
	ck_assert_int_eq(
	    feed((const uint8_t *)own[_i].line, strlen(own[_i].line)), 0);
	ck_assert_int_eq(session.conn.is_probe, own[_i].is_probe);
	proxied_free(&session.proxied);
}

TEST(description)
{
	json_t *object;

	ck_assert_ptr_null(proxied_json(NULL));
	make();
	begin();
	ck_assert_int_eq(feed(h.bytes, h.n), 0);
	object = proxied_json(session.proxied);
	ck_assert_ptr_nonnull(object);
	ck_assert_str_eq(json_string_value(json_object_get(object, "address")),
	    "203.0.113.9:1000");
	ck_assert_str_eq(
	    json_string_value(json_object_get(object, "authority")),
	    "a\\22b\\0A");
	ck_assert(json_is_null(json_object_get(object, "ssl")));
	json_decref(object);
	proxied_free(&session.proxied);
}

SUITE("server/worker/proxied")
