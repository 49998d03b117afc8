/* authority_files: the files of a new authority; see the header. */
#include "certs/authority_files.h"

#include <gnutls/abstract.h>
#include <stdio.h>
#include <time.h>

#include "certs/authority.h"
#include "certs/cert.h"
#include "certs/crl.h"
#include "certs/key.h"
#include "certs/pbe.h"

enum {
	/* A fifth of a second for each command, which users will bear. */
	KEY_ROUNDS = 600000
};

static int
make_crl(struct file_bytes *out, gnutls_x509_crt_t cert,
    gnutls_x509_privkey_t key, struct errmsg *e)
{
	gnutls_privkey_t signer;
	gnutls_x509_crl_t crl;
	int result = -1;

	if (crl_new(&crl, 0, e) < 0)
		return -1;
	if (key_signer(&signer, key, e) == 0) {
		result = crl_issue(crl, cert, signer, time(NULL), CRL_DAYS, e);
		gnutls_privkey_deinit(signer);
	}
	if (result == 0)
		result = crl_export_pem(out, crl, e);
	gnutls_x509_crl_deinit(crl);
	return result;
}

int
authority_files_make(struct authority_files *out, gnutls_x509_crt_t cert,
    gnutls_x509_privkey_t key, const struct tls_chain *issuers,
    const char *password, struct errmsg *e)
{
	const struct pbe pbe = { .password = password, .rounds = KEY_ROUNDS };
	unsigned int count = issuers != NULL ? issuers->count : 0;

	if (cert_export_pem(&out->cert, cert, e) < 0)
		return -1;
	for (unsigned int i = 0; i < count; i++)
		if (cert_export_pem(&out->cert, issuers->crts[i], e) < 0)
			return -1;
	if (key_export_pem(&out->key, key, password != NULL ? &pbe : NULL, e) <
	    0)
		return -1;
	return make_crl(&out->crl, cert, key, e);
}

int
authority_files_check(
    const struct store *store, bool overwrite, struct errmsg *e)
{
	static const struct store_file set[] = {
		{ .name = AUTHORITY_CERT_FILE },
		{ .name = AUTHORITY_KEY_FILE },
		{ .name = AUTHORITY_CRL_FILE },
	};

	return store_check(store, set, sizeof set / sizeof *set, overwrite, e);
}

int
authority_files_write(const struct authority_files *files, struct store *store,
    bool overwrite, struct errmsg *e)
{
	const struct store_file set[] = {
		{ AUTHORITY_CERT_FILE, &files->cert, 0644 },
		{ AUTHORITY_KEY_FILE, &files->key, 0600 },
		{ AUTHORITY_CRL_FILE, &files->crl, 0644 },
	};
	const char *dir = store_dir(store);

	if (store_write(store, set, sizeof set / sizeof *set, overwrite, e) <
		0 ||
	    store_sync(store, e) < 0)
		return -1;
	printf("%s/" AUTHORITY_CERT_FILE " %s/" AUTHORITY_KEY_FILE
	       " %s/" AUTHORITY_CRL_FILE "\n",
	    dir, dir, dir);
	return 0;
}

void
authority_files_free(struct authority_files *files)
{
	file_bytes_free(&files->cert);
	file_bytes_free(&files->key);
	file_bytes_free(&files->crl);
}
