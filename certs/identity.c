/* identity: a key and its certificate as files; see the header. */
#include "certs/identity.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "certs/crl.h"
#include "certs/old_cert.h"
#include "certs/options.h"
#include "certs/permit.h"
#include "certs/pfx.h"
#include "certs/revocations.h"
#include "certs/serial.h"
#include "certs/store.h"
#include "certs/x509.h"
#include "common/base/assertion.h"
#include "common/base/utc.h"

enum {
	FILES = 3, /* of an identity; the revocation list may be one more */
	FILES_MAX
};

struct contents {
	struct file_bytes key, cert, pfx, crl;
	struct old_cert old;
	bool has_old;        /* that is still good, if it is not revoked */
	bool is_old_revoked; /* by this */
};

static int
find_stem(char stem[static NAME_STEM_SIZE],
    const struct identity_request *request, struct errmsg *e)
{
	ASSERT(request->count > 0);
	return name_stem(stem,
	    request->stem != NULL ? request->stem : request->names[0].text, e);
}

static int
name_files(struct store_file files[static FILES],
    const struct identity_request *request, struct errmsg *e)
{
	static const char *const suffixes[FILES] = { ".pem", ".key", ".pfx" };
	char stem[NAME_STEM_SIZE];

	if (find_stem(stem, request, e) < 0)
		return -1;
	for (int i = 0; i < FILES; i++) {
		files[i] = (struct store_file){ .mode = 0600 };
		(void)snprintf(files[i].name, sizeof files[i].name, "%s%s",
		    stem, suffixes[i]);
	}
	return 0;
}

int
identity_check(const struct identity_maker *maker,
    const struct identity_request *request, struct errmsg *e)
{
	struct store_file files[FILES];

	if (name_files(files, request, e) < 0 ||
	    permit_check(authority_chain(maker->authority), NULL,
		request->names, request->count, e) < 0)
		return -1;
	return store_check(authority_store(maker->authority), files, FILES,
	    maker->overwrite, e);
}

static int
export_pfx(struct file_bytes *out, const struct identity_maker *maker,
    gnutls_x509_privkey_t key, gnutls_x509_crt_t leaf, const char *name,
    struct errmsg *e)
{
	const struct tls_chain *chain = authority_chain(maker->authority);
	gnutls_x509_crt_t *certs = calloc(chain->count + 1, sizeof *certs);
	struct pfx pfx = { .key = key,
		.certs = certs,
		.count = chain->count + 1,
		.friendly_name = name,
		.pbe = *maker->pbe };
	int result;

	if (certs == NULL)
		return errmsg_set(e, "out of memory");
	certs[0] = leaf;
	memcpy(certs + 1, chain->crts, chain->count * sizeof *certs);
	result = pfx_make(out, &pfx, e);
	free(certs);
	return result;
}

/* The certificate is read as a peer reads it. */
static int
check_names(gnutls_x509_crt_t cert, const struct tls_chain *issuers,
    const struct identity_request *request, struct errmsg *e)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	struct tls_chain read = TLS_CHAIN_INIT;
	int result = -1;

	if (cert_export_pem(&pem, cert, e) == 0 &&
	    x509_chain_parse(&read, &pem, "certificate", e) == 0)
		result = permit_check(
		    issuers, read.crts[0], request->names, request->count, e);
	tls_chain_free(&read);
	file_bytes_free(&pem);
	return result;
}

static int
fill(struct contents *out, const struct identity_maker *maker,
    const struct identity_request *request, gnutls_x509_privkey_t key,
    struct errmsg *e)
{
	struct cert_leaf leaf = { .key = key,
		.names = request->names,
		.names_count = request->count,
		.purpose = request->purpose,
		.validity = maker->validity };
	const struct tls_chain *issuers = authority_chain(maker->authority);
	gnutls_x509_crt_t cert;
	int result;

	/* OpenSSL takes an address as a common name for a DNS name. */
	leaf.lacks_common_name = permit_is_limited(issuers) &&
	    request->names[0].san.kind == TLS_SAN_ADDRESS;
	if (authority_check_usage(
		maker->authority, GNUTLS_KEY_KEY_CERT_SIGN, e) < 0 ||
	    cert_make_leaf(&cert, &leaf, authority_cert(maker->authority),
		authority_key(maker->authority), e) < 0)
		return -1;
	result = check_names(cert, issuers, request, e);
	if (result == 0)
		result = key_export_pem(&out->key, key, NULL, e);
	if (result == 0)
		result = authority_export_chain(
		    &out->cert, maker->authority, cert, e);
	if (result == 0 && maker->pbe != NULL)
		result = export_pfx(
		    &out->pfx, maker, key, cert, request->names[0].text, e);
	gnutls_x509_crt_deinit(cert);
	return result;
}

/* What is there already, if it is this authority's, and not over yet. */
static int
load_old(struct contents *c, const struct identity_maker *maker,
    const struct identity_request *request, struct errmsg *e)
{
	char stem[NAME_STEM_SIZE];
	struct errmsg no_cert;

	if (find_stem(stem, request, e) < 0)
		return -1;
	c->has_old = maker->overwrite &&
	    old_cert_load(&c->old, maker->authority, stem, &no_cert) == 0 &&
	    gnutls_x509_crt_get_expiration_time(c->old.chain.crts[0]) >
		time(NULL);
	return 0;
}

static int
add_old(struct contents *c, gnutls_x509_crl_t crl,
    const struct identity_maker *maker, struct errmsg *e)
{
	if (crl_add(crl, &c->old.serial, time(NULL), e) < 0)
		return -1;
	c->is_old_revoked = true;
	return revocations_issue(&c->crl, crl, maker->authority, CRL_DAYS, e);
}

/*
 * The new list goes into the same set of files as what replaces the old one.
 * Without --revoke-old the list is only asked, if it can be.
 */
static int
revoke_old(
    struct contents *c, const struct identity_maker *maker, struct errmsg *e)
{
	gnutls_x509_crl_t crl;
	time_t when;
	int result;

	if (!c->has_old)
		return 0;
	if (revocations_load(&crl, maker->authority, e) < 0)
		return maker->revoke_old ? -1 : 0;
	result = crl_find(crl, &c->old.serial, &when, e);
	if (result > 0)
		c->has_old = false;
	else if (result == 0 && maker->revoke_old)
		result = add_old(c, crl, maker, e);
	gnutls_x509_crl_deinit(crl);
	return result < 0 ? -1 : 0;
}

static void
tell_old(const struct contents *c, const char *dir)
{
	char serial[SERIAL_TEXT];
	char ends[UTC_TEXT];

	if (!c->has_old)
		return;
	(void)serial_format(&c->old.serial, serial);
	(void)utc_format(
	    gnutls_x509_crt_get_expiration_time(c->old.chain.crts[0]), ends);
	if (c->is_old_revoked)
		printf("%s/" AUTHORITY_CRL_FILE ": revoked serial %s\n", dir,
		    serial);
	else
		fprintf(stderr,
		    "%s: note: serial %s is replaced, and stays valid until "
		    "%s: 'tlsecho-certs revoke %s %s' revokes it, and so does "
		    "--revoke-old\n",
		    options_program.name, serial, ends, dir, serial);
}

static int
write_files(const struct identity_maker *maker, struct store_file *files,
    const struct contents *contents, struct errmsg *e)
{
	struct store *store = authority_store(maker->authority);
	const char *dir = store_dir(store);

	files[0].bytes = &contents->cert;
	files[0].mode = 0644;
	files[1].bytes = &contents->key;
	if (maker->pbe != NULL)
		files[2].bytes = &contents->pfx;
	files[FILES] =
	    (struct store_file){ AUTHORITY_CRL_FILE, &contents->crl, 0644 };
	if (store_write(store, files,
		contents->is_old_revoked ? FILES_MAX : FILES, maker->overwrite,
		e) < 0)
		return -1;
	printf("%s/%s %s/%s", dir, files[0].name, dir, files[1].name);
	if (maker->pbe != NULL)
		printf(" %s/%s", dir, files[2].name);
	printf("\n");
	tell_old(contents, dir);
	return 0;
}

static int
fill_with_key(struct contents *out, const struct identity_maker *maker,
    const struct identity_request *request, struct errmsg *e)
{
	gnutls_x509_privkey_t key;
	int result;

	if (request->key != NULL)
		return fill(out, maker, request, request->key, e);
	if (key_generate(&key, request->key_kind, e) < 0)
		return -1;
	result = fill(out, maker, request, key, e);
	gnutls_x509_privkey_deinit(key);
	return result;
}

int
identity_make(const struct identity_maker *maker,
    const struct identity_request *request, struct errmsg *e)
{
	struct contents contents = { .old = OLD_CERT_INIT };
	struct store_file files[FILES_MAX];
	int result = -1;

	if (name_files(files, request, e) == 0 &&
	    fill_with_key(&contents, maker, request, e) == 0 &&
	    load_old(&contents, maker, request, e) == 0 &&
	    revoke_old(&contents, maker, e) == 0)
		result = write_files(maker, files, &contents, e);
	old_cert_free(&contents.old);
	file_bytes_free(&contents.key);
	file_bytes_free(&contents.cert);
	file_bytes_free(&contents.pfx);
	file_bytes_free(&contents.crl);
	return result;
}
