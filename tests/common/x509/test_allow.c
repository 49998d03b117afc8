/* test_allow: which certificates which rules allow. */
#include "common/x509/allow.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509-ext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/cert_subject.h"
#include "tests/support/pki.h"
#include "tests/support/suite.h"

enum {
	MANY = 10000
};

static struct errmsg e;
static struct tls_allow *rules;
static struct pki subject;

static void
parse(const char *text)
{
	ck_assert_msg(tls_allow_parse(&rules, text, strlen(text), "f", &e) == 0,
	    "%s: %s", text, e.text);
}

static void
expect(const char *text, bool allowed)
{
	parse(text);
	ck_assert_msg(
	    tls_allow_matches(rules, subject.crt) == allowed, "%s", text);
	tls_allow_free(&rules);
	ck_assert_ptr_null(rules);
}

TEST_LOOP(no_rule, 4)
{
	static const char *const texts[] = { "", "\n\n", "# cn x", " \t\r\n#" };

	cert_subject_begin(&subject);
	cert_subject_end(&subject);
	parse(texts[_i]);
	ck_assert_uint_eq(tls_allow_count(rules), 0);
	ck_assert(tls_allow_matches(rules, subject.crt));
	ck_assert(tls_allow_matches(rules, NULL));
	tls_allow_free(&rules);
	tls_allow_free(&rules);
	pki_free(&subject);
}

TEST(no_certificate)
{
	parse("cn a");
	ck_assert(!tls_allow_matches(rules, NULL));
	tls_allow_free(&rules);
}

/* A certificate that says nothing at all. */
TEST(no_names)
{
	ck_assert_int_eq(gnutls_x509_crt_init(&subject.crt), 0);
	expect("cn a\nsan a\nsan 1.2.3.4\nsan a@b\nsan a:b\n"
	       "pin sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
	    false);
	gnutls_x509_crt_deinit(subject.crt);
}

static const struct {
	const char *name;
	size_t size;
	const char *text;
	bool allowed;
} names[] = {
	{ "alice", 5, "cn alice", true },
	{ "alice", 5, "  cn\t alice \r\n", true },
	{ "alice", 5, "cn bob\n\n# x\ncn alice\ncn carol", true },
	{ "alice", 5, "cn Alice", false },
	{ "alice", 5, "cn alic", false },
	{ "alice", 5, "cn alicex", false },
	{ "alice", 5, "san alice", false },
	{ "alice", 5, "cn *", false },
	{ "*", 1, "cn alice", false },
	{ "Alice B. #1", 11, "cn Alice B. #1", true },
	{ "J\xc3\xbcrgen", 7, "cn J\xc3\xbcrgen", true },
	{ "alice\0x", 7, "cn alice", false },
	{ "alice\0", 6, "cn alice", false },
	{ "\0alice", 6, "cn alice", false },
};

TEST_EACH(common_name, names)
{
	cert_subject_begin(&subject);
	cert_subject_add_cn(&subject, names[_i].name, names[_i].size);
	cert_subject_end(&subject);
	expect(names[_i].text, names[_i].allowed);
	pki_free(&subject);
}

TEST(last_common_name)
{
	cert_subject_begin(&subject);
	cert_subject_add_cn(&subject, "first", 5);
	cert_subject_add_cn(&subject, "last", 4);
	cert_subject_end(&subject);
	expect("cn first", false);
	expect("cn last", true);
	pki_free(&subject);
}

/* The last one cannot match, and then the one before must not. */
TEST_LOOP(unreadable_last_common_name, 2)
{
	static char endless[3000];
	static const struct {
		const char *text;
		size_t size;
	} last[] = { { "last\0x", 6 }, { endless, sizeof endless } };

	memset(endless, 'a', sizeof endless);
	cert_subject_begin(&subject);
	cert_subject_add_cn(&subject, "first", 5);
	cert_subject_add_cn(&subject, last[_i].text, last[_i].size);
	cert_subject_end(&subject);
	expect("cn first\ncn last", false);
	pki_free(&subject);
}

#define DNS(text_)                                             \
	{                                                      \
		GNUTLS_SAN_DNSNAME, (text_), sizeof(text_) - 1 \
	}
#define URI(text_)                                         \
	{                                                  \
		GNUTLS_SAN_URI, (text_), sizeof(text_) - 1 \
	}
#define EMAIL(text_)                                              \
	{                                                         \
		GNUTLS_SAN_RFC822NAME, (text_), sizeof(text_) - 1 \
	}
#define IP(text_)                                                \
	{                                                        \
		GNUTLS_SAN_IPADDRESS, (text_), sizeof(text_) - 1 \
	}

static const struct {
	struct cert_subject_san san;
	const char *text;
	bool allowed;
} sans[] = {
	{ DNS("a.example.org"), "san a.example.org", true },
	{ DNS("A.Example.ORG"), "san a.exAMple.org", true },
	{ DNS("a.example.org"), "san *.example.org", true },
	{ DNS("A.EXAMPLE.ORG"), "san *.example.org", true },
	{ DNS("a-b_1.example.org"), "san *.Example.org", true },
	{ DNS("org"), "san org", true },
	{ DNS("a.org"), "san *.org", true },
	{ DNS("a.example.org"), "cn a.example.org", false },
	{ DNS("a.example.org"), "san example.org", false },
	{ DNS("example.org"), "san *.example.org", false },
	{ DNS(".example.org"), "san *.example.org", false },
	{ DNS("a.b.example.org"), "san *.example.org", false },
	{ DNS("a.b.example.org"), "san *.b.example.org", true },
	{ DNS("*.example.org"), "san *.example.org", true },
	{ DNS("*.example.org"), "san a.example.org", false },
	{ DNS("*.b.example.org"), "san *.example.org", false },
	{ DNS("f*.example.org"), "san *.example.org", false },
	{ DNS("*"), "san a", false },
	{ DNS("a.*.org"), "san a.b.org", false },
	{ DNS("a.example.org."), "san a.example.org", false },
	{ DNS("a.example.org\0.b"), "san a.example.org", false },
	{ DNS("a\0b.example.org"), "san *.example.org", false },
	{ DNS("a b.example.org"), "san *.example.org", false },
	{ DNS("a@example.org"), "san a@example.org", false },
	{ EMAIL("a@example.org"), "san a@example.org", true },
	{ EMAIL("A@example.org"), "san a@example.org", false },
	{ EMAIL("a.example.org"), "san a.example.org", false },
	{ EMAIL("a@example.org\0"), "san a@example.org", false },
	{ IP("\x0a\0\0\1"), "san 10.0.0.1", true },
	{ IP("\x0a\0\0\1"), "san 10.0.0.2", false },
	{ DNS("10.0.0.1"), "san 10.0.0.1", false },
	{ IP("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"), "san ::1", true },
	{ IP("\0\0\0\0\0\0\0\0\0\0\xff\xff\x0a\0\0\1"), "san 10.0.0.1", false },
	{ URI("urn:a:b"), "san urn:a:b", true },
	{ URI("urn:a:B"), "san urn:a:b", false },
	{ URI("spiffe://td/a"), "san spiffe://td/a", true },
	{ URI("spiffe://td/a"), "san spiffe://td/*", true },
	{ URI("spiffe://td/a/b"), "san spiffe://td/*", true },
	{ URI("spiffe://td"), "san spiffe://td", true },
	{ URI("spiffe://td"), "san spiffe://td/*", false },
	{ URI("spiffe://td/"), "san spiffe://td/*", false },
	{ URI("spiffe://td2/a"), "san spiffe://td/*", false },
	{ URI("spiffe://x.td/a"), "san spiffe://td/*", false },
	{ URI("spiffe://td/a"), "san spiffe://td/b", false },
	{ URI("spiffe://td\0/a"), "san spiffe://td/*", false },
	{ URI("spiffe:///a"), "san spiffe://td/*", false },
	{ URI("https://td/a"), "san spiffe://td/*", false },
	{ DNS("spiffe://td/a"), "san spiffe://td/a", false },
};

TEST_EACH(alternative_name, sans)
{
	cert_subject_begin(&subject);
	cert_subject_set_sans(&subject, &sans[_i].san, 1);
	cert_subject_end(&subject);
	expect(sans[_i].text, sans[_i].allowed);
	pki_free(&subject);
}

TEST(several_alternative_names)
{
	static const struct cert_subject_san list[] = { DNS("a.org"),
		URI("urn:x:y"), EMAIL("a@b.org"), IP("\1\2\3\4") };
	static const char *const good[] = { "san a.org", "san urn:x:y",
		"san a@b.org", "san 1.2.3.4", "cn x\nsan nope\nsan a.org" };

	cert_subject_begin(&subject);
	cert_subject_set_sans(&subject, list, sizeof list / sizeof *list);
	cert_subject_end(&subject);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		expect(good[i], true);
	expect("san b.org\ncn a.org\nsan 1.2.3.5", false);
	pki_free(&subject);
}

/* X509-SVID, 2: with several URIs it is no SPIFFE identity. */
TEST(several_uris)
{
	static const struct cert_subject_san list[] = { URI("spiffe://td/a"),
		URI("https://x/y") };

	cert_subject_begin(&subject);
	cert_subject_set_sans(&subject, list, 2);
	cert_subject_end(&subject);
	expect("san spiffe://td/a", false);
	expect("san spiffe://td/*", false);
	expect("san https://x/y", true);
	pki_free(&subject);
}

/* Longer than any rule, and than what is copied to try a wildcard. */
TEST(long_names)
{
	static char dns[5000];
	static char uri[5000] = "spiffe://t/";
	static const struct cert_subject_san list[] = {
		{ GNUTLS_SAN_DNSNAME, dns, sizeof dns },
		{ GNUTLS_SAN_URI, uri, sizeof uri },
	};

	memset(dns, 'a', sizeof dns);
	dns[1] = '.';
	memset(uri + 11, 'a', sizeof uri - 11);
	cert_subject_begin(&subject);
	cert_subject_set_sans(&subject, list, 2);
	cert_subject_add_cn(&subject, dns, sizeof dns);
	cert_subject_end(&subject);
	expect("san *.aaa\nsan spiffe://t/*\ncn a", false);
	pki_free(&subject);
}

/* GnuTLS does not take such a certificate from a peer, so it is not encoded. */
TEST(damaged_names)
{
	cert_subject_begin(&subject);
	cert_subject_must(gnutls_x509_crt_set_extension_by_oid(
	    subject.crt, GNUTLS_X509EXT_OID_SAN, "\x02\x01\x01", 3, 0));
	expect("san a", false);
	pki_free(&subject);
}

TEST(pins)
{
	unsigned char id[32];
	char hex[200] = "pin sha256:";
	char colons[200] = "pin sha256:";
	char text[200];
	gnutls_datum_t base64;
	size_t size = sizeof id;

	cert_subject_begin(&subject);
	cert_subject_end(&subject);
	cert_subject_must(gnutls_x509_crt_get_key_id(
	    subject.crt, GNUTLS_KEYID_USE_SHA256, id, &size));
	for (size_t i = 0; i < size; i++) {
		(void)sprintf(hex + strlen(hex), "%02x", id[i]);
		(void)sprintf(
		    colons + strlen(colons), "%s%02X", i > 0 ? ":" : "", id[i]);
	}
	cert_subject_must(
	    gnutls_base64_encode2(&(gnutls_datum_t){ id, sizeof id }, &base64));
	(void)snprintf(text, sizeof text, "pin sha256:%.*s", (int)base64.size,
	    (char *)base64.data);
	gnutls_free(base64.data);
	expect(hex, true);
	expect(colons, true);
	expect(text, true);
	hex[15] = hex[15] == '0' ? '1' : '0';
	expect(hex, false);
	pki_free(&subject);
}

/* Each of many is found, and none between them. */
TEST(many)
{
	struct file_bytes text = FILE_BYTES_INIT;
	char name[32];

	for (int i = 0; i < MANY; i++) {
		(void)snprintf(name, sizeof name, "n%d.org", i * 7919 % MANY);
		ck_assert_int_eq(
		    tls_allow_append(&text, i % 2 ? "cn" : "san", name, &e), 0);
	}
	ck_assert_int_eq(
	    tls_allow_parse(&rules, (char *)text.data, text.size, "f", &e), 0);
	ck_assert_uint_eq(tls_allow_count(rules), MANY);
	for (int i = 0; i < MANY + 100; i += 93) {
		int size = snprintf(name, sizeof name, "n%d.org", i);
		struct cert_subject_san san = { GNUTLS_SAN_DNSNAME, name,
			(size_t)size };

		cert_subject_begin(&subject);
		cert_subject_set_sans(&subject, &san, 1);
		cert_subject_add_cn(&subject, name, (size_t)size);
		cert_subject_end(&subject);
		ck_assert_int_eq(
		    tls_allow_matches(rules, subject.crt), i < MANY);
		pki_free(&subject);
	}
	tls_allow_free(&rules);
	file_bytes_free(&text);
}

SUITE("common/x509/allow")
