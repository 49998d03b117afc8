/* identity: a key and its certificate as files; see the header. */
#include "certs/identity.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs/permit.h"
#include "certs/pfx.h"
#include "certs/replaced.h"
#include "certs/store.h"
#include "certs/x509.h"
#include "common/base/assertion.h"

enum {
	FILES = 3, /* of an identity; the revocation list may be one more */
	FILES_MAX
};

struct contents {
	struct file_bytes key, cert, pfx;
	struct replaced replaced;
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

static int
load_replaced(struct contents *c, const struct identity_maker *maker,
    const struct identity_request *request, struct errmsg *e)
{
	char stem[NAME_STEM_SIZE];

	if (!maker->overwrite)
		return 0;
	if (find_stem(stem, request, e) < 0)
		return -1;
	return replaced_load(
	    &c->replaced, maker->authority, stem, maker->revoke_old, e);
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
	files[FILES] = (struct store_file){ AUTHORITY_CRL_FILE,
		&contents->replaced.crl, 0644 };
	if (store_write(store, files,
		contents->replaced.is_revoked ? FILES_MAX : FILES,
		maker->overwrite, e) < 0)
		return -1;
	printf("%s/%s %s/%s", dir, files[0].name, dir, files[1].name);
	if (maker->pbe != NULL)
		printf(" %s/%s", dir, files[2].name);
	printf("\n");
	replaced_tell(&contents->replaced, maker->authority);
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
	struct contents contents = { .replaced = REPLACED_INIT };
	struct store_file files[FILES_MAX];
	int result = -1;

	if (name_files(files, request, e) == 0 &&
	    fill_with_key(&contents, maker, request, e) == 0 &&
	    load_replaced(&contents, maker, request, e) == 0)
		result = write_files(maker, files, &contents, e);
	replaced_free(&contents.replaced);
	file_bytes_free(&contents.key);
	file_bytes_free(&contents.cert);
	file_bytes_free(&contents.pfx);
	return result;
}
