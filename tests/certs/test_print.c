/* test_print: certificates as text, a hostile one among them. */
#include "certs/print.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/hex.h"
#include "tests/certs/fixture.h"
#include "tests/support/suite.h"

static struct errmsg e;
static struct fixture f;

static char *
cert_text(gnutls_x509_crt_t cert)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	print_cert(out, cert);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

static void
expect_line(const char *text, const char *line)
{
	ck_assert_msg(
	    strstr(text, line) != NULL, "no '%s' in:\n%s", line, text);
}

TEST(server)
{
	struct name names[3];
	gnutls_x509_crt_t cert;
	char *text;

	fixture_init(&f, "rsa-2048");
	ck_assert_int_eq(name_parse_server(&names[0], "a.example", &e), 0);
	ck_assert_int_eq(name_parse_server(&names[1], "127.0.0.1", &e), 0);
	ck_assert_int_eq(name_parse_server(&names[2], "2001:db8::1", &e), 0);
	cert = fixture_leaf(&f, names, 3, CERT_SERVER);
	text = cert_text(cert);
	expect_line(text, "  subject          CN=a.example\n");
	expect_line(text, "  issuer           CN=root\n");
	expect_line(text,
	    "  names            DNS:a.example, IP:127.0.0.1, "
	    "IP:2001:db8::1\n");
	expect_line(text, "  purpose          server\n");
	expect_line(text, "  authority        no\n");
	expect_line(
	    text, "  key usage        digitalSignature, keyEncipherment\n");
	expect_line(text, "  key              RSA, 2048 bits\n");
	expect_line(text, "  signature        RSA-SHA256\n");
	expect_line(text, "  SHA-1            ");
	expect_line(text, "  SHA-256          ");
	free(text);
	gnutls_x509_crt_deinit(cert);
	fixture_fini(&f);
}

TEST(root)
{
	char *text;

	fixture_init(&f, "ecdsa-p384");
	text = cert_text(f.root);
	expect_line(text, "  purpose          authority\n");
	expect_line(text, "  authority        yes\n");
	expect_line(text, "  key usage        keyCertSign, cRLSign\n");
	ck_assert_ptr_null(strstr(text, "names"));
	free(text);
	fixture_fini(&f);
}

/* A certificate that tries to write lines and to drive the terminal. */
TEST(control_bytes)
{
	/* Three DNS names, encoded by hand, since GnuTLS cleans them. */
	static const char names[] = "\x30\x18"
				    "\x82\x05"
				    "a\033[2J"
				    "\x82\x0a"
				    "b\nserial 1"
				    "\x82\x03"
				    "c\0d";
	gnutls_x509_crt_t cert;
	char *text;

	fixture_init(&f, "ecdsa-p256");
	cert = f.leaf;
	ck_assert_int_eq(gnutls_x509_crt_set_extension_by_oid(
			     cert, "2.5.29.17", names, sizeof names - 1, 0),
	    0);
	ck_assert_int_eq(
	    gnutls_x509_crt_set_dn_by_oid(
		cert, GNUTLS_OID_X520_ORGANIZATION_NAME, 0, "o\r\n\033[31m", 8),
	    0);
	ck_assert_int_eq(gnutls_x509_crt_privkey_sign(
			     cert, f.root, f.signer, GNUTLS_DIG_SHA256, 0),
	    0);
	f.leaf = fixture_read_again(cert);
	text = cert_text(f.leaf);
	expect_line(text, "DNS:a\\1B[2J, DNS:b\\0Aserial 1, DNS:c\\00d\n");
	ck_assert_ptr_null(strchr(text, '\033'));
	ck_assert_ptr_null(strchr(text, '\r'));
	free(text);
	fixture_fini(&f);
}

TEST(purposes)
{
	char text[PRINT_PURPOSE_SIZE];
	gnutls_x509_crt_t cert;

	fixture_init(&f, "ed25519");
	ck_assert_str_eq(print_purpose(f.leaf, text), "client");
	ck_assert_str_eq(print_purpose(f.root, text), "authority");
	cert = f.leaf;
	ck_assert_int_eq(gnutls_x509_crt_set_key_purpose_oid(
			     cert, GNUTLS_KP_TLS_WWW_SERVER, 0),
	    0);
	ck_assert_str_eq(print_purpose(cert, text), "client,server");
	ck_assert_int_eq(
	    gnutls_x509_crt_set_key_purpose_oid(cert, "1.2.3.4", 0), 0);
	ck_assert_str_eq(print_purpose(cert, text), "client,server,1.2.3.4");
	for (int i = 0; i < 9; i++)
		ck_assert_int_eq(gnutls_x509_crt_set_key_purpose_oid(
				     cert, "1.2.3.4.5.6.7.8", 0),
		    0);
	ck_assert_uint_eq(
	    strlen(print_purpose(cert, text)), PRINT_PURPOSE_SIZE - 1);
	fixture_fini(&f);
}

TEST(serial)
{
	char text[PRINT_SERIAL_SIZE];

	fixture_init(&f, "ed25519");
	ck_assert_uint_eq(strlen(print_serial(f.leaf, text)), 32);
	ck_assert_int_eq(gnutls_x509_crt_set_serial(f.leaf, "\x01\xab", 2), 0);
	ck_assert_str_eq(print_serial(f.leaf, text), "01ab");
	fixture_fini(&f);
}

/* Nothing of the private half: 32 bytes of it would be 64 digits. */
TEST(key)
{
	unsigned char secret[64];
	gnutls_datum_t k = { NULL, 0 };
	char hex[2 * sizeof secret + 1];
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	fixture_init(&f, "ed25519");
	print_key(out, f.leaf_key);
	ck_assert_int_eq(fclose(out), 0);
	expect_line(text, "EdDSA (Ed25519), 256 bits\n");
	expect_line(text, "  key id           ");
	ck_assert_int_eq(gnutls_x509_privkey_export_ecc_raw(
			     f.leaf_key, NULL, NULL, NULL, &k),
	    0);
	(void)hex_put(hex, k.data, 8, HEX_LOWER);
	ck_assert_ptr_null(strstr(text, hex));
	gnutls_free(k.data);
	free(text);
	fixture_fini(&f);
}

SUITE("certs/facts")
