/* test_support: what priority strings allow, in IANA's numbers. */
#include "common/creds/support.h"

#include <string.h>

#include "common/creds/priority.h"
#include "common/creds/private.h"
#include "tests/support/suite.h"

static struct tls_support own;

static void
read_priority(const char *text)
{
	gnutls_priority_t priority;
	struct errmsg e;

	ck_assert_int_eq(tls_priority_parse(&priority, text, &e), 0);
	tls_support_read(&own, priority);
	gnutls_priority_deinit(priority);
}

static void
expect(const struct tls_numbers *list, enum tls_numbers_kind kind,
    const char *wanted)
{
	char text[1024];

	ck_assert_str_eq(
	    tls_numbers_format(list, kind, text, sizeof text), wanted);
}

TEST(of_a_priority_string)
{
	read_priority("NONE:+VERS-TLS1.3:+VERS-TLS1.2:+AEAD:+ECDHE-ECDSA:+RSA"
		      ":+AES-128-GCM:+GROUP-X25519:+GROUP-FFDHE2048"
		      ":+SIGN-ECDSA-SHA256:+SIGN-RSA-PSS-RSAE-SHA256"
		      ":+COMP-ALL:+CTYPE-X509");
	expect(&own.versions, TLS_NUMBERS_VERSIONS, "TLS1.3,TLS1.2");
	expect(&own.groups, TLS_NUMBERS_GROUPS, "x25519,ffdhe2048");
	expect(&own.schemes, TLS_NUMBERS_SCHEMES,
	    "ecdsa_secp256r1_sha256,rsa_pss_rsae_sha256");
	for (unsigned i = 0; i < own.suites.count; i++) {
		ck_assert_int_eq(own.is_tls13[i], own.suites.of[i] == 0x1301);
		ck_assert_int_eq(
		    own.needs_group[i], own.suites.of[i] != 0x009c);
		if (own.suites.of[i] == 0xc02b)
			ck_assert_uint_eq(
			    own.keys[i], TLS_KEY_ECDSA | TLS_KEY_EDDSA);
	}
	ck_assert(tls_numbers_have(&own.suites, 0x1301));
	ck_assert(tls_numbers_have(&own.suites, 0xc02b));
	ck_assert(tls_numbers_have(&own.suites, 0x009c));
}

/* Version, key exchange, cipher, MAC. */
static const struct {
	gnutls_protocol_t version;
	gnutls_kx_algorithm_t kx;
	gnutls_cipher_algorithm_t cipher;
	gnutls_mac_algorithm_t mac;
	uint16_t number;
} suites[] = {
	{ GNUTLS_TLS1_3, GNUTLS_KX_ECDHE_RSA, GNUTLS_CIPHER_AES_128_GCM,
	    GNUTLS_MAC_AEAD, 0x1301 },
	{ GNUTLS_TLS1_3, GNUTLS_KX_UNKNOWN, GNUTLS_CIPHER_CHACHA20_POLY1305,
	    GNUTLS_MAC_AEAD, 0x1303 },
	{ GNUTLS_TLS1_2, GNUTLS_KX_ECDHE_RSA, GNUTLS_CIPHER_AES_256_GCM,
	    GNUTLS_MAC_AEAD, 0xc030 },
	{ GNUTLS_TLS1_2, GNUTLS_KX_RSA, GNUTLS_CIPHER_AES_128_CBC,
	    GNUTLS_MAC_SHA1, 0x002f },
	{ GNUTLS_TLS1_2, GNUTLS_KX_RSA, GNUTLS_CIPHER_AES_128_CBC,
	    GNUTLS_MAC_SHA256, 0x003c },
	{ GNUTLS_TLS1_0, GNUTLS_KX_ECDHE_RSA, GNUTLS_CIPHER_AES_256_CBC,
	    GNUTLS_MAC_SHA1, 0xc014 },
	{ GNUTLS_TLS1_2, GNUTLS_KX_UNKNOWN, GNUTLS_CIPHER_AES_128_GCM,
	    GNUTLS_MAC_AEAD, 0 },
};

TEST_EACH(number_of_a_suite, suites)
{
	ck_assert_uint_eq(tls_number_of_suite(suites[_i].version, suites[_i].kx,
			      suites[_i].cipher, suites[_i].mac),
	    suites[_i].number);
}

TEST(numbers_of_versions_and_groups)
{
	ck_assert_uint_eq(tls_number_of_version(GNUTLS_TLS1_3), 0x0304);
	ck_assert_uint_eq(tls_number_of_version(GNUTLS_DTLS1_2), 0);
	ck_assert_uint_eq(tls_number_of_group(GNUTLS_GROUP_X25519), 29);
	ck_assert_uint_eq(tls_number_of_group(GNUTLS_GROUP_INVALID), 0);
}

/* All that the library has must be known by a name here. */
TEST(whatever_gnutls_has)
{
	const char *const priorities[] = { TLS_PRIORITY_DEFAULT,
		"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" };
	char text[4096];

	for (size_t i = 0; i < TEST_ROWS(priorities); i++) {
		read_priority(priorities[i]);
		ck_assert_uint_gt(own.suites.count, 3);
		ck_assert_uint_gt(own.groups.count, 3);
		ck_assert_uint_gt(own.schemes.count, 5);
		ck_assert_ptr_null(
		    strstr(tls_numbers_format(&own.suites, TLS_NUMBERS_SUITES,
			       text, sizeof text),
			"0x"));
	}
}

TEST(names)
{
	static const struct tls_numbers groups = { 4,
		{ 0x2a2a, 0x11ec, 0x1234, 23 } };
	char text[16];

	expect(&groups, TLS_NUMBERS_GROUPS, "X25519MLKEM768,0x1234,secp256r1");
	expect(&groups, TLS_NUMBERS_VERSIONS, "0x11ec,0x1234,0x0017");
	ck_assert_str_eq(
	    tls_numbers_format(&groups, TLS_NUMBERS_GROUPS, text, sizeof text),
	    "X25519MLKEM768,");
}

static const struct {
	uint16_t scheme;
	unsigned keys_13, keys_12;
} schemes[] = {
	{ 0x0403, TLS_KEY_P256, TLS_KEY_ECDSA },
	{ 0x0503, TLS_KEY_P384, TLS_KEY_ECDSA },
	{ 0x0401, 0, TLS_KEY_RSA },
	{ 0x0804, TLS_KEY_RSA, TLS_KEY_RSA },
	{ 0x0807, TLS_KEY_ED25519, TLS_KEY_ED25519 },
	{ 0x0809, TLS_KEY_RSA_PSS, TLS_KEY_RSA_PSS },
	{ 0x0905, 0, 0 },
	{ 0x1234, 0, 0 },
};

TEST_EACH(keys_of_schemes, schemes)
{
	const struct tls_numbers one = { 1, { schemes[_i].scheme } };
	const struct tls_numbers none = { 0 };

	ck_assert_uint_eq(
	    tls_keys_of_schemes(&one, &one, true), schemes[_i].keys_13);
	ck_assert_uint_eq(
	    tls_keys_of_schemes(&one, &one, false), schemes[_i].keys_12);
	ck_assert_uint_eq(tls_keys_of_schemes(&one, &none, false), 0);
	ck_assert_uint_eq(tls_keys_of_schemes(&none, &one, true), 0);
}

SUITE("common/creds/support")
