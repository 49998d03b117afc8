/* cmd_show: what certificates, lists, keys and PKCS #12 files say. */
#include "certs/cmd_show.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "certs/key.h"
#include "certs/pbe.h"
#include "certs/pkcs8.h"
#include "certs/print.h"
#include "certs/show.h"
#include "certs/show_pfx.h"

void
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
show_certs(const struct show_source *source, struct errmsg *e)
{
	struct tls_chain chain = TLS_CHAIN_INIT;

	if (x509_chain_parse(&chain, &source->bytes, source->path, e) < 0)
		return -1;
	show_chain(source->path, &chain);
	tls_chain_free(&chain);
	return 0;
}

static int
show_crls(const struct show_source *source, gnutls_x509_crt_fmt_t format,
    struct errmsg *e)
{
	gnutls_datum_t view = tls_datum_of(&source->bytes);
	gnutls_x509_crl_t *crls;
	unsigned int count;

	if (gnutls_x509_crl_list_import2(&crls, &count, &view, format, 0) < 0)
		return errmsg_set(
		    e, "%s: a revocation list in it is damaged", source->path);
	for (unsigned int i = 0; i < count; i++) {
		printf("%s: revocation list", source->path);
		if (count > 1)
			printf(" %u of %u", i + 1, count);
		printf(
		    ", %d revoked\n", gnutls_x509_crl_get_crt_count(crls[i]));
		print_crl(stdout, crls[i]);
		gnutls_x509_crl_deinit(crls[i]);
	}
	gnutls_free(crls);
	return 0;
}

static int
show_request(const struct show_source *source, gnutls_x509_crt_fmt_t format,
    struct errmsg *e)
{
	gnutls_datum_t view = tls_datum_of(&source->bytes);
	gnutls_x509_crq_t request;
	int error;

	if (gnutls_x509_crq_init(&request) < 0)
		return errmsg_set(e, "out of memory");
	error = gnutls_x509_crq_import(request, &view, format);
	if (error >= 0) {
		printf("%s: certificate request, which is not signed by an "
		       "authority yet\n",
		    source->path);
		print_request(stdout, request);
	}
	gnutls_x509_crq_deinit(request);
	if (error < 0)
		return errmsg_set(e,
		    "%s: the certificate request in it is damaged",
		    source->path);
	return 0;
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

static void
check_der_scalar(
    const gnutls_datum_t *der, const char *password, gnutls_x509_privkey_t key)
{
	struct der_view view = { der->data, der->size };
	struct file_bytes plain = FILE_BYTES_INIT;
	gnutls_datum_t decrypted;

	if (password == NULL || pbe_decrypt(&plain, &view, password) < 0) {
		note_wrong_scalar(der, key);
		return;
	}
	decrypted = tls_datum_of(&plain);
	note_wrong_scalar(&decrypted, key);
	file_bytes_free(&plain);
}

/* Of PEM the first private key, which is the one that GnuTLS imports. */
static void
check_scalar(const gnutls_datum_t *bytes, gnutls_x509_crt_fmt_t format,
    const char *password, gnutls_x509_privkey_t key)
{
	static const char *const headers[] = { "PRIVATE KEY", "EC PRIVATE KEY",
		"ENCRYPTED PRIVATE KEY" };
	gnutls_datum_t der = { NULL, 0 };
	size_t i = 0;

	if (format == GNUTLS_X509_FMT_DER) {
		check_der_scalar(bytes, password, key);
		return;
	}
	while (i < sizeof headers / sizeof *headers &&
	    gnutls_pem_base64_decode2(headers[i], bytes, &der) < 0)
		i++;
	if (der.data == NULL)
		return;
	check_der_scalar(&der, password, key);
	gnutls_memset(der.data, 0, der.size);
	gnutls_free(der.data);
}

int
show_key(const struct show_source *source, const gnutls_datum_t *bytes,
    gnutls_x509_crt_fmt_t format, struct errmsg *e)
{
	const struct key_source from = { .bytes = *bytes,
		.format = format,
		.file = source->path,
		.password = source->password,
		.when_encrypted = "give --password-file" };
	gnutls_x509_privkey_t key;

	if (key_import(&key, &from, e) < 0)
		return -1;
	printf("%s: private key\n", source->path);
	print_key(stdout, key);
	check_scalar(bytes, format, source->password, key);
	gnutls_x509_privkey_deinit(key);
	return 0;
}

/* Kinds are tried in turn, since DER does not say what it is. */
static int
show_der(const struct show_source *source, struct errmsg *e)
{
	gnutls_datum_t view = tls_datum_of(&source->bytes);
	bool is_pfx = false;
	int result = show_pfx(source, &is_pfx, e);

	if (is_pfx || result < 0)
		return result;
	if (show_certs(source, e) == 0 ||
	    show_crls(source, GNUTLS_X509_FMT_DER, e) == 0 ||
	    show_request(source, GNUTLS_X509_FMT_DER, e) == 0)
		return 0;
	if (show_key(source, &view, GNUTLS_X509_FMT_DER, e) == 0)
		return 0;
	if (key_is_encrypted(&view, GNUTLS_X509_FMT_DER))
		return -1; /* and e says what is wrong with the password */
	return errmsg_set(e,
	    "%s: neither a certificate, a revocation list, a certificate "
	    "request, a private key nor PKCS #12",
	    source->path);
}

/* What other programs write, and what can be done about it. */
static int
explain_pem(const struct show_source *source, struct errmsg *e)
{
	static const struct {
		const char *line, *words;
	} kinds[] = {
		{ "-----BEGIN TRUSTED CERTIFICATE-----",
		    "a certificate in a form of OpenSSL's own, which 'openssl "
		    "x509' turns into a plain one" },
		{ "-----BEGIN PKCS7-----",
		    "PKCS #7, from which 'openssl pkcs7 -print_certs' takes "
		    "the certificates" },
		{ "-----BEGIN PUBLIC KEY-----", "a public key alone" },
		{ "-----BEGIN OPENSSH PRIVATE KEY-----",
		    "a key of OpenSSH, which TLS does not use" },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (x509_has_pem(&source->bytes, kinds[i].line))
			return errmsg_set(
			    e, "%s: holds %s", source->path, kinds[i].words);
	return errmsg_set(e,
	    "%s: no certificate, revocation list, certificate request or "
	    "private key in it",
	    source->path);
}

/* A PEM file may hold several things: each kind is shown. */
static int
show_pem(const struct show_source *source, struct errmsg *e)
{
	const struct file_bytes *bytes = &source->bytes;
	gnutls_datum_t view = tls_datum_of(bytes);
	bool has_cert = x509_has_pem(bytes, "-----BEGIN CERTIFICATE-----") ||
	    x509_has_pem(bytes, "-----BEGIN X509 CERTIFICATE-----");
	bool has_crl = x509_has_pem(bytes, "-----BEGIN X509 CRL-----");
	bool has_request = x509_has_pem(bytes, "CERTIFICATE REQUEST-----");
	bool has_key = x509_has_pem(bytes, " PRIVATE KEY-----") &&
	    !x509_has_pem(bytes, "-----BEGIN OPENSSH PRIVATE KEY-----");

	if (!has_cert && !has_crl && !has_request && !has_key)
		return explain_pem(source, e);
	if (has_cert && show_certs(source, e) < 0)
		return -1;
	if (has_crl && show_crls(source, GNUTLS_X509_FMT_PEM, e) < 0)
		return -1;
	if (has_request && show_request(source, GNUTLS_X509_FMT_PEM, e) < 0)
		return -1;
	if (has_key && show_key(source, &view, GNUTLS_X509_FMT_PEM, e) < 0)
		return -1;
	return 0;
}

static int
show_file(const char *path, const char *password, struct errmsg *e)
{
	struct show_source source = { .path = path, .password = password };
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

/* All of them: the last error is left to main, and those before it are said. */
static int
show_files(char *const *paths, const char *password, struct errmsg *e)
{
	struct errmsg one;
	int result = 0;

	for (; *paths != NULL; paths++) {
		if (show_file(*paths, password, &one) == 0)
			continue;
		if (result < 0)
			fprintf(
			    stderr, "%s: %s\n", options_program.name, e->text);
		*e = one;
		result = -1;
	}
	return result;
}

int
show_run(const struct options *options, char *const *operands, struct errmsg *e)
{
	struct file_bytes password = FILE_BYTES_INIT;
	int result;

	if (options->password_file != NULL &&
	    file_read_line(&password, options->password_file, e) < 0)
		return ARGS_EXIT_FAILED;
	result = show_files(operands, (char *)password.data, e);
	file_bytes_free(&password);
	return result < 0 ? ARGS_EXIT_FAILED : ARGS_EXIT_OK;
}
