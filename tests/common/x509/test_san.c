/* test_san: which kind of alternative name a text is. */
#include "common/x509/san.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

#define LABEL_63 \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static struct tls_san san;
static struct errmsg e;

/* A copy of just that size: what is read after it is seen by sanitizers. */
static int
parse(const char *text)
{
	size_t size = strlen(text);
	char *copy = malloc(size > 0 ? size : 1);
	int result;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, size);
	result = tls_san_parse(&san, copy, size, &e);
	free(copy);
	return result;
}

static const struct {
	const char *text;
	enum tls_san_kind kind;
} good[] = {
	{ "localhost", TLS_SAN_DNS_NAME },
	{ "a", TLS_SAN_DNS_NAME },
	{ "www.Example.org", TLS_SAN_DNS_NAME },
	{ "xn--mller-kva.example", TLS_SAN_DNS_NAME },
	{ "load_01", TLS_SAN_DNS_NAME },
	{ "0001", TLS_SAN_DNS_NAME },
	{ "3com.com", TLS_SAN_DNS_NAME },
	{ "1.2.3.4.example", TLS_SAN_DNS_NAME },
	{ LABEL_63, TLS_SAN_DNS_NAME },
	{ LABEL_63 "." LABEL_63 "." LABEL_63 ".a", TLS_SAN_DNS_NAME },
	{ "*.example.org", TLS_SAN_DNS_NAME },
	{ "*.local", TLS_SAN_DNS_NAME },
	{ "127.0.0.1", TLS_SAN_ADDRESS },
	{ "::1", TLS_SAN_ADDRESS },
	{ "2001:db8::1", TLS_SAN_ADDRESS },
	{ "me@example.org", TLS_SAN_EMAIL },
	{ "a/b+tag@b", TLS_SAN_EMAIL },
	{ "spiffe://example.org/load", TLS_SAN_URI },
	{ "mailto:me@example.org", TLS_SAN_URI },
	{ "urn:a:b", TLS_SAN_URI },
	{ "a+b.c-1:x@y", TLS_SAN_URI },
	{ "localhost:8080", TLS_SAN_URI },
	{ "spiffe://a/*", TLS_SAN_URI },
};

TEST_EACH(kind, good)
{
	ck_assert_msg(parse(good[_i].text) == 0, "%s", e.text);
	ck_assert_int_eq(san.kind, good[_i].kind);
	if (san.kind != TLS_SAN_ADDRESS)
		ck_assert_uint_eq(san.size, strlen(good[_i].text));
}

static const struct {
	const char *text, *why;
} bad[] = {
	{ "", "neither an address nor a DNS name" },
	{ ".", "nor a DNS name" },
	{ ".hidden", "nor a DNS name" },
	{ "a..b", "nor a DNS name" },
	{ "a.", "nor a DNS name" },
	{ "-a", "nor a DNS name" },
	{ "a.b-", "nor a DNS name" },
	{ "a/b", "nor a DNS name" },
	{ "10.0.0.256", "nor a DNS name" },
	{ "10.0.0", "nor a DNS name" },
	{ "[::1]", "nor a DNS name" },
	{ "2001:db8::x", "nor a DNS name" },
	{ "1a:x", "nor a DNS name" },
	{ ":x", "nor a DNS name" },
	{ "a/b:x", "nor a DNS name" },
	{ LABEL_63 "a", "nor a DNS name" },
	{ LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63, "nor a DNS name" },
	{ "*.", "nor a DNS name" },
	{ "*..b", "nor a DNS name" },
	{ "*", "* may only be the whole first label" },
	{ "*.*.org", "* may only be" },
	{ "w*.example.org", "* may only be" },
	{ "a.*.b", "* may only be" },
	{ "@example.org", "is no e-mail address" },
	{ "me@", "is no e-mail address" },
	{ "@", "is no e-mail address" },
	{ "me@you@example.org", "is no e-mail address" },
	{ ".me@example.org", "is no e-mail address" },
	{ "*@example.org", "is no e-mail address" },
	{ "me@*.example.org", "is no e-mail address" },
	{ "x:", "is no URI" },
	{ "a b", "must be ASCII without blanks" },
	{ "urn:a b", "must be ASCII" },
	{ "a\nb", "must be ASCII" },
	{ "a\x7f", "must be ASCII" },
	{ "m\xc3\xbcller", "must be ASCII" },
	{ "x://m\xc3\xbcller", "must be ASCII" },
};

TEST_EACH(refused, bad)
{
	ck_assert_int_eq(parse(bad[_i].text), -1);
	ck_assert_msg(strstr(e.text, bad[_i].why) != NULL, "'%s' %s",
	    bad[_i].text, e.text);
}

TEST(nul_is_no_end)
{
	ck_assert_int_eq(tls_san_parse(&san, "a\0b", 3, &e), -1);
	ck_assert_int_eq(tls_san_parse(&san, "urn:a\0b", 7, &e), -1);
	ck_assert(!tls_san_is_dns_name("a\0b", 3));
}

TEST(addresses_are_in_network_order)
{
	static const uint8_t v4[] = { 127, 0, 0, 1 };
	static const uint8_t v6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };

	ck_assert_int_eq(parse("127.0.0.1"), 0);
	ck_assert_uint_eq(san.size, 4);
	ck_assert_mem_eq(san.address, v4, 4);
	ck_assert_int_eq(parse("2001:db8::1"), 0);
	ck_assert_uint_eq(san.size, 16);
	ck_assert_mem_eq(san.address, v6, 16);
}

SUITE("common/x509/san")
