/* cmd_intermediate: an authority below another; see the header. */
#include "certs/cmd_intermediate.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "certs/authority.h"
#include "certs/authority_files.h"
#include "certs/cert.h"
#include "certs/key.h"
#include "certs/name.h"
#include "certs/permit.h"
#include "certs/replaced.h"
#include "certs/store.h"

/* A command under way. */
struct intermediate {
	const struct options *options;
	const char *name;
	char stem[NAME_STEM_SIZE];
	struct authority *above;
	struct cert_authority wish;
	struct authority_files files;
	struct file_bytes chain; /* of NAME.pem */
	struct replaced replaced;
};

/* RFC 5280, section 4.2.1.9: how many authorities may be below this one. */
static int
find_path_length(struct intermediate *m, struct errmsg *e)
{
	int above = -1;

	(void)gnutls_x509_crt_get_basic_constraints(
	    authority_cert(m->above), NULL, NULL, &above);
	m->wish.path_length = above > 0 ? above - 1 : -1;
	if (above == 0)
		return errmsg_set(e,
		    "%s/" AUTHORITY_CERT_FILE
		    ": allows no authority below it (pathLenConstraint 0)",
		    store_dir(authority_store(m->above)));
	return 0;
}

/* Two of one name look as if one of them had signed itself. */
static int
check_unique(const struct intermediate *m, struct errmsg *e)
{
	const struct tls_chain *above = authority_chain(m->above);
	char name[NAME_COMMON_MAX + 1];

	for (unsigned int i = 0; i < above->count; i++) {
		size_t size = sizeof name;

		if (gnutls_x509_crt_get_dn_by_oid(above->crts[i],
			GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &size) >= 0 &&
		    strcmp(name, m->wish.common_name) == 0)
			return errmsg_set(e,
			    "'%s' is the name of an authority above, too: give "
			    "another one, or --name",
			    name);
	}
	return 0;
}

static int
make_from_key(
    struct intermediate *m, gnutls_x509_privkey_t key, struct errmsg *e)
{
	const struct tls_chain *issuers = authority_chain(m->above);
	gnutls_x509_crt_t cert;
	int result = -1;

	m->wish.key = key;
	if (cert_make_authority(&cert, &m->wish, authority_cert(m->above),
		authority_key(m->above), e) < 0)
		return -1;
	if (authority_export_chain(&m->chain, m->above, cert, e) == 0)
		result = authority_files_make(
		    &m->files, cert, key, issuers, m->options->ca_password, e);
	gnutls_x509_crt_deinit(cert);
	return result;
}

static int
make(struct intermediate *m, struct errmsg *e)
{
	gnutls_x509_privkey_t key;
	int result;

	if (when_validity(&m->wish.validity, &m->options->life, time(NULL),
		gnutls_x509_crt_get_expiration_time(authority_cert(m->above)),
		e) < 0 ||
	    find_path_length(m, e) < 0 || check_unique(m, e) < 0 ||
	    key_generate(&key, m->options->key_kind, e) < 0)
		return -1;
	result = make_from_key(m, key, e);
	gnutls_x509_privkey_deinit(key);
	return result;
}

/*
 * The certificate is written where it can be revoked before its key is written
 * where it can be used.
 */
static int
write_both(struct intermediate *m, struct store *below, struct errmsg *e)
{
	bool overwrite = m->options->force;

	if (authority_files_check(below, overwrite, e) < 0 ||
	    (overwrite &&
		replaced_load(&m->replaced, m->above, m->stem,
		    m->options->revoke_old, e) < 0) ||
	    replaced_write(
		&m->replaced, m->above, m->stem, &m->chain, overwrite, e) < 0)
		return -1;
	/* The old one's number is known no more, even if the rest fails. */
	replaced_tell(&m->replaced, m->above);
	return authority_files_write(&m->files, below, overwrite, e);
}

static int
make_and_write(struct intermediate *m, const char *dir, struct errmsg *e)
{
	char path[STORE_PATH_SIZE];
	struct store *below;
	int result;

	if (authority_open(&m->above, dir, AUTHORITY_SIGN,
		m->options->ca_password, e) < 0 ||
	    authority_check_usage(m->above, GNUTLS_KEY_KEY_CERT_SIGN, e) < 0 ||
	    make(m, e) < 0 ||
	    store_path(authority_store(m->above), m->stem, path, e) < 0 ||
	    store_open(&below, path, STORE_CREATE, e) < 0)
		return -1;
	result = write_both(m, below, e);
	store_close(&below);
	return result;
}

static int
check_name(struct intermediate *m, struct errmsg *e)
{
	if (name_stem(m->stem, m->name, e) < 0)
		return -1;
	m->wish.common_name =
	    m->options->root_name != NULL ? m->options->root_name : m->name;
	if (name_check_common(m->wish.common_name, e) < 0)
		return errmsg_prepend(e, "'%s'", m->wish.common_name);
	return 0;
}

int
intermediate_run(
    const struct options *options, char *const *operands, struct errmsg *e)
{
	struct intermediate m = { .options = options,
		.name = operands[1],
		.replaced = REPLACED_INIT };
	int status = ARGS_EXIT_USAGE;

	if (check_name(&m, e) == 0 &&
	    permit_parse(&m.wish.constraints, options->permit,
		OPTIONS_PERMIT_MAX, e) == 0) {
		status = make_and_write(&m, operands[0], e) < 0
		    ? ARGS_EXIT_FAILED
		    : ARGS_EXIT_OK;
		replaced_free(&m.replaced);
		authority_close(&m.above);
		authority_files_free(&m.files);
		file_bytes_free(&m.chain);
		if (m.wish.constraints != NULL)
			gnutls_x509_name_constraints_deinit(m.wish.constraints);
	}
	return status;
}
