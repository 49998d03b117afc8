/* test_x509: certificate files and GnuTLS's exports. */
#include "certs/x509.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "tests/certs/fixture.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

static struct errmsg e;
static struct fixture f;

TEST(take_moves_and_reports)
{
	struct file_bytes out = FILE_BYTES_INIT;
	gnutls_datum_t data = { gnutls_malloc(3), 3 };

	memcpy(data.data, "abc", 3);
	ck_assert_int_eq(x509_take(&out, &data, 0, &e), 0);
	ck_assert_str_eq((char *)out.data, "abc");
	ck_assert_uint_eq(out.size, 3);
	ck_assert_ptr_null(data.data);
	file_bytes_free(&out);
	ck_assert_int_eq(x509_take(&out, &data, GNUTLS_E_MEMORY_ERROR, &e), -1);
	ck_assert_ptr_null(out.data);
	ck_assert_ptr_nonnull(strstr(e.text, "encoding: "));
}

TEST(has_pem)
{
	struct file_bytes bytes = FILE_BYTES_INIT;

	ck_assert(!x509_has_pem(&bytes, "-----BEGIN "));
	ck_assert_int_eq(
	    file_bytes_append(&bytes, "x\n-----BEGIN Y-----", 19), 0);
	ck_assert(x509_has_pem(&bytes, "-----BEGIN "));
	ck_assert(x509_has_pem(&bytes, "-----BEGIN Y-----"));
	ck_assert(!x509_has_pem(&bytes, "-----BEGIN Z-----"));
	file_bytes_free(&bytes);
}

/* Two certificates with words around them, as `openssl pkcs12` writes them. */
TEST(chain_of_pem)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	struct file_bytes pem[2] = { FILE_BYTES_INIT, FILE_BYTES_INIT };
	char text[8192];

	scratch_enter();
	fixture_init(&f, "ed25519");
	ck_assert_int_eq(cert_export_pem(&pem[0], f.leaf, &e), 0);
	ck_assert_int_eq(cert_export_pem(&pem[1], f.root, &e), 0);
	(void)snprintf(text, sizeof text, "leaf\n%s\nroot\n%s\n",
	    (char *)pem[0].data, (char *)pem[1].data);
	scratch_write("chain.pem", text);
	ck_assert_msg(
	    x509_chain_load(&chain, "chain.pem", &e) == 0, "%s", e.text);
	ck_assert_uint_eq(chain.count, 2);
	ck_assert_int_ne(gnutls_x509_crt_equals(chain.crts[0], f.leaf), 0);
	ck_assert_int_ne(gnutls_x509_crt_equals(chain.crts[1], f.root), 0);
	tls_chain_free(&chain);
	file_bytes_free(&pem[0]);
	file_bytes_free(&pem[1]);
	fixture_fini(&f);
	scratch_leave();
}

TEST(der)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	struct file_bytes bytes = FILE_BYTES_INIT;
	gnutls_datum_t data = { NULL, 0 };

	fixture_init(&f, "ed25519");
	ck_assert_int_eq(
	    gnutls_x509_crt_export2(f.leaf, GNUTLS_X509_FMT_DER, &data), 0);
	ck_assert_int_eq(x509_take(&bytes, &data, 0, &e), 0);
	ck_assert_int_eq(x509_chain_parse(&chain, &bytes, "x", &e), 0);
	ck_assert_uint_eq(chain.count, 1);
	tls_chain_free(&chain);
	bytes.size /= 2;
	ck_assert_int_eq(x509_chain_parse(&chain, &bytes, "x", &e), -1);
	ck_assert_str_eq(e.text, "x: no certificate in it");
	ck_assert_uint_eq(chain.count, 0);
	file_bytes_free(&bytes);
	fixture_fini(&f);
}

TEST_LOOP(no_certificate, 3)
{
	static const char *const texts[] = { "", "x", "-----BEGIN X-----\n" };
	struct tls_chain chain = TLS_CHAIN_INIT;

	scratch_enter();
	scratch_write("f", texts[_i]);
	ck_assert_int_eq(x509_chain_load(&chain, "f", &e), -1);
	ck_assert_str_eq(e.text, "f: no certificate in it");
	ck_assert_int_eq(x509_chain_load(&chain, "g", &e), -1);
	ck_assert_str_eq(e.text, "g: No such file or directory");
	scratch_leave();
}

SUITE("certs/x509")
