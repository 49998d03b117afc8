/* renew_authority: the command renew, for an authority; see the header. */
#include "certs/renew_authority.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "certs/authority.h"
#include "certs/authority_files.h"
#include "certs/cert.h"
#include "certs/name.h"
#include "certs/permit.h"
#include "common/base/utc.h"

static int
check_options(const struct options *options, struct errmsg *e)
{
	if (options->new_key || options->revoke_old || options->pkcs12)
		return errmsg_set(e,
		    "ca: an authority keeps its key, and only --days, "
		    "--not-before, --not-after and --ca-password-file are of "
		    "use: 'init --force' makes another authority");
	return 0;
}

static bool
has_same_name(gnutls_x509_crt_t a, gnutls_x509_crt_t b)
{
	gnutls_datum_t names[2] = { { NULL, 0 }, { NULL, 0 } };
	bool is_same = gnutls_x509_crt_get_raw_dn(a, &names[0]) >= 0 &&
	    gnutls_x509_crt_get_raw_dn(b, &names[1]) >= 0 &&
	    names[0].size == names[1].size &&
	    memcmp(names[0].data, names[1].data, names[0].size) == 0;

	gnutls_free(names[0].data);
	gnutls_free(names[1].data);
	return is_same;
}

/* What was issued names the authority's key by this. */
static bool
has_same_key_id(gnutls_x509_crt_t a, gnutls_x509_crt_t b)
{
	struct cert_issuer ids[2];
	struct errmsg none;

	return cert_issuer_read(&ids[0], a, &none) == 0 &&
	    cert_issuer_read(&ids[1], b, &none) == 0 &&
	    ids[0].key_id_size == ids[1].key_id_size &&
	    memcmp(ids[0].key_id, ids[1].key_id, ids[0].key_id_size) == 0;
}

/* The certificate is read as a peer reads it. */
static int
check_same(
    const struct authority *a, const struct file_bytes *pem, struct errmsg *e)
{
	struct tls_chain made = TLS_CHAIN_INIT;
	gnutls_x509_crt_t old = authority_cert(a);
	int path_length = -1;
	bool is_same;

	if (x509_chain_parse(&made, pem, AUTHORITY_CERT_FILE, e) < 0)
		return -1;
	(void)gnutls_x509_crt_get_basic_constraints(
	    old, NULL, NULL, &path_length);
	is_same = has_same_name(old, made.crts[0]) &&
	    has_same_key_id(old, made.crts[0]) && path_length < 0 &&
	    !permit_is_limited(authority_chain(a));
	tls_chain_free(&made);
	if (is_same)
		return 0;
	return errmsg_set(e,
	    "%s/" AUTHORITY_CERT_FILE
	    ": was made elsewhere, in a way that cannot be repeated here",
	    store_dir(authority_store(a)));
}

/* The name is empty where there is none: then nothing is the same. */
static int
make(struct authority_files *out, const struct authority *a,
    const struct options *options, struct errmsg *e)
{
	gnutls_x509_privkey_t key = authority_private_key(a);
	char name[NAME_COMMON_MAX + 1] = "";
	size_t size = sizeof name;
	struct when_validity validity;
	gnutls_x509_crt_t root;
	int result;

	(void)gnutls_x509_crt_get_dn_by_oid(
	    authority_cert(a), GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &size);
	if (name_check_common(name, e) < 0)
		return errmsg_prepend(e, AUTHORITY_CERT_FILE ": its name");
	if (when_validity(&validity, &options->life, time(NULL), 0, e) < 0 ||
	    cert_make_root(&root, key, name, &validity, e) < 0)
		return -1;
	result =
	    authority_files_make(out, root, key, NULL, options->ca_password, e);
	gnutls_x509_crt_deinit(root);
	return result < 0 ? -1 : check_same(a, &out->cert, e);
}

/* The list goes on as it is: the same name and key signed it. */
static int
write_files(const struct authority *a, const struct authority_files *files,
    struct errmsg *e)
{
	const struct store_file set[] = {
		{ AUTHORITY_CERT_FILE, &files->cert, 0644 },
		{ AUTHORITY_KEY_FILE, &files->key, 0600 },
	};
	struct store *store = authority_store(a);
	const char *dir = store_dir(store);
	char ends[UTC_TEXT];

	if (store_write(store, set, sizeof set / sizeof *set, true, e) < 0 ||
	    store_sync(store, e) < 0)
		return -1;
	printf(
	    "%s/" AUTHORITY_CERT_FILE " %s/" AUTHORITY_KEY_FILE "\n", dir, dir);
	fprintf(stderr,
	    "%s: note: whoever trusts the old certificate can do so until %s; "
	    "until then, give them the new one\n",
	    options_program.name,
	    utc_format(
		gnutls_x509_crt_get_expiration_time(authority_cert(a)), ends));
	return 0;
}

static int
renew(
    const struct authority *a, const struct options *options, struct errmsg *e)
{
	struct authority_files files = AUTHORITY_FILES_INIT;
	gnutls_x509_crt_t old = authority_cert(a);
	int result = -1;

	if (gnutls_x509_crt_check_issuer(old, old) == 0)
		return errmsg_set(e,
		    "%s/" AUTHORITY_CERT_FILE
		    ": is an intermediate authority's: only a root signs "
		    "itself",
		    store_dir(authority_store(a)));
	if (make(&files, a, options, e) == 0)
		result = write_files(a, &files, e);
	authority_files_free(&files);
	return result;
}

int
renew_authority(
    const struct options *options, const char *dir, struct errmsg *e)
{
	struct authority *a;
	int result;

	if (check_options(options, e) < 0)
		return ARGS_EXIT_USAGE;
	if (authority_open(&a, dir, AUTHORITY_SIGN, options->ca_password, e) <
	    0)
		return ARGS_EXIT_FAILED;
	result = renew(a, options, e);
	authority_close(&a);
	return result < 0 ? ARGS_EXIT_FAILED : ARGS_EXIT_OK;
}
