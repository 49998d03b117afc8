/* test_header: every form of a PROXY header, and what is none. */
#include "server/proxy/header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/header_case.h"
#include "tests/support/suite.h"

static struct header_case h;
static struct proxy_header got;

/* Parses a copy of just these bytes, so that a sanitizer sees each one more. */
static enum proxy_result
parse(const void *bytes, size_t n, size_t *used)
{
	static uint8_t *copy;

	free(copy);
	copy = malloc(n + 1);
	ck_assert_ptr_nonnull(copy);
	copy = realloc(copy, n > 0 ? n : 1);
	memcpy(copy, bytes, n);
	return proxy_header_parse(&got, copy, n, used);
}

/* All of the bytes but none behind; and not before the last has come. */
static void
expect_whole(const void *bytes, size_t n)
{
	static uint8_t more[PROXY_HEADER_MAX + 3];
	size_t used = 0;

	for (size_t i = 0; i < n; i++)
		ck_assert_msg(parse(bytes, i, &used) == PROXY_MORE,
		    "after %zu of %zu bytes: %s", i, n, got.fault);
	memcpy(more, bytes, n);
	memcpy(more + n, "\x16\x03\x01", 3);
	ck_assert_int_eq(parse(more, n + 3, &used), PROXY_OK);
	ck_assert_uint_eq(used, n);
	ck_assert_msg(parse(bytes, n, &used) == PROXY_OK, "%s", got.fault);
	ck_assert_uint_eq(used, n);
}

static void
expect_bad(const void *bytes, size_t n, const char *fault)
{
	size_t used = 0;

	ck_assert_int_eq(parse(bytes, n, &used), PROXY_BAD);
	ck_assert_str_eq(got.fault, fault);
}

static void
expect_address(const union addr_peer *addr, const char *expected)
{
	char text[ADDR_TEXT];

	ck_assert_str_eq(addr_format_peer(addr, text), expected);
}

static void
expect_slice(struct proxy_slice slice, const char *expected)
{
	if (expected == NULL) {
		ck_assert_ptr_null(slice.bytes);
		return;
	}
	ck_assert_ptr_nonnull(slice.bytes);
	ck_assert_uint_eq(slice.n, strlen(expected));
	ck_assert_mem_eq(slice.bytes, expected, slice.n);
}

static const struct {
	const char *line, *source, *destination;
} lines[] = {
	{ "PROXY TCP4 192.0.2.1 198.51.100.2 4660 443\r\n", "192.0.2.1:4660",
	    "198.51.100.2:443" },
	{ "PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n", "0.0.0.0:0",
	    "255.255.255.255:65535" },
	{ "PROXY TCP6 2001:db8::1 ::1 4660 443\r\n", "[2001:db8::1]:4660",
	    "[::1]:443" },
	/* haproxy, of an IPv4 client of "bind [::]:PORT v4v6" */
	{ "PROXY TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.9 4660 443\r\n",
	    "192.0.2.1:4660", "192.0.2.9:443" },
	{ "PROXY UNKNOWN\r\n", "unknown", "unknown" },
	{ "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
	  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
	    "unknown", "unknown" },
	/* the longest of section 2.1 */
	{ "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
	  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
	    "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535",
	    "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535" },
};

TEST_EACH(lines_of_version_1, lines)
{
	expect_whole(lines[_i].line, strlen(lines[_i].line));
	ck_assert_uint_eq(got.version, 1);
	ck_assert(!got.is_local);
	expect_address(&got.source, lines[_i].source);
	expect_address(&got.destination, lines[_i].destination);
}

static const char wrong_address[] = "an address or port in its line is wrong";
static const char wrong_protocol[] = "its line is not of TCP4, TCP6 or UNKNOWN";
static const char none[] = "there is none";

static const struct {
	const char *bytes, *fault;
} wrong[] = {
	{ "PROXY TCP4 192.0.2.1 198.51.100.2 4660 443\n",
	    "its line does not end in CR LF" },
	{ "PROXY TCP4 192.0.2.256 198.51.100.2 4660 443\r\n", wrong_address },
	{ "PROXY TCP4 192.0.2.01 198.51.100.2 4660 443\r\n", wrong_address },
	{ "PROXY TCP4 ::1 ::1 4660 443\r\n", wrong_address },
	{ "PROXY TCP6 192.0.2.1 198.51.100.2 4660 443\r\n", wrong_address },
	{ "PROXY TCP4 192.0.2.1 198.51.100.2 65536 443\r\n", wrong_address },
	{ "PROXY TCP4 192.0.2.1 198.51.100.2 4660 0443\r\n", wrong_address },
	{ "PROXY TCP4 192.0.2.1 198.51.100.2 +466 443\r\n", wrong_address },
	{ "PROXY TCP4 192.0.2.1 198.51.100.2 4660\r\n", wrong_address },
	{ "PROXY TCP4 192.0.2.1 198.51.100.2 4660 443 \r\n", wrong_address },
	{ "PROXY TCP4 192.0.2.1 198.51.100.2 4660 443 1\r\n", wrong_address },
	{ "PROXY TCP4  192.0.2.1 198.51.100.2 4660 443\r\n", wrong_address },
	{ "PROXY TCP4 192.0.2.1 198.51.100.2  443\r\n", wrong_address },
	{ "PROXY TCP4\r\n", wrong_address },
	{ "PROXY \r\n", "its line names no protocol" },
	{ "PROXY UDP4 192.0.2.1 198.51.100.2 4660 443\r\n", wrong_protocol },
	{ "PROXY tcp4 192.0.2.1 198.51.100.2 4660 443\r\n", wrong_protocol },
	{ "PROXY UNKNOWNS\r\n", wrong_protocol },
	{ "PROXY\r\n", none },
	{ "proxy TCP4 192.0.2.1 198.51.100.2 4660 443\r\n", none },
	{ "GET / HTTP/1.1\r\n", none },
	{ "\r\n\r\n.\r\nQUIT\n", none },
	{ "\x16\x03\x01\x02", "there is none, TLS begins at once" },
};

TEST_EACH(wrong_beginnings, wrong)
{
	expect_bad(wrong[_i].bytes, strlen(wrong[_i].bytes), wrong[_i].fault);
}

/* 107 bytes are the most, and 108 are too many before they have come. */
TEST(line_without_an_end)
{
	char line[PROXY_V1_MAX + 1];
	size_t used;

	memset(line, 'x', sizeof line);
	memcpy(line, "PROXY UNKNOWN ", 14);
	ck_assert_int_eq(parse(line, PROXY_V1_MAX - 1, &used), PROXY_MORE);
	expect_bad(line, PROXY_V1_MAX, "its line has more than 107 bytes");
	line[PROXY_V1_MAX - 2] = '\r';
	line[PROXY_V1_MAX - 1] = '\n';
	expect_whole(line, PROXY_V1_MAX);
	line[20] = '\0';
	expect_whole(line, PROXY_V1_MAX);
}

TEST(zero_byte_within_an_address)
{
	static const char line[] =
	    "PROXY TCP4 192.0.2.1\0 198.51.100.2 4660 443\r\n";

	expect_bad(line, sizeof line - 1, wrong_address);
}

static const struct {
	uint8_t command, family;
	const char *block;
	size_t n;
	const char *source, *destination;
} blocks[] = {
	{ HEADER_PROXY, HEADER_TCP4, HEADER_INET, 12, "192.0.2.1:4660",
	    "198.51.100.2:443" },
	{ HEADER_PROXY, HEADER_UDP4, HEADER_INET, 12, "192.0.2.1:4660",
	    "198.51.100.2:443" },
	{ HEADER_PROXY, HEADER_TCP6,
	    "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
	    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\x12\x34\x01\xbb",
	    36, "[2001:db8::1]:4660", "[::1]:443" },
	/* haproxy 2.6, of an IPv4 client of "bind [::]:PORT v4v6" */
	{ HEADER_PROXY, HEADER_TCP6,
	    "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1"
	    "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1\xd1\x2c\x46\x55\x03\0\x04"
	    "\xac\xb2\xc8\x41",
	    43, "127.0.0.1:53548", "127.0.0.1:18005" },
	{ HEADER_PROXY, HEADER_UNSPEC, "", 0, "unknown", "unknown" },
	/* haproxy: health checks with nothing, a checksum, an SSL field; and
	 * clients of a unix socket */
	{ HEADER_LOCAL, HEADER_UNSPEC, "", 0, "unknown", "unknown" },
	{ HEADER_LOCAL, HEADER_UNSPEC, "\x03\0\x04\xa9\xb8\x7e\x8f", 7,
	    "unknown", "unknown" },
	{ HEADER_LOCAL, HEADER_UNSPEC, "\x20\0\x05\0\0\0\0\0", 8, "unknown",
	    "unknown" },
	{ HEADER_LOCAL, HEADER_UNSPEC,
	    "\x03\0\x04\x95\x5e\x6a\0\x05\0\0\x20\0\x05\0\0\0\0\0", 18,
	    "unknown", "unknown" },
	/* Whatever stands behind LOCAL. */
	{ HEADER_LOCAL, 0xff, "what", 4, "unknown", "unknown" },
	{ HEADER_LOCAL, HEADER_TCP4, HEADER_INET, 12, "unknown", "unknown" },
};

TEST_EACH(blocks_of_version_2, blocks)
{
	header_case_begin(&h, blocks[_i].command, blocks[_i].family);
	header_case_add(&h, blocks[_i].block, blocks[_i].n);
	expect_whole(h.bytes, h.n);
	ck_assert_uint_eq(got.version, 2);
	ck_assert_int_eq(got.is_local, blocks[_i].command == HEADER_LOCAL);
	expect_address(&got.source, blocks[_i].source);
	expect_address(&got.destination, blocks[_i].destination);
	ck_assert(!got.ssl.present);
	ck_assert_int_eq(got.ssl.certificate, PROXY_CERTIFICATE_NONE);
}

TEST(unix_addresses)
{
	static const uint8_t paths[216] = "/run/a";

	header_case_begin(&h, HEADER_PROXY, HEADER_UNIX);
	header_case_add(&h, paths, sizeof paths);
	header_case_tlv(&h, 2, "example.org", 11);
	expect_whole(h.bytes, h.n);
	expect_address(&got.source, "unknown");
	expect_slice(got.authority, "example.org");
}

static void
begin(void)
{
	header_case_begin(&h, HEADER_PROXY, HEADER_TCP4);
	header_case_add(&h, HEADER_INET, 12);
}

TEST(fields)
{
	begin();
	header_case_tlv(&h, 4, "\0\0\0", 3); /* NOOP */
	header_case_tlv(&h, 1, "echo/1", 6);
	header_case_tlv(&h, 2, "example.org", 11);
	header_case_tlv(&h, 5, "id-1", 4);
	header_case_tlv(&h, 0xe4, "somebody's own", 14);
	header_case_tlv(&h, 0x30, "netns", 5);
	expect_slice(got.ssl.version, NULL);
	header_case_tlv(&h, 0x20,
	    "\x05\0\0\0\0\x21\0\7TLSv1.3\x22\0\5alice\x23\0\3AES\x25\0\1x", 33);
	header_case_checksum(&h);
	expect_whole(h.bytes, h.n);
	expect_slice(got.alpn, "echo/1");
	expect_slice(got.authority, "example.org");
	expect_slice(got.unique_id, "id-1");
	ck_assert(got.ssl.present);
	expect_slice(got.ssl.version, "TLSv1.3");
	expect_slice(got.ssl.common_name, "alice");
	expect_slice(got.ssl.cipher, "AES");
}

/* haproxy 3.0.11, of a client of TLS: send-proxy-v2-ssl-cn proxy-v2-options
 * crc32c,authority,unique-id,ssl-cipher,cert-key,cert-sig */
TEST(all_that_haproxy_sends)
{
	static const char sent[] =
	    "\x7f\0\0\1\x7f\0\0\1\xd7\xcc\x5b\x61\3\0\4\x54\x8a\xa2\x7f"
	    "\2\0\x09localhost\5\0\5id-11\x20\0\x4c\7\0\0\0\0\x21\0\7TLSv1.3"
	    "\x22\0\5alice\x25\0\5EC256\x24\0\x11"
	    "ecdsa-with-SHA256\x23\0\x16TLS_AES_256_GCM_SHA384";

	header_case_begin(&h, HEADER_PROXY, HEADER_TCP4);
	header_case_add(&h, sent, sizeof sent - 1);
	expect_whole(h.bytes, h.n);
	expect_address(&got.source, "127.0.0.1:55244");
	expect_slice(got.authority, "localhost");
	expect_slice(got.unique_id, "id-11");
	ck_assert_int_eq(got.ssl.certificate, PROXY_CERTIFICATE_VERIFIED);
	expect_slice(got.ssl.common_name, "alice");
	expect_slice(got.ssl.cipher, "TLS_AES_256_GCM_SHA384");
}

/* The same of a check with check-ssl: its own TLS, which has not begun yet. */
TEST(check_of_haproxy_that_speaks_tls)
{
	static const char sent[] =
	    "\3\0\4\x2b\x97\x0f\x95\x20\0\x18\1\0\0\0\0\x21\0\7TLSv1.3"
	    "\x23\0\6(NONE)";

	header_case_begin(&h, HEADER_LOCAL, HEADER_UNSPEC);
	header_case_add(&h, sent, sizeof sent - 1);
	expect_whole(h.bytes, h.n);
	ck_assert(got.is_local);
	expect_slice(got.ssl.cipher, "(NONE)");
}

static const struct {
	const char *value;
	enum proxy_certificate certificate;
} certificates[] = {
	{ "\x01\0\0\0\0", PROXY_CERTIFICATE_NONE }, /* haproxy, without one */
	{ "\x01\0\0\0\1", PROXY_CERTIFICATE_NONE },
	{ "\x03\0\0\0\0", PROXY_CERTIFICATE_VERIFIED },
	{ "\x05\0\0\0\0", PROXY_CERTIFICATE_VERIFIED },
	{ "\x03\0\0\0\x12", PROXY_CERTIFICATE_FAILED },
	{ "\x07\1\0\0\0", PROXY_CERTIFICATE_FAILED },
};

TEST_EACH(client_certificates, certificates)
{
	begin();
	header_case_tlv(&h, 0x20, certificates[_i].value, 5);
	expect_whole(h.bytes, h.n);
	ck_assert(got.ssl.present);
	ck_assert_int_eq(got.ssl.certificate, certificates[_i].certificate);
}

static const struct {
	uint8_t type;
	const char *value;
	size_t n;
	const char *fault;
} faults[] = {
	{ 3, "\0\0\0\0", 4, "its CRC32C is wrong" },
	{ 3, "\0\0\0", 3, "its CRC32C has not 4 bytes" },
	{ 0x20, "\0\0\0\0", 4, "its SSL field is too short" },
	{ 0x20, "\1\0\0\0\0\x21", 6, "a field within SSL is cut off" },
	{ 0x20, "\1\0\0\0\0\x21\0\2x", 9, "a field within SSL is cut off" },
};

TEST_EACH(faults_in_fields, faults)
{
	begin();
	header_case_tlv(&h, faults[_i].type, faults[_i].value, faults[_i].n);
	expect_bad(h.bytes, h.n, faults[_i].fault);
}

TEST(unique_id_has_a_limit)
{
	static const uint8_t id[PROXY_UNIQUE_ID_MAX + 1];

	begin();
	header_case_tlv(&h, 5, id, PROXY_UNIQUE_ID_MAX);
	expect_whole(h.bytes, h.n);
	begin();
	header_case_tlv(&h, 5, id, sizeof id);
	expect_bad(h.bytes, h.n, "its unique id is longer than 128 bytes");
}

/* Each bit of a header with a checksum counts. */
TEST(changed_bits)
{
	size_t used;

	begin();
	header_case_tlv(&h, 2, "example.org", 11);
	header_case_checksum(&h);
	for (size_t bit = 12 * 8; bit < h.n * 8; bit++) {
		h.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		/* A type that is none of a checksum's, and LOCAL. */
		if (bit / 8 != h.n - 7 && bit != 12 * 8)
			ck_assert_msg(parse(h.bytes, h.n, &used) != PROXY_OK ||
				used != h.n,
			    "bit %zu", bit);
		h.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
}

/* Fixed parts are judged before what they announce has come. */
TEST(fixed_parts)
{
	static const uint8_t big[PROXY_V2_LENGTH + 1 - 15];

	header_case_begin(&h, 0x11, HEADER_TCP4);
	expect_bad(h.bytes, 16, "its version is not 2");
	header_case_begin(&h, 0x22, HEADER_TCP4);
	expect_bad(h.bytes, 16, "its command is neither LOCAL nor PROXY");
	header_case_begin(&h, HEADER_PROXY, 0x41);
	expect_bad(h.bytes, 16, "its address family is unknown");
	header_case_begin(&h, HEADER_PROXY, 0x13);
	expect_bad(h.bytes, 16, "its address family is unknown");
	header_case_begin(&h, HEADER_PROXY, HEADER_TCP4);
	header_case_add(&h, HEADER_INET, 11);
	expect_bad(h.bytes, h.n, "its addresses are cut off");
	begin();
	header_case_add(&h, "\2\0", 2);
	expect_bad(h.bytes, h.n, "a field is cut off");
	begin();
	header_case_tlv(&h, 4, big, sizeof big - 1);
	expect_whole(h.bytes, h.n);
	ck_assert_uint_eq(h.n, PROXY_HEADER_MAX);
	begin();
	header_case_tlv(&h, 4, big, sizeof big);
	expect_bad(h.bytes, 16, "it is longer than 4 KiB");
}

SUITE("server/proxy/header")
