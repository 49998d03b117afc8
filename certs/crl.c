/* crl: certificate revocation lists; see the header. */
#include "certs/crl.h"

#include <gnutls/gnutls.h>

#include "certs/cert.h"
#include "certs/when.h"
#include "certs/x509.h"
#include "common/base/assertion.h"

enum {
	NUMBER_MAX = 21 /* RFC 5280, section 5.2.3, and a zero byte */
};

int
crl_new(gnutls_x509_crl_t *out, uint64_t last_number, struct errmsg *e)
{
	unsigned char number[1 + sizeof last_number] = { 0 }; /* positive */
	gnutls_x509_crl_t crl = NULL;
	int error;

	for (size_t i = sizeof last_number; i > 0; i--, last_number >>= 8)
		number[i] = last_number & 0xff;
	if ((error = gnutls_x509_crl_init(&crl)) < 0 ||
	    (error = gnutls_x509_crl_set_version(crl, 2)) < 0 ||
	    (error = gnutls_x509_crl_set_number(crl, number, sizeof number)) <
		0) {
		if (crl != NULL)
			gnutls_x509_crl_deinit(crl);
		return x509_fail(e, error, "revocation list");
	}
	*out = crl;
	return 0;
}

static int
check_signature(gnutls_x509_crl_t crl, gnutls_x509_crt_t issuer,
    const char *name, struct errmsg *e)
{
	unsigned int status = 0;
	int error =
	    gnutls_x509_crl_verify(crl, &issuer, 1, X509_ANY_DATE, &status);

	if (error < 0)
		return x509_fail(e, error, name);
	if ((status & X509_NOT_SIGNED) != 0)
		return errmsg_set(e, "%s: not signed by this authority", name);
	return 0;
}

int
crl_load(gnutls_x509_crl_t *out, const struct store *store, const char *name,
    gnutls_x509_crt_t issuer, struct errmsg *e)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	gnutls_x509_crl_t crl = NULL;
	gnutls_datum_t view;
	int error;

	if (store_read(store, name, &pem, e) < 0)
		return -1;
	view = tls_datum_of(&pem);
	error = gnutls_x509_crl_init(&crl);
	if (error >= 0)
		error = gnutls_x509_crl_import(crl, &view, GNUTLS_X509_FMT_PEM);
	file_bytes_free(&pem);
	if (error < 0)
		(void)x509_fail(e, error, name);
	if (error < 0 || check_signature(crl, issuer, name, e) < 0) {
		if (crl != NULL)
			gnutls_x509_crl_deinit(crl);
		return -1;
	}
	*out = crl;
	return 0;
}

int
crl_find(gnutls_x509_crl_t crl, const struct serial *serial, time_t *when,
    struct errmsg *e)
{
	struct serial found = { .size = sizeof found.bytes };
	gnutls_x509_crl_iter_t iter = NULL;
	bool is_found = false;
	int error = 0;

	while (!is_found &&
	    (error = gnutls_x509_crl_iter_crt_serial(
		 crl, &iter, found.bytes, &found.size, when)) >= 0) {
		is_found = serial_equals(&found, serial);
		found.size = sizeof found.bytes;
	}
	gnutls_x509_crl_iter_deinit(iter);
	if (error < 0 && error != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return x509_fail(e, error, "revocation list");
	return is_found;
}

int
crl_add(gnutls_x509_crl_t crl, const struct serial *serial, time_t when,
    struct errmsg *e)
{
	int error = gnutls_x509_crl_set_crt_serial(
	    crl, serial->bytes, serial->size, when);

	return error < 0 ? x509_fail(e, error, "revocation list") : 0;
}

/*
 * Big-endian, with a zero in front that keeps it positive and takes the carry;
 * GnuTLS encodes no more zeros than are needed. A list from elsewhere may have
 * no number yet.
 */
static int
count_up(gnutls_x509_crl_t crl)
{
	unsigned char number[1 + NUMBER_MAX] = { 0 };
	size_t size = NUMBER_MAX;
	int error = gnutls_x509_crl_get_number(crl, number + 1, &size, NULL);

	if (error == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		size = 1;
	else if (error < 0)
		return error;
	for (size_t i = size; ++number[i] == 0;)
		i--;
	return gnutls_x509_crl_set_number(crl, number, 1 + size);
}

int
crl_issue(gnutls_x509_crl_t crl, gnutls_x509_crt_t issuer, gnutls_privkey_t key,
    time_t now, int days, struct errmsg *e)
{
	time_t next = now + (time_t)days * WHEN_DAY_S;
	struct cert_issuer by;
	int error;

	ASSERT(days > 0);
	if (cert_issuer_read(&by, issuer, e) < 0)
		return -1;
	if ((error = count_up(crl)) < 0 ||
	    (error = gnutls_x509_crl_set_this_update(crl, now)) < 0 ||
	    (error = gnutls_x509_crl_set_next_update(crl, next)) < 0 ||
	    (error = gnutls_x509_crl_set_authority_key_id(
		 crl, by.key_id, by.key_id_size)) < 0 ||
	    (error = gnutls_x509_crl_privkey_sign(
		 crl, issuer, key, by.digest, 0)) < 0)
		return x509_fail(e, error, "signing the revocation list");
	return 0;
}

int
crl_export_pem(struct file_bytes *out, gnutls_x509_crl_t crl, struct errmsg *e)
{
	gnutls_datum_t pem = { NULL, 0 };
	int error = gnutls_x509_crl_export2(crl, GNUTLS_X509_FMT_PEM, &pem);

	return x509_take(out, &pem, error, e);
}
