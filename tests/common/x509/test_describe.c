/* test_describe: what certificates say of themselves, odd ones too. */
#include "common/x509/describe.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/cert_subject.h"
#include "tests/support/suite.h"

static struct pki subject;
static char text[TLS_NAMES_TEXT];

#define SAN(type_, text_)                                    \
	{                                                    \
		.type = GNUTLS_SAN_##type_, .text = (text_), \
		.size = sizeof(text_) - 1                    \
	}

/* As a SPIFFE identity has it (X509-SVID, 4.1), and with none at all. */
TEST(without_a_subject)
{
	const struct cert_subject_san san = SAN(URI, "spiffe://x.org/web");

	cert_subject_begin(&subject);
	cert_subject_set_sans(&subject, &san, 1);
	cert_subject_end(&subject);
	ck_assert_str_eq(tls_describe_subject(subject.crt, text), "(empty)");
	ck_assert_str_eq(tls_describe_issuer(subject.crt, text), "(empty)");
	ck_assert_str_eq(
	    tls_describe_names(subject.crt, text), "URI:spiffe://x.org/web");
	ck_assert_str_eq(tls_describe_serial(subject.crt, text), "01");
	pki_free(&subject);
	cert_subject_begin(&subject);
	cert_subject_end(&subject);
	ck_assert_str_eq(tls_describe_names(subject.crt, text), "");
	pki_free(&subject);
}

/* Which no other list of names can be taken for. */
TEST(names_of_all_kinds)
{
	const struct cert_subject_san sans[] = {
		SAN(DNSNAME, "*.x.org"),
		SAN(IPADDRESS, "\x0a\0\0\1"),
		SAN(IPADDRESS, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"),
		SAN(IPADDRESS, "\1\2\3"),
		SAN(RFC822NAME, "a@x.org"),
		SAN(URI, "u:a, DNS:admin\"\\\n"),
		SAN(DNSNAME, "a\0b"),
		SAN(DNSNAME, "\xfc"),
	};

	cert_subject_begin(&subject);
	cert_subject_set_sans(&subject, sans, sizeof sans / sizeof *sans);
	cert_subject_end(&subject);
	ck_assert_str_eq(tls_describe_names(subject.crt, text),
	    "DNS:*.x.org, IP:10.0.0.1, IP:::1, IP:, email:a@x.org, "
	    "URI:u:a\\2C\\20DNS:admin\\22\\5C\\0A, DNS:a\\00b, DNS:\\FC");
	pki_free(&subject);
}

/* The same as of the imported one, and nothing of a part of it. */
TEST_LOOP(subject_of_der, 3)
{
	static const char *const names[] = { NULL, "alice", "a,b\xff\n\"" };
	const char *name = names[_i];
	char expected[TLS_NAME_TEXT] = "untouched";
	gnutls_datum_t der;
	unsigned size;

	cert_subject_begin(&subject);
	if (name != NULL)
		cert_subject_add_cn(&subject, name, strlen(name));
	cert_subject_end(&subject);
	cert_subject_must(
	    gnutls_x509_crt_export2(subject.crt, GNUTLS_X509_FMT_DER, &der));
	ck_assert_int_eq(tls_describe_subject_of_der(&der, text), name != NULL);
	if (name != NULL)
		ck_assert_str_eq(
		    text, tls_describe_subject(subject.crt, expected));
	for (size = der.size; der.size-- > 0;) {
		gnutls_datum_t part = { malloc(der.size + 1), der.size };

		ck_assert_ptr_nonnull(part.data);
		memcpy(part.data, der.data, der.size);
		ck_assert(!tls_describe_subject_of_der(&part, text));
		free(part.data);
	}
	ck_assert_uint_gt(size, 100);
	gnutls_free(der.data);
	pki_free(&subject);
}

/* What tls_describe_each_name has handed over. */
struct taken {
	unsigned count, missing;
	char last[TLS_ONE_NAME_TEXT];
};

static void
take(void *owner, const char *name)
{
	struct taken *taken = owner;

	taken->count++;
	taken->missing += name == NULL;
	(void)strcpy(taken->last, name != NULL ? name : "");
}

/* None is cut, however many they are; a comma in one does not divide it. */
TEST(names_one_by_one)
{
	static char uri[TLS_ONE_NAME_TEXT] = "u:";
	struct cert_subject_san sans[100];
	struct taken taken = { 0 };

	memset(uri + 2, 'a', sizeof uri - 2);
	for (size_t i = 0; i < 98; i++)
		sans[i] = (struct cert_subject_san)SAN(DNSNAME, "host.x.org");
	sans[98] = (struct cert_subject_san){ GNUTLS_SAN_URI, uri, sizeof uri };
	sans[99] = (struct cert_subject_san)SAN(URI, "u:a, DNS:b");
	cert_subject_begin(&subject);
	cert_subject_set_sans(&subject, sans, 100);
	cert_subject_end(&subject);
	tls_describe_each_name(subject.crt, take, &taken);
	ck_assert_uint_eq(taken.count, 100);
	ck_assert_uint_eq(taken.missing, 1);
	ck_assert_str_eq(taken.last, "URI:u:a\\2C\\20DNS:b");
	pki_free(&subject);
}

/* A subject of over 255 bytes is shown; what is too long is cut, and said. */
TEST(long_names)
{
	static char uri[2 * TLS_NAMES_TEXT] = "u:";
	struct cert_subject_san san = { GNUTLS_SAN_URI, uri, sizeof uri };
	char dn[TLS_NAME_TEXT];

	memset(uri + 2, 'a', sizeof uri - 2);
	cert_subject_begin(&subject);
	for (int i = 0; i < 6; i++)
		cert_subject_add_cn(&subject,
		    "123456789012345678901234567890123456789012345678901234567",
		    57);
	cert_subject_set_sans(&subject, &san, 1);
	cert_subject_end(&subject);
	(void)tls_describe_subject(subject.crt, dn);
	ck_assert_uint_gt(strlen(dn), 255);
	ck_assert_ptr_null(strstr(dn, "..."));
	(void)tls_describe_names(subject.crt, text);
	ck_assert_uint_eq(strlen(text), TLS_NAMES_TEXT - 1);
	ck_assert_str_eq(text + TLS_NAMES_TEXT - 4, "...");
	pki_free(&subject);
}

static void
for_two(gnutls_x509_crt_t crt)
{
	ck_assert_int_eq(
	    gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_CODE_SIGNING, 0),
	    0);
}

TEST(purposes_and_kind)
{
	static const struct {
		struct pki_options options;
		const char *purposes;
	} rows[] = {
		{ { .name = "a", .purpose = GNUTLS_KP_TLS_WWW_SERVER },
		    "server" },
		{ { .name = "a", .purpose = GNUTLS_KP_TLS_WWW_CLIENT },
		    "client" },
		{ { .name = "a", .purpose = GNUTLS_KP_ANY }, "any" },
		{ { .name = "a", .purpose = "" }, "any" },
		{ { .name = "a",
		      .purpose = GNUTLS_KP_TLS_WWW_CLIENT,
		      .adorn = for_two },
		    "client,1.3.6.1.5.5.7.3.3" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		pki_make(&subject, &rows[i].options, NULL);
		ck_assert_str_eq(
		    tls_describe_purposes(subject.crt, text), rows[i].purposes);
		ck_assert_str_eq(
		    tls_describe_kind(subject.crt, text), "EC/ECDSA, 256 bits");
		pki_free(&subject);
	}
}

SUITE("common/x509/describe")
