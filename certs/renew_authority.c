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

static bool
has_same_path_length(gnutls_x509_crt_t a, gnutls_x509_crt_t b)
{
	int lengths[2] = { -1, -1 };

	(void)gnutls_x509_crt_get_basic_constraints(a, NULL, NULL, &lengths[0]);
	(void)gnutls_x509_crt_get_basic_constraints(b, NULL, NULL, &lengths[1]);
	return lengths[0] == lengths[1];
}

/* The extension's bytes; those of none are of size 0. */
static gnutls_datum_t
find_constraints(gnutls_x509_crt_t cert)
{
	gnutls_datum_t out = { NULL, 0 };
	char oid[64];
	size_t size = sizeof oid;

	for (unsigned int i = 0;
	     gnutls_x509_crt_get_extension_info(cert, i, oid, &size, NULL) >= 0;
	     i++, size = sizeof oid)
		if (strcmp(oid, PERMIT_OID) == 0)
			(void)gnutls_x509_crt_get_extension_data2(
			    cert, i, &out);
	return out;
}

static bool
has_same_constraints(gnutls_x509_crt_t a, gnutls_x509_crt_t b)
{
	gnutls_datum_t both[2] = { find_constraints(a), find_constraints(b) };
	bool is_same = both[0].size == both[1].size &&
	    (both[0].size == 0 ||
		memcmp(both[0].data, both[1].data, both[0].size) == 0);

	gnutls_free(both[0].data);
	gnutls_free(both[1].data);
	return is_same;
}

/* The certificate is read as a peer reads it. */
int
renew_authority_check_same(
    const struct authority *a, const struct file_bytes *pem, struct errmsg *e)
{
	struct tls_chain made = TLS_CHAIN_INIT;
	gnutls_x509_crt_t old = authority_cert(a);
	bool is_same;

	if (x509_chain_parse(&made, pem, AUTHORITY_CERT_FILE, e) < 0)
		return -1;
	is_same = has_same_name(old, made.crts[0]) &&
	    has_same_key_id(old, made.crts[0]) &&
	    has_same_path_length(old, made.crts[0]) &&
	    has_same_constraints(old, made.crts[0]);
	tls_chain_free(&made);
	if (is_same)
		return 0;
	return errmsg_set(e,
	    "%s/" AUTHORITY_CERT_FILE
	    ": was made elsewhere, in a way that cannot be repeated here",
	    store_dir(authority_store(a)));
}

int
renew_authority_read_name(char name[static NAME_COMMON_MAX + 1],
    const struct authority *a, struct errmsg *e)
{
	size_t size = NAME_COMMON_MAX + 1;

	name[0] = '\0';
	(void)gnutls_x509_crt_get_dn_by_oid(
	    authority_cert(a), GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &size);
	if (name_check_common(name, e) < 0)
		return errmsg_prepend(e, AUTHORITY_CERT_FILE ": its name");
	return 0;
}

static int
make(struct authority_files *out, const struct authority *a,
    const struct options *options, struct errmsg *e)
{
	gnutls_x509_privkey_t key = authority_private_key(a);
	char name[NAME_COMMON_MAX + 1];
	struct when_validity validity;
	gnutls_x509_crt_t root;
	int result;

	if (renew_authority_read_name(name, a, e) < 0 ||
	    when_validity(&validity, &options->life, time(NULL), 0, e) < 0 ||
	    cert_make_root(&root, key, name, &validity, e) < 0)
		return -1;
	result =
	    authority_files_make(out, root, key, NULL, options->ca_password, e);
	gnutls_x509_crt_deinit(root);
	return result < 0 ? -1 : renew_authority_check_same(a, &out->cert, e);
}

int
renew_authority_write(const struct authority *a,
    const struct authority_files *files, struct errmsg *e)
{
	const struct store_file set[] = {
		{ AUTHORITY_CERT_FILE, &files->cert, 0644 },
		{ AUTHORITY_KEY_FILE, &files->key, 0600 },
	};
	struct store *store = authority_store(a);
	const char *dir = store_dir(store);

	if (store_write(store, set, sizeof set / sizeof *set, true, e) < 0 ||
	    store_sync(store, e) < 0)
		return -1;
	printf(
	    "%s/" AUTHORITY_CERT_FILE " %s/" AUTHORITY_KEY_FILE "\n", dir, dir);
	return 0;
}

static int
write_files(const struct authority *a, const struct authority_files *files,
    struct errmsg *e)
{
	char ends[UTC_TEXT];

	if (renew_authority_write(a, files, e) < 0)
		return -1;
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
		    ": is an intermediate authority's: the one above renews "
		    "it, with 'tlsecho-certs renew DIR NAME'",
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
