/* cmd_init: the command that makes an authority: root, key, empty list. */
#include "certs/cmd_init.h"

#include <stdio.h>
#include <time.h>

#include "certs/authority.h"
#include "certs/cert.h"
#include "certs/crl.h"
#include "certs/key.h"
#include "certs/name.h"
#include "certs/store.h"

static const char default_name[] = "tlsecho root";

/* The three files of a new authority. */
struct files {
	struct file_bytes cert, key, crl;
};

static int
make_crl(struct file_bytes *out, gnutls_x509_crt_t root,
    gnutls_x509_privkey_t key, struct errmsg *e)
{
	gnutls_privkey_t signer;
	gnutls_x509_crl_t crl;
	int result = -1;

	if (crl_new(&crl, 0, e) < 0)
		return -1;
	if (key_signer(&signer, key, e) == 0) {
		result = crl_issue(crl, root, signer, time(NULL), CRL_DAYS, e);
		gnutls_privkey_deinit(signer);
	}
	if (result == 0)
		result = crl_export_pem(out, crl, e);
	gnutls_x509_crl_deinit(crl);
	return result;
}

static int
make_from_key(struct files *out, const struct options *options,
    gnutls_x509_privkey_t key, struct errmsg *e)
{
	const char *name =
	    options->root_name != NULL ? options->root_name : default_name;
	struct when_validity validity;
	gnutls_x509_crt_t root;
	int result = -1;

	if (when_validity(&validity, &options->life, time(NULL), 0, e) < 0 ||
	    cert_make_root(&root, key, name, &validity, e) < 0)
		return -1;
	if (cert_export_pem(&out->cert, root, e) == 0 &&
	    key_export_pem(&out->key, key, e) == 0)
		result = make_crl(&out->crl, root, key, e);
	gnutls_x509_crt_deinit(root);
	return result;
}

static int
make(struct files *out, const struct options *options, struct errmsg *e)
{
	gnutls_x509_privkey_t key;
	int result;

	if (key_generate(&key, options->key_kind, e) < 0)
		return -1;
	result = make_from_key(out, options, key, e);
	gnutls_x509_privkey_deinit(key);
	return result;
}

static int
make_and_write(
    struct store *store, const struct options *options, struct errmsg *e)
{
	struct files made = { .cert = FILE_BYTES_INIT };
	const struct store_file files[] = {
		{ AUTHORITY_CERT_FILE, &made.cert, 0644 },
		{ AUTHORITY_KEY_FILE, &made.key, 0600 },
		{ AUTHORITY_CRL_FILE, &made.crl, 0644 },
	};
	size_t count = sizeof files / sizeof *files;
	int result = -1;

	if (make(&made, options, e) == 0 &&
	    store_write(store, files, count, options->force, e) == 0)
		result = store_sync(store, e);
	file_bytes_free(&made.cert);
	file_bytes_free(&made.key);
	file_bytes_free(&made.crl);
	return result;
}

int
init_run(const struct options *options, char *const *operands, struct errmsg *e)
{
	const char *dir = operands[0];
	struct store *store;
	int result;

	if (options->root_name != NULL &&
	    name_check_common(options->root_name, e) < 0) {
		(void)errmsg_prepend(e, "--name");
		return ARGS_EXIT_USAGE;
	}
	if (store_open(&store, dir, STORE_CREATE, e) < 0)
		return ARGS_EXIT_FAILED;
	result = make_and_write(store, options, e);
	store_close(&store);
	if (result < 0)
		return ARGS_EXIT_FAILED;
	printf("%s/" AUTHORITY_CERT_FILE " %s/" AUTHORITY_KEY_FILE
	       " %s/" AUTHORITY_CRL_FILE "\n",
	    dir, dir, dir);
	return ARGS_EXIT_OK;
}
