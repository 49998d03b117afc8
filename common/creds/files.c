/* files: certificates and keys read from files; see the header. */
#include "common/creds/files.h"

#include <gnutls/gnutls.h>
#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>

#include "common/base/assertion.h"
#include "common/creds/args.h"
#include "common/x509/chain.h"
#include "common/x509/datum.h"

static int
check_privacy(const struct tls_files *files, const char *path, struct errmsg *e)
{
	return files->private_keys_only ? file_check_private(path, e) : 0;
}

/* Appends a certificate in PEM to out. */
static int
append_pem(struct file_bytes *out, gnutls_x509_crt_t crt)
{
	gnutls_datum_t pem;

	if (gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem) < 0)
		return -1;
	return tls_datum_move(out, &pem);
}

static int
export_key(struct file_bytes *out, gnutls_x509_privkey_t key)
{
	gnutls_datum_t pem;

	if (gnutls_x509_privkey_export2_pkcs8(
		key, GNUTLS_X509_FMT_PEM, NULL, 0, &pem) < 0)
		return -1;
	return tls_datum_move(out, &pem);
}

static int
convert_pkcs12(struct tls_key_pair *pair, gnutls_pkcs12_t p12,
    const char *password, struct errmsg *e)
{
	gnutls_x509_privkey_t key = NULL;
	struct tls_chain chain = TLS_CHAIN_INIT;
	int result = gnutls_pkcs12_simple_parse(p12, password, &key,
	    &chain.crts, &chain.count, NULL, NULL, NULL, 0);

	if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return errmsg_set(
		    e, "no private key with its certificate found");
	if (result < 0)
		return errmsg_set(e, "%s", gnutls_strerror(result));
	for (unsigned i = 0; i < chain.count && result == 0; i++)
		result = append_pem(&pair->cert, chain.crts[i]);
	if (result == 0)
		result = export_key(&pair->key, key);
	tls_chain_free(&chain);
	gnutls_x509_privkey_deinit(key);
	if (result < 0)
		return errmsg_set(e, "cannot be converted to PEM");
	return 0;
}

static int
parse_pkcs12(struct tls_key_pair *pair, const struct file_bytes *der,
    const char *password, struct errmsg *e)
{
	gnutls_datum_t datum = tls_datum_of(der);
	gnutls_pkcs12_t p12;
	int result;

	if (gnutls_pkcs12_init(&p12) < 0)
		return errmsg_set(e, "out of memory");
	if (gnutls_pkcs12_import(p12, &datum, GNUTLS_X509_FMT_DER, 0) < 0)
		result = errmsg_set(e, "is not PKCS#12");
	else if (gnutls_pkcs12_verify_mac(p12, password) < 0)
		result = errmsg_set(e, "wrong password, or damaged");
	else
		result = convert_pkcs12(pair, p12, password, e);
	gnutls_pkcs12_deinit(p12);
	return result;
}

static int
load_pkcs12(
    struct tls_key_pair *pair, const struct tls_files *files, struct errmsg *e)
{
	struct file_bytes password = FILE_BYTES_INIT;
	struct file_bytes der = FILE_BYTES_INIT;
	int result;

	ASSERT(files->password_file != NULL);
	if (file_read_line(&password, files->password_file, e) < 0)
		return -1;
	result = file_read(&der, files->pkcs12, FILE_MAX, e);
	if (result == 0) {
		result =
		    parse_pkcs12(pair, &der, (const char *)password.data, e);
		if (result < 0)
			(void)errmsg_prepend(e, "%s", files->pkcs12);
	}
	file_bytes_free(&der);
	file_bytes_free(&password);
	return result;
}

/* The text, and what it says: to be freed by the caller in any case. */
static int
load_certificates(struct file_bytes *pem, struct tls_chain *chain,
    const char *path, struct errmsg *e)
{
	if (file_read(pem, path, FILE_MAX, e) < 0)
		return -1;
	(void)tls_chain_import(chain, pem, GNUTLS_X509_FMT_PEM);
	if (chain->count == 0)
		return errmsg_set(e, "%s: no certificates in PEM found", path);
	return 0;
}

static int
load_roots(struct file_bytes *pem, const char *path, struct errmsg *e)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	int result = load_certificates(pem, &chain, path, e);

	tls_chain_free(&chain);
	return result;
}

static int
load_key(struct file_bytes *pem, gnutls_x509_privkey_t key, const char *path,
    struct errmsg *e)
{
	gnutls_datum_t datum;
	int result;

	if (file_read(pem, path, FILE_MAX, e) < 0)
		return -1;
	datum = tls_datum_of(pem);
	result = gnutls_x509_privkey_import2(
	    key, &datum, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN);
	if (result == GNUTLS_E_DECRYPTION_FAILED)
		return errmsg_set(e,
		    "%s: the key is encrypted: decrypt it, or use --pkcs12",
		    path);
	if (result < 0)
		return errmsg_set(e, "%s: no private key in PEM found", path);
	return 0;
}

/* GnuTLS would find a foreign key, too, but later, without the file's name. */
static int
load_key_pair(struct tls_key_pair *pair, const char *cert, const char *key,
    struct errmsg *e)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	gnutls_x509_privkey_t parsed;
	int result = -1;

	if (gnutls_x509_privkey_init(&parsed) < 0)
		return errmsg_set(e, "%s: out of memory", key);
	if (load_certificates(&pair->cert, &chain, cert, e) == 0 &&
	    load_key(&pair->key, parsed, key, e) == 0)
		result = tls_chain_has_key(&chain, parsed)
		    ? 0
		    : errmsg_set(e,
			  "%s: the private key does not belong to the "
			  "certificate",
			  cert);
	tls_chain_free(&chain);
	gnutls_x509_privkey_deinit(parsed);
	return result;
}

static int
load_key_pairs(
    struct tls_bundle *bundle, const struct tls_files *files, struct errmsg *e)
{
	for (int n = 0; n < TLS_KEY_PAIRS_MAX && files->cert[n] != NULL; n++) {
		ASSERT(files->key[n] != NULL);
		bundle->key_pair_count = n + 1;
		if (load_key_pair(&bundle->key_pairs[n], files->cert[n],
			files->key[n], e) < 0 ||
		    check_privacy(files, files->key[n], e) < 0)
			return -1;
	}
	return 0;
}

static int
load_own(
    struct tls_bundle *bundle, const struct tls_files *files, struct errmsg *e)
{
	if (files->pkcs12 == NULL)
		return load_key_pairs(bundle, files, e);
	bundle->key_pair_count = 1;
	if (load_pkcs12(&bundle->key_pairs[0], files, e) < 0)
		return -1;
	return check_privacy(files, files->pkcs12, e);
}

int
tls_files_load(
    struct tls_bundle *bundle, const struct tls_files *files, struct errmsg *e)
{
	ASSERT(bundle->key_pair_count == 0);
	ASSERT(files->ca != NULL);
	if (load_roots(&bundle->ca, files->ca, e) == 0 &&
	    load_own(bundle, files, e) == 0)
		return 0;
	tls_bundle_free(bundle);
	return -1;
}
