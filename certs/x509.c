/* x509: errors, secrets and certificate files; see the header. */
#include "certs/x509.h"

#include <string.h>

int
x509_take(struct file_bytes *out, gnutls_datum_t *exported, int error,
    struct errmsg *e)
{
	int result;

	if (error < 0)
		return x509_fail(e, error, "encoding");
	result = file_bytes_append(out, exported->data, exported->size);
	gnutls_memset(exported->data, 0, exported->size);
	gnutls_free(exported->data);
	*exported = (gnutls_datum_t){ NULL, 0 };
	return result < 0 ? errmsg_set(e, "encoding: out of memory") : 0;
}

gnutls_datum_t
x509_view(const struct file_bytes *bytes)
{
	return (gnutls_datum_t){ .data = bytes->data,
		.size = (unsigned int)bytes->size };
}

bool
x509_has_pem(const struct file_bytes *bytes, const char *line)
{
	return bytes->size > 0 &&
	    memmem(bytes->data, bytes->size, line, strlen(line)) != NULL;
}

int
x509_chain_parse(struct x509_chain *out, const struct file_bytes *bytes,
    const char *path, struct errmsg *e)
{
	gnutls_x509_crt_fmt_t format = x509_has_pem(bytes, "-----BEGIN ")
	    ? GNUTLS_X509_FMT_PEM
	    : GNUTLS_X509_FMT_DER;
	gnutls_datum_t data = x509_view(bytes);
	int error = gnutls_x509_crt_list_import2(
	    &out->certs, &out->count, &data, format, 0);

	/* What is not even DER deserves no ASN.1 error. */
	if (error == GNUTLS_E_NO_CERTIFICATE_FOUND ||
	    (error < 0 && format == GNUTLS_X509_FMT_DER) ||
	    (error >= 0 && out->count == 0))
		return errmsg_set(e, "%s: no certificate in it", path);
	if (error < 0)
		return x509_fail(e, error, path);
	return 0;
}

int
x509_chain_load(struct x509_chain *out, const char *path, struct errmsg *e)
{
	struct file_bytes bytes = FILE_BYTES_INIT;
	int result;

	if (file_read(&bytes, path, FILE_MAX, e) < 0)
		return -1;
	result = x509_chain_parse(out, &bytes, path, e);
	file_bytes_free(&bytes);
	return result;
}

void
x509_chain_free(struct x509_chain *chain)
{
	for (unsigned int i = 0; i < chain->count; i++)
		gnutls_x509_crt_deinit(chain->certs[i]);
	gnutls_free(chain->certs);
	chain->certs = NULL;
	chain->count = 0;
}
