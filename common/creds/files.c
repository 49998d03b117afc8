/* files: certificates and keys read from files; see the header. */
#include "common/creds/files.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <time.h>

#include "common/base/assertion.h"
#include "common/base/printable.h"
#include "common/creds/args.h"
#include "common/creds/certified_key.h"
#include "common/creds/pkcs12.h"
#include "common/creds/token.h"
#include "common/x509/chain.h"
#include "common/x509/private_key.h"

static int
check_privacy(const struct tls_files *files, const char *path, struct errmsg *e)
{
	return files->private_keys_only ? file_check_private(path, e) : 0;
}

/* PKCS#12 has passwords in Unicode (RFC 7292, B.1), and so has GnuTLS. */
static int
check_password(const struct file_bytes *password, const char *path,
    bool has_line, struct errmsg *e)
{
	if (!has_line)
		return errmsg_set(e,
		    "%s: an empty file: the password is its first line, and an "
		    "empty password an empty line",
		    path);
	if (!printable_is_utf8(password->data, password->size))
		return errmsg_set(e,
		    "%s: the password is not in UTF-8: convert it with iconv, "
		    "such as -f latin1 -t utf8",
		    path);
	return 0;
}

/* Whoever can read it has the key, if he can read that. */
static int
read_password(struct file_bytes *password, const struct tls_files *files,
    struct errmsg *e)
{
	const char *path = files->password_file;
	int result = file_read_line(password, path, e);

	if (result < 0)
		return -1;
	if (check_password(password, path, result == 0, e) == 0 &&
	    check_privacy(files, path, e) == 0)
		return 0;
	file_bytes_free(password);
	return -1;
}

static int
load_pkcs12(
    struct tls_key_pair *pair, const struct tls_files *files, struct errmsg *e)
{
	struct file_bytes password = FILE_BYTES_INIT;
	struct file_bytes der = FILE_BYTES_INIT;
	int result;

	ASSERT(files->password_file != NULL);
	if (read_password(&password, files, e) < 0)
		return -1;
	result = file_read(&der, files->pkcs12, FILE_MAX, e);
	if (result == 0) {
		result =
		    tls_pkcs12_read(pair, &der, (const char *)password.data, e);
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
	if (tls_chain_read_pem(chain, pem, e) < 0)
		return errmsg_prepend(e, "%s", path);
	if (chain->count == 0)
		return errmsg_set(e, "%s: no certificates in PEM found", path);
	return 0;
}

static bool
is_token(const struct tls_files_pair *pair, const char *name)
{
	return pair->takes_tokens && tls_is_token(name);
}

/* The same of a pair, which may be in a token. */
static int
load_own_certificates(struct file_bytes *pem, struct tls_chain *chain,
    const struct tls_files_pair *pair, struct errmsg *e)
{
	char name[TLS_TOKEN_TEXT];

	if (!is_token(pair, pair->cert))
		return load_certificates(pem, chain, pair->cert, e);
	if (tls_token_read_chain(pem, pair->cert, pair->password, e) == 0 &&
	    tls_chain_read_pem(chain, pem, e) == 0 && chain->count > 0)
		return 0;
	return errmsg_prepend(e, "%s", tls_token_name(pair->cert, name));
}

static int
check_kind(gnutls_x509_crt_t crt, const char *path, struct errmsg *e)
{
	return tls_chain_check_kind(crt, e) < 0 ? errmsg_prepend(e, "%s", path)
						: 0;
}

/* A file that has both kinds is of use; one without any usable root is not. */
static int
check_kinds(const struct tls_chain *roots, const char *path, struct errmsg *e)
{
	for (unsigned i = 0; i < roots->count; i++)
		if (check_kind(roots->crts[i], path, e) == 0)
			return 0;
	return -1;
}

static int
load_roots(struct file_bytes *ca, const char *path, struct errmsg *e)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	struct file_bytes pem = FILE_BYTES_INIT;
	int result = load_certificates(&pem, &chain, path, e);

	if (result == 0)
		result = check_kinds(&chain, path, e);
	/* The last line of a file may lack its line feed. */
	if (result == 0 &&
	    (file_bytes_append(ca, pem.data, pem.size) < 0 ||
		file_bytes_append(ca, "\n", 1) < 0))
		result = errmsg_set(e, "%s: out of memory", path);
	tls_chain_free(&chain);
	file_bytes_free(&pem);
	return result;
}

static int
load_all_roots(
    struct file_bytes *ca, const struct tls_files *files, struct errmsg *e)
{
	for (int i = 0; i < TLS_CA_FILES_MAX && files->ca[i] != NULL; i++)
		if (load_roots(ca, files->ca[i], e) < 0)
			return -1;
	return 0;
}

static int
load_key(struct file_bytes *pem, gnutls_x509_privkey_t key,
    gnutls_x509_crt_t crt, const struct tls_files_pair *pair, struct errmsg *e)
{
	const char *path = pair->key;

	if (file_read(pem, path, FILE_MAX, e) < 0)
		return -1;
	if (tls_private_key_read(key, pem, crt, pair->password, e) < 0)
		return errmsg_prepend(e, "%s", path);
	return 0;
}

/*
 * GnuTLS sends one issuer of each name, the first: without what is replaced, it
 * is the valid one.
 */
static void
drop_replaced(struct tls_chain *chain)
{
	time_t now = time(NULL);

	for (unsigned i = chain->count; i-- > 0;) {
		if (!tls_chain_is_replaced(chain, i, now))
			continue;
		gnutls_x509_crt_deinit(chain->crts[i]);
		chain->count--;
		for (unsigned k = i; k < chain->count; k++)
			chain->crts[k] = chain->crts[k + 1];
	}
}

/* A file that has no such certificate stays as it is. */
static int
write_without_replaced(struct file_bytes *pem, struct tls_chain *chain)
{
	unsigned before = chain->count;
	int result = 0;

	drop_replaced(chain);
	if (chain->count == before)
		return 0;
	file_bytes_free(pem);
	for (unsigned i = 0; i < chain->count && result == 0; i++)
		result = tls_chain_append_pem(pem, chain->crts[i]);
	return result;
}

/* GnuTLS would find a foreign key, too, but later, without the file's name. */
static int
load_key_of(struct file_bytes *pem, gnutls_x509_privkey_t key,
    const struct tls_chain *chain, const struct tls_files_pair *pair,
    struct errmsg *e)
{
	char name[TLS_TOKEN_TEXT];

	/* Whether it is there, and is the certificate's, is seen where it is
	 * opened: creds/key_holder.h. */
	if (is_token(pair, pair->key))
		return tls_token_describe(pem, pair->key, pair->password, e) < 0
		    ? errmsg_prepend(e, "%s", tls_token_name(pair->key, name))
		    : 0;
	if (load_key(pem, key, chain->crts[0], pair, e) < 0)
		return -1;
	if (tls_chain_has_key(chain, key))
		return 0;
	return errmsg_set(e,
	    "%s: the private key does not belong to the certificate",
	    tls_token_name(pair->cert, name));
}

static int
load_key_pair(struct tls_key_pair *out, const struct tls_files_pair *pair,
    struct errmsg *e)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	gnutls_x509_privkey_t parsed;
	char text[TLS_TOKEN_TEXT];
	const char *name = tls_token_name(pair->cert, text);
	int result = -1;

	if (gnutls_x509_privkey_init(&parsed) < 0)
		return errmsg_set(e, "%s: out of memory", name);
	if (load_own_certificates(&out->cert, &chain, pair, e) == 0 &&
	    check_kind(chain.crts[0], name, e) == 0 &&
	    load_key_of(&out->key, parsed, &chain, pair, e) == 0) {
		result = write_without_replaced(&out->cert, &chain);
		if (result < 0)
			(void)errmsg_set(e, "%s: out of memory", name);
	}
	tls_chain_free(&chain);
	gnutls_x509_privkey_deinit(parsed);
	return result;
}

/* An authority's certificate mostly names no purpose, and so allows all. */
static bool
is_for_clients(gnutls_x509_crt_t crt)
{
	return gnutls_x509_crt_get_ca_status(crt, NULL) <= 0 &&
	    gnutls_x509_crt_check_key_purpose(
		crt, GNUTLS_KP_TLS_WWW_CLIENT, 0) != 0;
}

/* All that a client's key does, as creds.c says. */
static int
check_may_sign(gnutls_x509_crt_t crt, const char *path, struct errmsg *e)
{
	return tls_may_sign(crt) ? 0
				 : errmsg_set(e,
				       "%s: its key usage lacks "
				       "digitalSignature, which a client's "
				       "certificate needs",
				       path);
}

/* The key is the certified key's, or freed. */
static int
certify(struct tls_certified_key *own, struct tls_chain *chain,
    const struct tls_files_pair *pair, const struct tls_certified_key *like,
    struct errmsg *e)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	gnutls_x509_privkey_t key;
	int error;

	if (gnutls_x509_privkey_init(&key) < 0)
		return errmsg_set(e, "%s: out of memory", pair->key);
	if (load_key_of(&pem, key, chain, pair, e) < 0) {
		file_bytes_free(&pem);
		gnutls_x509_privkey_deinit(key);
		return -1;
	}
	file_bytes_free(&pem);
	drop_replaced(chain);
	error = tls_certified_key_init(own, chain, key, like);
	return error < 0
	    ? errmsg_set(e, "%s: %s", pair->cert, gnutls_strerror(error))
	    : 0;
}

int
tls_files_load_pair(struct tls_certified_key *own,
    const struct tls_files_pair *pair, const struct tls_certified_key *like,
    struct errmsg *e)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	struct file_bytes pem = FILE_BYTES_INIT;
	int result = -1;

	if (load_certificates(&pem, &chain, pair->cert, e) == 0 &&
	    check_kind(chain.crts[0], pair->cert, e) == 0)
		result = pair->clients_only && !is_for_clients(chain.crts[0])
		    ? 1
		    : check_may_sign(chain.crts[0], pair->cert, e);
	if (result == 0)
		result = certify(own, &chain, pair, like, e);
	file_bytes_free(&pem);
	tls_chain_free(&chain);
	return result;
}

/* password: NULL where there is none. */
static int
load_all_key_pairs(struct tls_bundle *bundle, const struct tls_files *files,
    const char *password, struct errmsg *e)
{
	for (int n = 0; n < TLS_KEY_PAIRS_MAX && files->cert[n] != NULL; n++) {
		const struct tls_files_pair pair = { .cert = files->cert[n],
			.key = files->key[n],
			.password = password,
			.takes_tokens = files->takes_tokens };

		ASSERT(files->key[n] != NULL);
		bundle->key_pair_count = n + 1;
		if (load_key_pair(&bundle->key_pairs[n], &pair, e) < 0 ||
		    (!is_token(&pair, pair.key) &&
			check_privacy(files, pair.key, e) < 0))
			return -1;
	}
	return 0;
}

static int
load_key_pairs(
    struct tls_bundle *bundle, const struct tls_files *files, struct errmsg *e)
{
	struct file_bytes password = FILE_BYTES_INIT;
	int result = 0;

	if (files->password_file != NULL)
		result = read_password(&password, files, e);
	if (result == 0)
		result = load_all_key_pairs(
		    bundle, files, (const char *)password.data, e);
	file_bytes_free(&password);
	return result;
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
	ASSERT(files->ca[0] != NULL);
	if (load_all_roots(&bundle->ca, files, e) == 0 &&
	    load_own(bundle, files, e) == 0)
		return 0;
	tls_bundle_free(bundle);
	return -1;
}
