/* renew_intermediate: an authority below another, renewed; see the header. */
#include "certs/renew_intermediate.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <time.h>

#include "certs/authority_files.h"
#include "certs/cert.h"
#include "certs/crl.h"
#include "certs/renew_authority.h"
#include "certs/replaced.h"
#include "certs/revocations.h"

/* A renewal under way. */
struct renewal {
	const struct identity_maker *maker;
	const char *stem;
	struct authority *below;
	struct authority_files files;
	struct file_bytes chain; /* of STEM.pem */
	struct replaced replaced;
};

bool
renew_is_intermediate(const struct authority *a, const char *stem)
{
	struct old_cert old = OLD_CERT_INIT;
	struct errmsg none;
	bool result = old_cert_load(&old, a, stem, &none) == 0 &&
	    gnutls_x509_crt_get_ca_status(old.chain.crts[0], NULL) > 0;

	old_cert_free(&old);
	return result;
}

static int
check_options(const struct options *options, struct errmsg *e)
{
	if (options->new_key || options->pkcs12)
		return errmsg_set(e,
		    "an authority keeps its key, and only --days, "
		    "--not-before, --not-after, --revoke-old and "
		    "--ca-password-file are of use: 'intermediate --force' "
		    "makes another authority");
	return 0;
}

/* Both the record above and the authority's own file may be the older one. */
static int
check_issued(const struct renewal *r, struct errmsg *e)
{
	const struct authority *above = r->maker->authority;
	gnutls_x509_crt_t cert = authority_cert(r->below);
	gnutls_x509_crl_t crl;
	struct serial serial;
	time_t when;
	int found;

	if (!authority_issued(above, cert) || serial_of(&serial, cert) < 0)
		return errmsg_set(e,
		    "%s/" AUTHORITY_CERT_FILE
		    ": was issued by another authority",
		    store_dir(authority_store(r->below)));
	if (!store_has(authority_store(above), AUTHORITY_CRL_FILE))
		return 0;
	if (revocations_load(&crl, above, e) < 0)
		return -1;
	found = crl_find(crl, &serial, &when, e);
	gnutls_x509_crl_deinit(crl);
	if (found > 0)
		return errmsg_set(e,
		    "is revoked, and its key with it: 'intermediate --force' "
		    "makes another authority");
	return found;
}

static int
export_files(struct renewal *r, gnutls_x509_crt_t cert,
    const struct options *options, struct errmsg *e)
{
	const struct authority *above = r->maker->authority;

	if (authority_export_chain(&r->chain, above, cert, e) < 0 ||
	    authority_files_make(&r->files, cert,
		authority_private_key(r->below), authority_chain(above),
		options->ca_password, e) < 0)
		return -1;
	return renew_authority_check_same(r->below, &r->files.cert, e);
}

static int
make_limited(struct renewal *r, struct cert_authority *wish,
    const struct options *options, struct errmsg *e)
{
	const struct authority *above = r->maker->authority;
	gnutls_x509_crt_t cert;
	int result;

	if (cert_make_authority(&cert, wish, authority_cert(above),
		authority_key(above), e) < 0)
		return -1;
	result = export_files(r, cert, options, e);
	gnutls_x509_crt_deinit(cert);
	return result;
}

static int
make(struct renewal *r, const struct options *options, struct errmsg *e)
{
	gnutls_x509_crt_t old = authority_cert(r->below);
	gnutls_x509_name_constraints_t limits;
	char name[NAME_COMMON_MAX + 1];
	struct cert_authority wish = { .key = authority_private_key(r->below),
		.common_name = name,
		.validity = r->maker->validity,
		.path_length = -1 };
	unsigned int critical;
	int result;

	if (renew_authority_read_name(name, r->below, e) < 0)
		return -1;
	if (gnutls_x509_name_constraints_init(&limits) < 0)
		return errmsg_set(e, "out of memory");
	(void)gnutls_x509_crt_get_basic_constraints(
	    old, NULL, NULL, &wish.path_length);
	if (gnutls_x509_crt_get_name_constraints(old, limits, 0, &critical) >=
	    0)
		wish.constraints = limits;
	result = make_limited(r, &wish, options, e);
	gnutls_x509_name_constraints_deinit(limits);
	return result;
}

/* The one above has the new one's number before it is used. */
static int
write_files(struct renewal *r, struct errmsg *e)
{
	const struct authority *above = r->maker->authority;
	struct store *store = authority_store(above);
	const char *below = store_dir(authority_store(r->below));

	if (replaced_write(&r->replaced, above, r->stem, &r->chain, true, e) <
	    0)
		return -1;
	replaced_tell(&r->replaced, above);
	if (renew_authority_write(r->below, &r->files, e) < 0)
		return -1;
	printf("%s/%s.pem\n", store_dir(store), r->stem);
	fprintf(stderr,
	    "%s: note: what %s issued still has the old certificate after its "
	    "own: 'tlsecho-certs renew %s NAME...' gives it the new one\n",
	    options_program.name, below, below);
	return 0;
}

static int
renew(struct renewal *r, const struct options *options, struct errmsg *e)
{
	const struct authority *above = r->maker->authority;
	char path[STORE_PATH_SIZE];

	if (check_options(options, e) < 0 ||
	    store_path(authority_store(above), r->stem, path, e) < 0 ||
	    authority_open(
		&r->below, path, AUTHORITY_SIGN, options->ca_password, e) < 0 ||
	    authority_check_usage(above, GNUTLS_KEY_KEY_CERT_SIGN, e) < 0 ||
	    check_issued(r, e) < 0 || make(r, options, e) < 0 ||
	    replaced_load(
		&r->replaced, above, r->stem, options->revoke_old, e) < 0)
		return -1;
	return write_files(r, e);
}

int
renew_intermediate(const struct identity_maker *maker,
    const struct options *options, const char *stem, struct errmsg *e)
{
	struct renewal r = {
		.maker = maker, .stem = stem, .replaced = REPLACED_INIT
	};
	int result = renew(&r, options, e);

	replaced_free(&r.replaced);
	file_bytes_free(&r.chain);
	authority_files_free(&r.files);
	authority_close(&r.below);
	return result;
}
