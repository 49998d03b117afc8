/* cmd_show: what certificates, lists, keys and PKCS #12 files say. */
#include "certs/cmd_show.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>
#include <stdbool.h>
#include <stdio.h>

#include "certs/pkcs8.h"
#include "certs/print.h"
#include "certs/x509.h"
#include "common/sys/file.h"

struct source {
	const char *path;
	struct file_bytes bytes;
	const char *password; /* NULL: none was given */
};

/* What a PKCS #12 file held. */
struct contents {
	gnutls_x509_privkey_t key;
	struct tls_chain chain, extra;
};

static void
show_chain(const char *path, const struct tls_chain *chain)
{
	for (unsigned int i = 0; i < chain->count; i++) {
		printf("%s: certificate", path);
		if (chain->count > 1)
			printf(" %u of %u", i + 1, chain->count);
		printf("\n");
		print_cert(stdout, chain->crts[i]);
	}
}

static int
show_certs(const struct source *source, struct errmsg *e)
{
	struct tls_chain chain = TLS_CHAIN_INIT;

	if (x509_chain_parse(&chain, &source->bytes, source->path, e) < 0)
		return -1;
	show_chain(source->path, &chain);
	tls_chain_free(&chain);
	return 0;
}

static int
show_crl(
    const struct source *source, gnutls_x509_crt_fmt_t format, struct errmsg *e)
{
	gnutls_datum_t view = tls_datum_of(&source->bytes);
	gnutls_x509_crl_t crl;
	int error = gnutls_x509_crl_init(&crl);

	if (error < 0)
		return x509_fail(e, error, source->path);
	error = gnutls_x509_crl_import(crl, &view, format);
	if (error >= 0) {
		printf("%s: revocation list, %d revoked\n", source->path,
		    gnutls_x509_crl_get_crt_count(crl));
		print_crl(stdout, crl);
	}
	gnutls_x509_crl_deinit(crl);
	return error < 0 ? x509_fail(e, error, source->path) : 0;
}

static void
show_plain_key(const char *path, gnutls_x509_privkey_t key)
{
	printf("%s: private key\n", path);
	print_key(stdout, key);
}

/* GnuTLS reads such a key, but others refuse it. */
static void
note_wrong_scalar(const gnutls_datum_t *der, gnutls_x509_privkey_t key)
{
	size_t size;
	size_t wanted;

	if (pkcs8_has_wrong_scalar(der, key, &size, &wanted))
		printf("  %-17sits scalar has %zu bytes, not %zu (RFC 5915): "
		       "rustls, Botan and others refuse the key; "
		       "'tlsecho-certs renew' writes it anew\n",
		    "fault", size, wanted);
}

/* Of PEM the first private key, which is the one that GnuTLS imports. */
static void
check_scalar(const struct source *source, gnutls_x509_crt_fmt_t format,
    gnutls_x509_privkey_t key)
{
	static const char *const headers[] = { "PRIVATE KEY",
		"EC PRIVATE KEY" };
	gnutls_datum_t view = tls_datum_of(&source->bytes);
	gnutls_datum_t der = { NULL, 0 };
	size_t i = 0;

	if (format == GNUTLS_X509_FMT_DER) {
		note_wrong_scalar(&view, key);
		return;
	}
	while (i < sizeof headers / sizeof *headers &&
	    gnutls_pem_base64_decode2(headers[i], &view, &der) < 0)
		i++;
	if (der.data == NULL)
		return;
	note_wrong_scalar(&der, key);
	gnutls_memset(der.data, 0, der.size);
	gnutls_free(der.data);
}

static int
explain_key_error(const struct source *source, int error, struct errmsg *e)
{
	if (error != GNUTLS_E_DECRYPTION_FAILED)
		return x509_fail(e, error, source->path);
	return errmsg_set(e,
	    source->password == NULL
		? "%s: the key is encrypted: give --password-file"
		: "%s: the password is wrong",
	    source->path);
}

static int
show_key(
    const struct source *source, gnutls_x509_crt_fmt_t format, struct errmsg *e)
{
	gnutls_datum_t view = tls_datum_of(&source->bytes);
	gnutls_x509_privkey_t key;
	int error = gnutls_x509_privkey_init(&key);

	if (error < 0)
		return x509_fail(e, error, source->path);
	error = gnutls_x509_privkey_import2(
	    key, &view, format, source->password, 0);
	if (error >= 0) {
		show_plain_key(source->path, key);
		check_scalar(source, format, key);
	}
	gnutls_x509_privkey_deinit(key);
	return error < 0 ? explain_key_error(source, error, e) : 0;
}

static int
open_pfx(struct contents *out, gnutls_pkcs12_t p12, const struct source *source,
    struct errmsg *e)
{
	int error;

	if (source->password == NULL)
		return errmsg_set(
		    e, "%s: is PKCS #12: give --password-file", source->path);
	error = gnutls_pkcs12_verify_mac(p12, source->password);
	if (error == GNUTLS_E_MAC_VERIFY_FAILED)
		return errmsg_set(e, "%s: the password is wrong", source->path);
	if (error < 0)
		return x509_fail(e, error, source->path);
	error = gnutls_pkcs12_simple_parse(p12, source->password, &out->key,
	    &out->chain.crts, &out->chain.count, &out->extra.crts,
	    &out->extra.count, NULL, GNUTLS_PKCS12_SP_INCLUDE_SELF_SIGNED);
	return error < 0 ? x509_fail(e, error, source->path) : 0;
}

static int
show_pfx(const struct source *source, gnutls_pkcs12_t p12, struct errmsg *e)
{
	struct contents contents = { .key = NULL };

	if (open_pfx(&contents, p12, source, e) < 0)
		return -1;
	if (contents.key != NULL)
		show_plain_key(source->path, contents.key);
	show_chain(source->path, &contents.chain);
	show_chain(source->path, &contents.extra);
	if (contents.key != NULL)
		gnutls_x509_privkey_deinit(contents.key);
	tls_chain_free(&contents.chain);
	tls_chain_free(&contents.extra);
	return 0;
}

/* 1 and the result in *shown if the bytes are PKCS #12, or else 0. */
static int
try_pfx(const struct source *source, int *shown, struct errmsg *e)
{
	gnutls_datum_t view = tls_datum_of(&source->bytes);
	gnutls_pkcs12_t p12;
	int error = gnutls_pkcs12_init(&p12);

	if (error < 0) {
		*shown = x509_fail(e, error, source->path);
		return 1;
	}
	error = gnutls_pkcs12_import(p12, &view, GNUTLS_X509_FMT_DER, 0);
	if (error >= 0)
		*shown = show_pfx(source, p12, e);
	gnutls_pkcs12_deinit(p12);
	return error >= 0;
}

static int
show_der(const struct source *source, struct errmsg *e)
{
	int shown;

	if (try_pfx(source, &shown, e))
		return shown;
	if (show_certs(source, e) == 0 ||
	    show_crl(source, GNUTLS_X509_FMT_DER, e) == 0 ||
	    show_key(source, GNUTLS_X509_FMT_DER, e) == 0)
		return 0;
	return errmsg_set(e,
	    "%s: neither a certificate, a revocation list, a private key nor "
	    "PKCS #12",
	    source->path);
}

/* A PEM file may hold several things: each kind is shown. */
static int
show_pem(const struct source *source, struct errmsg *e)
{
	bool has_cert =
	    x509_has_pem(&source->bytes, "-----BEGIN CERTIFICATE-----");
	bool has_crl = x509_has_pem(&source->bytes, "-----BEGIN X509 CRL-----");
	bool has_key = x509_has_pem(&source->bytes, "PRIVATE KEY-----");

	if (!has_cert && !has_crl && !has_key)
		return errmsg_set(e,
		    "%s: no certificate, revocation list or private key in it",
		    source->path);
	if (has_cert && show_certs(source, e) < 0)
		return -1;
	if (has_crl && show_crl(source, GNUTLS_X509_FMT_PEM, e) < 0)
		return -1;
	if (has_key && show_key(source, GNUTLS_X509_FMT_PEM, e) < 0)
		return -1;
	return 0;
}

static int
show_file(const char *path, const char *password, struct errmsg *e)
{
	struct source source = { .path = path, .password = password };
	int result;

	if (file_read(&source.bytes, path, FILE_MAX, e) < 0)
		return -1;
	if (x509_has_pem(&source.bytes, "-----BEGIN "))
		result = show_pem(&source, e);
	else
		result = show_der(&source, e);
	file_bytes_free(&source.bytes);
	return result;
}

int
show_run(const struct options *options, char *const *operands, struct errmsg *e)
{
	struct file_bytes password = FILE_BYTES_INIT;
	int result = 0;

	if (options->password_file != NULL &&
	    file_read_line(&password, options->password_file, e) < 0)
		return ARGS_EXIT_FAILED;
	for (; *operands != NULL && result == 0; operands++)
		result = show_file(*operands, (char *)password.data, e);
	file_bytes_free(&password);
	return result < 0 ? ARGS_EXIT_FAILED : ARGS_EXIT_OK;
}
