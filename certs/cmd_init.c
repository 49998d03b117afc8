/* cmd_init: the command that makes an authority: root, key, empty list. */
#include "certs/cmd_init.h"

#include <time.h>

#include "certs/authority_files.h"
#include "certs/cert.h"
#include "certs/key.h"
#include "certs/name.h"
#include "certs/store.h"

static const char default_name[] = "tlsecho root";

static int
make_from_key(struct authority_files *out, const struct options *options,
    gnutls_x509_privkey_t key, struct errmsg *e)
{
	const char *name =
	    options->root_name != NULL ? options->root_name : default_name;
	struct when_validity validity;
	gnutls_x509_crt_t root;
	int result;

	if (when_validity(&validity, &options->life, time(NULL), 0, e) < 0 ||
	    cert_make_root(&root, key, name, &validity, e) < 0)
		return -1;
	result =
	    authority_files_make(out, root, key, NULL, options->ca_password, e);
	gnutls_x509_crt_deinit(root);
	return result;
}

static int
make(struct authority_files *out, const struct options *options,
    struct errmsg *e)
{
	gnutls_x509_privkey_t key;
	int result;

	if (key_generate(&key, options->key_kind, e) < 0)
		return -1;
	result = make_from_key(out, options, key, e);
	gnutls_x509_privkey_deinit(key);
	return result;
}

int
init_run(const struct options *options, char *const *operands, struct errmsg *e)
{
	struct authority_files files = AUTHORITY_FILES_INIT;
	struct store *store;
	int result;

	if (options->root_name != NULL &&
	    name_check_common(options->root_name, e) < 0) {
		(void)errmsg_prepend(e, "--name");
		return ARGS_EXIT_USAGE;
	}
	if (store_open(&store, operands[0], STORE_CREATE, e) < 0)
		return ARGS_EXIT_FAILED;
	result = make(&files, options, e);
	if (result == 0)
		result =
		    authority_files_write(&files, store, options->force, e);
	authority_files_free(&files);
	store_close(&store);
	return result < 0 ? ARGS_EXIT_FAILED : ARGS_EXIT_OK;
}
