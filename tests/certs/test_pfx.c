/* test_pfx: PKCS #12 files, read back as a server reads them. */
#include "certs/pfx.h"

#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>
#include <string.h>

#include "certs/x509.h"
#include "tests/certs/fixture.h"
#include "tests/support/suite.h"

enum {
	LIMIT_S = 30 /* for the many rounds, and RSA keys */
};

static struct errmsg e;
static struct fixture f;
static struct file_bytes der = FILE_BYTES_INIT;

static void
setup(const char *key, const char *password)
{
	gnutls_x509_crt_t certs[2];
	struct pfx pfx = { .certs = certs,
		.count = 2,
		.friendly_name = "leaf",
		.pbe = { .password = password, .rounds = PBE_ROUNDS } };

	fixture_init(&f, key);
	certs[0] = f.leaf;
	certs[1] = f.root;
	pfx.key = f.leaf_key;
	ck_assert_msg(pfx_make(&der, &pfx, &e) == 0, "%s", e.text);
}

static void
teardown(void)
{
	file_bytes_free(&der);
	fixture_fini(&f);
}

/* GnuTLS's error, or 0 when the credentials took key and certificates. */
static int
load(const char *password)
{
	gnutls_certificate_credentials_t credentials;
	gnutls_datum_t view = tls_datum_of(&der);
	int error;

	ck_assert_int_eq(
	    gnutls_certificate_allocate_credentials(&credentials), 0);
	error = gnutls_certificate_set_x509_simple_pkcs12_mem(
	    credentials, &view, GNUTLS_X509_FMT_DER, password);
	gnutls_certificate_free_credentials(credentials);
	return error;
}

TEST_WITH(key_and_chain, .limit_s = LIMIT_S, .loops = 4)
{
	static const char *const keys[] = { "ecdsa-p256", "ecdsa-p384",
		"ed25519", "rsa-2048" };
	struct tls_chain chain = TLS_CHAIN_INIT;
	struct tls_chain extra = TLS_CHAIN_INIT;
	gnutls_x509_privkey_t key = NULL;
	gnutls_datum_t view;
	gnutls_pkcs12_t p12;

	setup(keys[_i], "p\xc3\xa4ss word");
	view = tls_datum_of(&der);
	ck_assert_int_eq(gnutls_pkcs12_init(&p12), 0);
	ck_assert_int_eq(
	    gnutls_pkcs12_import(p12, &view, GNUTLS_X509_FMT_DER, 0), 0);
	ck_assert_int_eq(
	    gnutls_pkcs12_simple_parse(p12, "p\xc3\xa4ss word", &key,
		&chain.crts, &chain.count, &extra.crts, &extra.count, NULL,
		GNUTLS_PKCS12_SP_INCLUDE_SELF_SIGNED),
	    0);
	ck_assert_ptr_nonnull(key);
	ck_assert_uint_eq(chain.count, 2);
	ck_assert_uint_eq(extra.count, 0);
	ck_assert_int_ne(gnutls_x509_crt_equals(chain.crts[0], f.leaf), 0);
	ck_assert_int_ne(gnutls_x509_crt_equals(chain.crts[1], f.root), 0);
	gnutls_x509_privkey_deinit(key);
	tls_chain_free(&chain);
	tls_chain_free(&extra);
	gnutls_pkcs12_deinit(p12);
	teardown();
}

TEST_WITH(credentials, .limit_s = LIMIT_S)
{
	setup("ecdsa-p256", "secret");
	ck_assert_int_eq(load("secret"), 0);
	ck_assert_int_lt(load("Secret"), 0);
	ck_assert_int_lt(load(""), 0);
	ck_assert_int_lt(load(NULL), 0);
	teardown();
}

/* One bit of the password's hash decides: damage is noticed, too. */
TEST_WITH(damage, .limit_s = LIMIT_S)
{
	setup("ecdsa-p256", "secret");
	der.data[der.size / 2] ^= 1;
	ck_assert_int_lt(load("secret"), 0);
	teardown();
}

TEST_WITH(nothing_in_the_clear, .limit_s = LIMIT_S)
{
	setup("ecdsa-p256", "secret");
	ck_assert_ptr_null(memmem(der.data, der.size, "secret", 6));
	ck_assert_ptr_null(memmem(der.data, der.size, "root", 4));
	teardown();
}

/* The rounds of the MAC, and those of the first encrypted part. */
static unsigned int
count_rounds(gnutls_pkcs12_t p12)
{
	gnutls_pkcs12_bag_t bag;
	unsigned int mac;
	unsigned int mac_rounds;
	unsigned int rounds;
	unsigned int schema;
	unsigned int cipher;

	ck_assert_int_eq(
	    gnutls_pkcs12_mac_info(p12, &mac, NULL, NULL, &mac_rounds, NULL),
	    0);
	ck_assert_uint_eq(mac, GNUTLS_MAC_SHA256);
	ck_assert_int_eq(gnutls_pkcs12_bag_init(&bag), 0);
	ck_assert_int_eq(gnutls_pkcs12_get_bag(p12, 0, bag), 0);
	ck_assert_int_eq(
	    gnutls_pkcs12_bag_get_type(bag, 0), GNUTLS_BAG_ENCRYPTED);
	ck_assert_int_eq(gnutls_pkcs12_bag_enc_info(
			     bag, &schema, &cipher, NULL, NULL, &rounds, NULL),
	    0);
	ck_assert_uint_eq(schema, GNUTLS_PKCS_PBES2_AES_256);
	ck_assert_uint_eq(cipher, GNUTLS_CIPHER_AES_256_CBC);
	ck_assert_uint_eq(rounds, mac_rounds);
	gnutls_pkcs12_bag_deinit(bag);
	return rounds;
}

TEST_WITH(encryption, .limit_s = LIMIT_S)
{
	gnutls_datum_t view;
	gnutls_pkcs12_t p12;

	setup("ecdsa-p256", "secret");
	view = tls_datum_of(&der);
	ck_assert_int_eq(gnutls_pkcs12_init(&p12), 0);
	ck_assert_int_eq(
	    gnutls_pkcs12_import(p12, &view, GNUTLS_X509_FMT_DER, 0), 0);
	ck_assert_uint_eq(count_rounds(p12), 2048);
	gnutls_pkcs12_deinit(p12);
	teardown();
}

/* The key's own rounds and size are in the second bag. */
TEST_WITH(key, .limit_s = LIMIT_S)
{
	gnutls_pkcs12_bag_t bag;
	gnutls_datum_t view;
	gnutls_datum_t data;
	gnutls_pkcs12_t p12;
	unsigned int rounds;

	setup("ecdsa-p256", "secret");
	view = tls_datum_of(&der);
	ck_assert_int_eq(gnutls_pkcs12_init(&p12), 0);
	ck_assert_int_eq(
	    gnutls_pkcs12_import(p12, &view, GNUTLS_X509_FMT_DER, 0), 0);
	ck_assert_int_eq(gnutls_pkcs12_bag_init(&bag), 0);
	ck_assert_int_eq(gnutls_pkcs12_get_bag(p12, 1, bag), 0);
	ck_assert_int_eq(
	    gnutls_pkcs12_bag_get_type(bag, 0), GNUTLS_BAG_PKCS8_ENCRYPTED_KEY);
	ck_assert_int_eq(gnutls_pkcs12_bag_get_data(bag, 0, &data), 0);
	ck_assert_int_eq(gnutls_pkcs8_info(&data, GNUTLS_X509_FMT_DER, NULL,
			     NULL, NULL, NULL, &rounds, NULL),
	    0);
	ck_assert_uint_eq(rounds, 2048);
	gnutls_pkcs12_bag_deinit(bag);
	gnutls_pkcs12_deinit(p12);
	teardown();
}

TEST(password_in_no_known_encoding)
{
	struct pfx pfx = { .count = 1, .friendly_name = "leaf" };

	fixture_init(&f, "ecdsa-p256");
	pfx.key = f.leaf_key;
	pfx.certs = &f.leaf;
	pfx.pbe = (struct pbe){ "p\xe4ss", PBE_ROUNDS };
	ck_assert_int_eq(pfx_make(&der, &pfx, &e), -1);
	ck_assert_str_eq(e.text, "the password is not UTF-8");
	ck_assert_ptr_null(der.data);
	teardown();
}

SUITE("certs/pfx")
