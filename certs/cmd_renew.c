/* cmd_renew: the command that makes certificates anew; see the header. */
#include "certs/cmd_renew.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "certs/crl.h"
#include "certs/identity.h"
#include "certs/issue.h"
#include "certs/old_cert.h"
#include "certs/renew_authority.h"
#include "certs/renew_intermediate.h"
#include "certs/revocations.h"

/* Not the name of any other certificate. */
static const char authority_itself[] = "ca";

struct renewal {
	struct issue issue;
	const struct options *options;
	gnutls_x509_crl_t crl; /* NULL: there is none */
};

/* What is known of its key is known to whom it was revoked for. */
static int
check_revoked(
    const struct renewal *r, const struct old_cert *old, struct errmsg *e)
{
	time_t when;
	int found = 0;

	if (r->crl != NULL && !r->options->new_key)
		found = crl_find(r->crl, &old->serial, &when, e);
	if (found > 0)
		return errmsg_set(
		    e, "is revoked, and its key with it: give --new-key");
	return found;
}

/* A file with the old certificate must not stay beside the new one. */
static int
check_pfx(const struct renewal *r, const char *stem, struct errmsg *e)
{
	const struct store *store = authority_store(r->issue.maker.authority);
	char file[STORE_NAME_SIZE];

	(void)snprintf(file, sizeof file, "%s.pfx", stem);
	if (r->options->pkcs12 || !store_has(store, file))
		return 0;
	return errmsg_set(e,
	    "%s/%s would keep the old certificate: give --pkcs12 and "
	    "--password-file, or remove it",
	    store_dir(store), file);
}

static int
read_key(struct identity_request *request, const struct renewal *r,
    const struct old_cert *old, struct errmsg *e)
{
	if (!r->options->new_key)
		return old_cert_load_key(&request->key, old,
		    r->issue.maker.authority, request->stem, e);
	request->key_kind = r->options->key_name != NULL
	    ? r->options->key_kind
	    : key_kind_of(old->chain.crts[0]);
	if (request->key_kind == NULL)
		return errmsg_set(
		    e, "has a key of an unusual kind: choose one with --key");
	return 0;
}

/* Calls act() with what the renewal of this name asks for. */
static int
with_request(struct renewal *r, const char *name,
    int (*act)(const struct identity_maker *, const struct identity_request *,
	struct errmsg *),
    struct errmsg *e)
{
	char stem[NAME_STEM_SIZE];
	struct old_cert old = OLD_CERT_INIT;
	struct identity_request request = { .stem = stem };
	int result = -1;

	if (name_stem(stem, name, e) < 0)
		return -1;
	if (old_cert_load(&old, r->issue.maker.authority, stem, e) == 0 &&
	    old_cert_read_names(&old, e) == 0 &&
	    check_revoked(r, &old, e) == 0 && check_pfx(r, stem, e) == 0 &&
	    read_key(&request, r, &old, e) == 0) {
		request.names = old.names;
		request.count = old.names_count;
		request.purpose = old.purpose;
		result = act(&r->issue.maker, &request, e);
	}
	if (request.key != NULL)
		gnutls_x509_privkey_deinit(request.key);
	old_cert_free(&old);
	return result < 0 ? errmsg_prepend(e, "%s", name) : 0;
}

/* One alone: what it issued is to be renewed after it. */
static int
renew_below(
    struct renewal *r, const char *name, const char *stem, struct errmsg *e)
{
	if (renew_intermediate(&r->issue.maker, r->options, stem, e) < 0)
		return errmsg_prepend(e, "%s", name);
	return 0;
}

static int
renew_all(struct renewal *r, char *const *names, struct errmsg *e)
{
	char stem[NAME_STEM_SIZE];

	if (names[1] == NULL && name_stem(stem, names[0], e) == 0 &&
	    renew_is_intermediate(r->issue.maker.authority, stem))
		return renew_below(r, names[0], stem, e);
	for (char *const *name = names; *name != NULL; name++)
		if (with_request(r, *name, identity_check, e) < 0)
			return -1;
	for (char *const *name = names; *name != NULL; name++)
		if (with_request(r, *name, identity_make, e) < 0)
			return -1;
	return store_sync(authority_store(r->issue.maker.authority), e);
}

static int
load_crl(struct renewal *r, struct errmsg *e)
{
	const struct authority *a = r->issue.maker.authority;

	if (!store_has(authority_store(a), AUTHORITY_CRL_FILE))
		return 0;
	return revocations_load(&r->crl, a, e);
}

static int
check_names(char *const *names, struct errmsg *e)
{
	char stem[NAME_STEM_SIZE];

	for (; *names != NULL; names++) {
		if (strcmp(*names, authority_itself) == 0)
			return errmsg_set(e,
			    "'%s': is the authority's own certificate: renew "
			    "it alone",
			    *names);
		if (name_stem(stem, *names, e) < 0)
			return -1;
	}
	return 0;
}

int
renew_run(
    const struct options *options, char *const *operands, struct errmsg *e)
{
	struct renewal r = { .options = options };
	int result = -1;

	if (issue_check_options(options, e) < 0)
		return ARGS_EXIT_USAGE;
	if (strcmp(operands[1], authority_itself) == 0 && operands[2] == NULL)
		return renew_authority(options, operands[0], e);
	if (check_names(operands + 1, e) < 0)
		return ARGS_EXIT_USAGE;
	if (options->key_name != NULL && !options->new_key) {
		(void)errmsg_set(e, "--key needs --new-key");
		return ARGS_EXIT_USAGE;
	}
	if (issue_begin(&r.issue, options, operands[0], e) == 0) {
		r.issue.maker.overwrite = true;
		if (load_crl(&r, e) == 0)
			result = renew_all(&r, operands + 1, e);
	}
	if (r.crl != NULL)
		gnutls_x509_crl_deinit(r.crl);
	issue_end(&r.issue);
	return result < 0 ? ARGS_EXIT_FAILED : ARGS_EXIT_OK;
}
