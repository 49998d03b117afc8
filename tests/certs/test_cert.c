/* test_cert: what GnuTLS reads in the certificates that are made. */
#include "certs/cert.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "certs/x509.h"
#include "tests/certs/fixture.h"
#include "tests/support/suite.h"

enum {
	SERIAL_SIZE = 16,
	MANY = 100
};

static struct errmsg e;
static struct fixture f;

static unsigned int
usage_of(gnutls_x509_crt_t cert)
{
	unsigned int usage;
	unsigned int critical;

	ck_assert_int_eq(
	    gnutls_x509_crt_get_key_usage(cert, &usage, &critical), 0);
	ck_assert_uint_eq(critical, 1);
	return usage;
}

/* Exactly one purpose, and not critical. */
static void
expect_purpose(gnutls_x509_crt_t cert, const char *wanted)
{
	char oid[64];
	size_t size = sizeof oid;
	unsigned int critical;

	ck_assert_int_eq(
	    gnutls_x509_crt_get_key_purpose_oid(cert, 0, oid, &size, &critical),
	    0);
	ck_assert_str_eq(oid, wanted);
	size = sizeof oid;
	ck_assert_int_eq(
	    gnutls_x509_crt_get_key_purpose_oid(cert, 1, oid, &size, &critical),
	    GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE);
}

/* The status that a TLS peer of this purpose finds. */
static unsigned int
verify(const char *purpose)
{
	gnutls_typed_vdata_st data = { .type = GNUTLS_DT_KEY_PURPOSE_OID,
		.data = (unsigned char[64]){ 0 } };
	gnutls_x509_trust_list_t trust;
	unsigned int status;

	(void)strcpy((char *)data.data, purpose);
	ck_assert_int_eq(gnutls_x509_trust_list_init(&trust, 0), 0);
	ck_assert_int_eq(
	    gnutls_x509_trust_list_add_cas(trust, &f.root, 1, 0), 1);
	ck_assert_int_eq(
	    gnutls_x509_trust_list_verify_crt2(trust, &f.leaf, 1, &data, 1,
		GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM), &status, NULL),
	    0);
	gnutls_x509_trust_list_deinit(trust, 0);
	return status;
}

TEST_WITH(root_facts, .limit_s = 60, .loops = FIXTURE_KEYS)
{
	unsigned int critical;
	unsigned int ca;
	int path_length;

	fixture_init(&f, fixture_keys[_i].key);
	ck_assert_int_eq(gnutls_x509_crt_get_version(f.root), 3);
	ck_assert_int_eq(gnutls_x509_crt_get_basic_constraints(
			     f.root, &critical, &ca, &path_length),
	    1);
	ck_assert_uint_eq(critical, 1);
	ck_assert_uint_eq(ca, 1);
	ck_assert_int_eq(path_length, -1);
	ck_assert_uint_eq(
	    usage_of(f.root), GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
	ck_assert_int_eq(gnutls_x509_crt_get_signature_algorithm(f.root),
	    fixture_keys[_i].signature);
	ck_assert_int_eq(gnutls_x509_crt_check_issuer(f.root, f.root), 1);
	fixture_fini(&f);
}

TEST_WITH(leaf_facts, .limit_s = 60, .loops = FIXTURE_KEYS)
{
	unsigned int critical;

	fixture_init(&f, fixture_keys[_i].key);
	ck_assert_int_eq(gnutls_x509_crt_get_version(f.leaf), 3);
	ck_assert_int_eq(gnutls_x509_crt_get_ca_status(f.leaf, &critical), 0);
	ck_assert_uint_eq(critical, 1);
	ck_assert_uint_eq(usage_of(f.leaf), GNUTLS_KEY_DIGITAL_SIGNATURE);
	expect_purpose(f.leaf, GNUTLS_KP_TLS_WWW_CLIENT);
	ck_assert_int_eq(gnutls_x509_crt_get_signature_algorithm(f.leaf),
	    fixture_keys[_i].signature);
	ck_assert_uint_eq(verify(GNUTLS_KP_TLS_WWW_CLIENT), 0);
	ck_assert_uint_eq(verify(GNUTLS_KP_TLS_WWW_SERVER),
	    GNUTLS_CERT_INVALID | GNUTLS_CERT_PURPOSE_MISMATCH);
	fixture_fini(&f);
}

TEST(key_identifiers)
{
	struct cert_issuer own;
	unsigned char named[CERT_KEY_ID_MAX];
	size_t named_size = sizeof named;

	fixture_init(&f, "ed25519");
	ck_assert_int_eq(cert_issuer_read(&own, f.root, &e), 0);
	ck_assert_uint_eq(own.key_id_size, X509_KEY_ID_SIZE);
	ck_assert_int_eq(gnutls_x509_crt_get_authority_key_id(
			     f.leaf, named, &named_size, NULL),
	    0);
	ck_assert_uint_eq(named_size, own.key_id_size);
	ck_assert_mem_eq(named, own.key_id, named_size);
	ck_assert_int_eq(cert_issuer_read(&own, f.leaf, &e), 0);
	ck_assert_mem_ne(named, own.key_id, named_size);
	fixture_fini(&f);
}

/* Positive, of 128 bits, and never the same. */
TEST(serial_numbers)
{
	unsigned char serials[MANY][SERIAL_SIZE];
	struct name name;

	fixture_init(&f, "ed25519");
	ck_assert_int_eq(name_parse_client(&name, "x", &e), 0);
	for (int i = 0; i < MANY; i++) {
		gnutls_x509_crt_t cert =
		    fixture_leaf(&f, &name, 1, CERT_CLIENT);
		size_t size = SERIAL_SIZE;

		ck_assert_int_eq(
		    gnutls_x509_crt_get_serial(cert, serials[i], &size), 0);
		ck_assert_uint_eq(size, SERIAL_SIZE);
		ck_assert_uint_eq(serials[i][0] & 0xc0, 0x40);
		for (int k = 0; k < i; k++)
			ck_assert_mem_ne(serials[i], serials[k], SERIAL_SIZE);
		gnutls_x509_crt_deinit(cert);
	}
	fixture_fini(&f);
}

static void
expect_name(gnutls_x509_crt_t cert, unsigned int index, int type,
    const void *bytes, size_t size)
{
	unsigned char got[TLS_SAN_DNS_MAX + 1];
	size_t got_size = sizeof got;

	ck_assert_int_eq(gnutls_x509_crt_get_subject_alt_name(
			     cert, index, got, &got_size, NULL),
	    type);
	ck_assert_uint_eq(got_size, size);
	ck_assert_mem_eq(got, bytes, size);
}

/* GnuTLS 3.7.9 says 0 in gnutls_x509_crt_get_subject_alt_name. */
static unsigned int
names_are_critical(gnutls_x509_crt_t cert)
{
	gnutls_datum_t der = { NULL, 0 };
	unsigned int critical;

	ck_assert_int_eq(gnutls_x509_crt_get_extension_by_oid2(
			     cert, "2.5.29.17", 0, &der, &critical),
	    0);
	gnutls_free(der.data);
	return critical;
}

static void
expect_end_of_names(gnutls_x509_crt_t cert, unsigned int index)
{
	char got[TLS_SAN_DNS_MAX + 1];
	size_t size = sizeof got;

	ck_assert_int_eq(
	    gnutls_x509_crt_get_subject_alt_name(cert, index, got, &size, NULL),
	    GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE);
}

static void
expect_common_name(gnutls_x509_crt_t cert, const char *wanted)
{
	char got[128] = "";
	size_t size = sizeof got;
	int error = gnutls_x509_crt_get_dn_by_oid(
	    cert, GNUTLS_OID_X520_COMMON_NAME, 0, 0, got, &size);

	if (wanted == NULL) {
		ck_assert_int_eq(error, GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE);
		return;
	}
	ck_assert_int_eq(error, 0);
	ck_assert_str_eq(got, wanted);
}

TEST(server_names)
{
	static const unsigned char v6[16] = { [15] = 1 };
	struct name names[4];
	gnutls_x509_crt_t cert;

	fixture_init(&f, "rsa-2048");
	ck_assert_int_eq(name_parse_server(&names[0], "a.example", &e), 0);
	ck_assert_int_eq(name_parse_server(&names[1], "*.b.example", &e), 0);
	ck_assert_int_eq(name_parse_server(&names[2], "127.0.0.1", &e), 0);
	ck_assert_int_eq(name_parse_server(&names[3], "::1", &e), 0);
	cert = fixture_leaf(&f, names, 4, CERT_SERVER);
	expect_common_name(cert, "a.example");
	expect_name(cert, 0, GNUTLS_SAN_DNSNAME, "a.example", 9);
	expect_name(cert, 1, GNUTLS_SAN_DNSNAME, "*.b.example", 11);
	expect_name(cert, 2, GNUTLS_SAN_IPADDRESS, "\x7f\0\0\1", 4);
	expect_name(cert, 3, GNUTLS_SAN_IPADDRESS, v6, 16);
	expect_end_of_names(cert, 4);
	expect_purpose(cert, GNUTLS_KP_TLS_WWW_SERVER);
	ck_assert_uint_eq(usage_of(cert),
	    GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_ENCIPHERMENT);
	ck_assert_uint_ne(
	    gnutls_x509_crt_check_hostname(cert, "x.b.example"), 0);
	ck_assert_uint_eq(
	    gnutls_x509_crt_check_hostname(cert, "x.a.example"), 0);
	gnutls_x509_crt_deinit(cert);
	fixture_fini(&f);
}

static const struct {
	const char *text;
	int type;
} client_names[] = {
	{ "load-1", GNUTLS_SAN_DNSNAME },
	{ "me@example.org", GNUTLS_SAN_RFC822NAME },
	{ "spiffe://example.org/load", GNUTLS_SAN_URI },
	{ "mailto:me@example.org", GNUTLS_SAN_URI },
	{ "urn:a:b", GNUTLS_SAN_URI },
};

TEST_EACH(client_name, client_names)
{
	const char *text = client_names[_i].text;
	gnutls_x509_crt_t cert;
	struct name name;

	fixture_init(&f, "ecdsa-p256");
	ck_assert_int_eq(name_parse_client(&name, text, &e), 0);
	cert = fixture_leaf(&f, &name, 1, CERT_CLIENT);
	expect_common_name(cert, text);
	expect_name(cert, 0, client_names[_i].type, text, strlen(text));
	expect_end_of_names(cert, 1);
	gnutls_x509_crt_deinit(cert);
	fixture_fini(&f);
}

/* 64 bytes are a common name; with 65 the subject is empty. */
TEST_LOOP(long_names, 2)
{
	char text[NAME_COMMON_MAX + 2] = "x://";
	size_t length = NAME_COMMON_MAX + (size_t)_i;
	gnutls_x509_crt_t cert;
	struct name name;

	memset(text + 4, 'a', length - 4);
	text[length] = '\0';
	fixture_init(&f, "ecdsa-p256");
	ck_assert_int_eq(name_parse_client(&name, text, &e), 0);
	cert = fixture_leaf(&f, &name, 1, CERT_CLIENT);
	expect_common_name(cert, _i == 0 ? text : NULL);
	expect_name(cert, 0, GNUTLS_SAN_URI, text, length);
	ck_assert_uint_eq(names_are_critical(cert), (unsigned int)_i);
	gnutls_x509_crt_deinit(f.leaf);
	f.leaf = cert;
	ck_assert_uint_eq(verify(GNUTLS_KP_TLS_WWW_CLIENT), 0);
	fixture_fini(&f);
}

/* UTCTime ends with 2049; GeneralizedTime takes over. */
TEST_LOOP(dates, 3)
{
	static const struct when_validity lives[] = {
		{ 1, 2 },
		{ 2524607999, 2524608000 },
		{ 2524608000, 253402300799 },
	};
	struct cert_leaf leaf = {
		.names_count = 1, .purpose = CERT_SERVER, .validity = lives[_i]
	};
	gnutls_x509_crt_t cert;
	struct name name;

	fixture_init(&f, "ed25519");
	ck_assert_int_eq(name_parse_client(&name, "x", &e), 0);
	leaf.key = f.leaf_key;
	leaf.names = &name;
	ck_assert_int_eq(cert_make_leaf(&cert, &leaf, f.root, f.signer, &e), 0);
	ck_assert_int_eq(
	    gnutls_x509_crt_get_activation_time(cert), lives[_i].not_before);
	ck_assert_int_eq(
	    gnutls_x509_crt_get_expiration_time(cert), lives[_i].not_after);
	gnutls_x509_crt_deinit(cert);
	fixture_fini(&f);
}

/* A key that does not belong to the issuer is noticed, or signs rubbish. */
TEST(mixed_up_issuer)
{
	struct fixture other;
	struct cert_leaf leaf = { .names_count = 1,
		.validity = fixture_validity() };
	gnutls_x509_crt_t cert = NULL;
	struct name name;

	fixture_init(&f, "ed25519");
	fixture_init(&other, "rsa-2048");
	ck_assert_int_eq(name_parse_client(&name, "x", &e), 0);
	leaf.key = f.leaf_key;
	leaf.names = &name;
	ck_assert_int_eq(
	    cert_make_leaf(&cert, &leaf, f.root, other.signer, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "signing the certificate"));
	fixture_fini(&other);
	fixture_fini(&f);
}

SUITE("certs/cert")
