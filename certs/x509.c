/* x509: errors, secrets and certificate files; see the header. */
#include "certs/x509.h"

#include <string.h>

int
x509_take(struct file_bytes *out, gnutls_datum_t *exported, int error,
    struct errmsg *e)
{
	if (error < 0)
		return x509_fail(e, error, "encoding");
	if (tls_datum_move(out, exported) < 0)
		return errmsg_set(e, "encoding: out of memory");
	return 0;
}

bool
x509_has_pem(const struct file_bytes *bytes, const char *line)
{
	return bytes->size > 0 &&
	    memmem(bytes->data, bytes->size, line, strlen(line)) != NULL;
}

int
x509_chain_parse(struct tls_chain *out, const struct file_bytes *bytes,
    const char *path, struct errmsg *e)
{
	gnutls_x509_crt_fmt_t format = x509_has_pem(bytes, "-----BEGIN ")
	    ? GNUTLS_X509_FMT_PEM
	    : GNUTLS_X509_FMT_DER;
	int error = tls_chain_import(out, bytes, format);

	if (error == GNUTLS_E_NO_CERTIFICATE_FOUND ||
	    (error < 0 && format == GNUTLS_X509_FMT_DER) ||
	    (error >= 0 && out->count == 0))
		return errmsg_set(e, "%s: no certificate in it", path);
	if (error < 0)
		return errmsg_set(
		    e, "%s: a certificate in it is damaged", path);
	return 0;
}

int
x509_chain_load(struct tls_chain *out, const char *path, struct errmsg *e)
{
	struct file_bytes bytes = FILE_BYTES_INIT;
	int result;

	if (file_read(&bytes, path, FILE_MAX, e) < 0)
		return -1;
	result = x509_chain_parse(out, &bytes, path, e);
	file_bytes_free(&bytes);
	return result;
}
