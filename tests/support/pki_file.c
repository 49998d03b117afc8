/* pki_file: PEM files of what is in memory; see the header. */
#include "tests/support/pki_file.h"

#include <check.h>
#include <gnutls/gnutls.h>

#include "common/sys/file.h"
#include "tests/support/fixture.h"
#include "tests/support/revocation.h"

enum {
	SERIAL_MAX = 20
};

void
pki_file_write(const char *path, const void *bytes, size_t n, unsigned mode)
{
	struct errmsg e = { "" };

	ck_assert_msg(file_write_atomically(fixture_path("%s", path), bytes, n,
			  mode, true, &e) == 0,
	    "%s", e.text);
}

void
pki_file_write_chain(
    const char *path, const struct pki *const *chain, size_t count)
{
	struct file_bytes pem = FILE_BYTES_INIT;

	for (size_t i = 0; i < count; i++)
		pki_append_cert(&pem, chain[i]);
	pki_file_write(path, pem.data, pem.size, 0644);
	file_bytes_free(&pem);
}

void
pki_file_write_key(const char *path, const struct pki *owner)
{
	gnutls_datum_t pem;

	ck_assert_int_eq(
	    gnutls_x509_privkey_export2_pkcs8(
		owner->key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem),
	    0);
	pki_file_write(path, pem.data, pem.size, 0600);
	gnutls_free(pem.data);
}

void
pki_file_write_crl(const char *path, const struct revocation_options *options,
    const struct pki *issuer, const struct pki *revoked)
{
	struct revocation_options wanted = *options;
	struct file_bytes der = FILE_BYTES_INIT;
	struct file_bytes pem = FILE_BYTES_INIT;
	uint8_t serial[SERIAL_MAX];
	size_t size = sizeof serial;

	if (revoked != NULL) {
		ck_assert_int_eq(
		    gnutls_x509_crt_get_serial(revoked->crt, serial, &size), 0);
		wanted.serials = serial;
		wanted.serial_size = size;
		wanted.serial_count = 1;
	}
	revocation_make(&der, &wanted, issuer);
	revocation_append_pem(&pem, &der);
	pki_file_write(path, pem.data, pem.size, 0644);
	file_bytes_free(&der);
	file_bytes_free(&pem);
}
