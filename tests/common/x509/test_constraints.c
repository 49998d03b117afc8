/* test_constraints: permitted URIs and directory names. */
#include "common/x509/constraints.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "tests/support/pki.h"
#include "tests/support/suite.h"

/* What the certificate that is being made shall have; NULL: nothing. */
static const char *permitted;
static gnutls_x509_subject_alt_name_t permitted_type;
static gnutls_datum_t raw; /* the extension as it is; empty: none */
static const char *san;
static gnutls_x509_subject_alt_name_t san_type;

static void
constrain(gnutls_x509_crt_t crt)
{
	gnutls_x509_name_constraints_t constraints;
	gnutls_datum_t name;

	if (raw.size > 0)
		ck_assert_int_eq(gnutls_x509_crt_set_extension_by_oid(
				     crt, "2.5.29.30", raw.data, raw.size, 1),
		    0);
	if (permitted == NULL)
		return;
	name = (gnutls_datum_t){ (unsigned char *)(uintptr_t)permitted,
		(unsigned)strlen(permitted) };
	ck_assert_int_eq(gnutls_x509_name_constraints_init(&constraints), 0);
	ck_assert_int_eq(gnutls_x509_name_constraints_add_permitted(
			     constraints, permitted_type, &name),
	    0);
	ck_assert_int_eq(
	    gnutls_x509_crt_set_name_constraints(crt, constraints, 1), 0);
	gnutls_x509_name_constraints_deinit(constraints);
}

static void
name(gnutls_x509_crt_t crt)
{
	if (san != NULL)
		ck_assert_int_eq(
		    gnutls_x509_crt_set_subject_alt_name(crt, san_type, san,
			(unsigned)strlen(san), GNUTLS_FSAN_SET),
		    0);
}

static void
expect(bool exist, bool allow)
{
	struct pki issuer, leaf;

	pki_make(&issuer,
	    &(struct pki_options){ .name = "issuer", .adorn = constrain },
	    NULL);
	pki_make(&leaf,
	    &(struct pki_options){ .name = "leaf",
		.purpose = GNUTLS_KP_TLS_WWW_CLIENT,
		.adorn = name },
	    &issuer);
	ck_assert_int_eq(tls_constraints_exist(issuer.crt), exist);
	ck_assert_int_eq(tls_constraints_allow(issuer.crt, leaf.crt), allow);
	pki_free(&leaf);
	pki_free(&issuer);
}

static const struct {
	const char *permitted, *uri;
	bool allow;
} uris[] = {
	{ "good.example", "spiffe://good.example/web", true },
	{ "good.example", "spiffe://GOOD.example/web", true },
	{ "good.example", "https://me:x@good.example:444/a?b#c", true },
	{ "good.example", "spiffe://good.example", true },
	{ "good.example", "spiffe://evil.example/web", false },
	{ "good.example", "spiffe://good.example.evil.example/", false },
	{ "good.example", "spiffe://evil-good.example/", false },
	{ "good.example", "spiffe://sub.good.example/", false },
	{ "good.example", "spiffe://evil.example/@good.example", false },
	{ "good.example", "spiffe://good.example@evil.example/", false },
	{ "good.example", "urn:good.example", false },
	{ "good.example", "spiffe:///web", false },
	{ ".good.example", "spiffe://sub.good.example/", true },
	{ ".good.example", "spiffe://a.b.good.example/", true },
	{ ".good.example", "spiffe://good.example/", false },
	{ ".good.example", "spiffe://.good.example/", false },
};

TEST_EACH(uri, uris)
{
	permitted = uris[_i].permitted;
	permitted_type = GNUTLS_SAN_URI;
	san = uris[_i].uri;
	san_type = GNUTLS_SAN_URI;
	expect(true, uris[_i].allow);
}

/* A leaf without a URI has none outside; nor have names of another kind. */
TEST(other_names)
{
	permitted = "good.example";
	permitted_type = GNUTLS_SAN_URI;
	expect(true, true);
	san = "evil.example";
	san_type = GNUTLS_SAN_DNSNAME;
	expect(true, true);
}

#define UPN                                                        \
	"\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x03\xa0\x03" \
	"\x0c\x01x"
#define DN                                                     \
	"\x30\x10\x31\x0e\x30\x0c\x06\x03\x55\x04\x03\x0c\x05" \
	"other"

/*
 * In turn: a user principal name (an otherName), the same excluded, a
 * registered identifier, a permitted directory name, and an excluded one.
 */
static const struct {
	const char *der;
	unsigned size;
	bool can_be_checked;
} others[] = {
	{ "\x30\x17\xa0\x15\x30\x13\xa0\x11" UPN, 25, false },
	{ "\x30\x17\xa1\x15\x30\x13\xa0\x11" UPN, 25, false },
	{ "\x30\x08\xa0\x06\x30\x04\x88\x02\x2a\x03", 10, false },
	{ "\x30\x18\xa0\x16\x30\x14\xa4\x12" DN, 26, false },
	{ "\x30\x18\xa1\x16\x30\x14\xa4\x12" DN, 26, true },
};

TEST_EACH(other_types, others)
{
	raw = (gnutls_datum_t){ (unsigned char *)(uintptr_t)others[_i].der,
		others[_i].size };
	expect(!others[_i].can_be_checked, others[_i].can_be_checked);
}

TEST(no_constraints)
{
	san = "spiffe://anything.example/";
	san_type = GNUTLS_SAN_URI;
	expect(false, true);
	permitted = "good.example"; /* GnuTLS looks after these */
	permitted_type = GNUTLS_SAN_DNSNAME;
	expect(false, true);
}

SUITE("common/x509/constraints")
