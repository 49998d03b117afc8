/* identity: a key and its certificate as files; see the header. */
#include "certs/identity.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs/pfx.h"
#include "certs/store.h"
#include "certs/x509.h"
#include "common/base/assertion.h"

enum {
	FILES = 3
};

struct contents {
	struct file_bytes key, cert, pfx;
};

static int
name_files(struct store_file files[static FILES],
    const struct identity_request *request, struct errmsg *e)
{
	static const char *const suffixes[FILES] = { ".pem", ".key", ".pfx" };
	char stem[NAME_STEM_SIZE];

	ASSERT(request->count > 0);
	if (name_stem(stem, request->names[0].text, e) < 0)
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

	if (name_files(files, request, e) < 0)
		return -1;
	return store_check(authority_store(maker->authority), files, FILES,
	    maker->overwrite, e);
}

/* The leaf and its issuers, but not a root: peers must have that already. */
static int
export_chain(struct file_bytes *out, const struct identity_maker *maker,
    gnutls_x509_crt_t leaf, struct errmsg *e)
{
	const struct tls_chain *chain = authority_chain(maker->authority);

	if (cert_export_pem(out, leaf, e) < 0)
		return -1;
	for (unsigned int i = 0; i < chain->count; i++) {
		gnutls_x509_crt_t cert = chain->crts[i];

		if (gnutls_x509_crt_check_issuer(cert, cert) == 0 &&
		    cert_export_pem(out, cert, e) < 0)
			return -1;
	}
	return 0;
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

static int
fill(struct contents *out, const struct identity_maker *maker,
    const struct identity_request *request, gnutls_x509_privkey_t key,
    struct errmsg *e)
{
	struct cert_leaf leaf = { .key = key,
		.names = request->names,
		.names_count = request->count,
		.purpose = maker->purpose,
		.validity = maker->validity };
	gnutls_x509_crt_t cert;
	int result;

	if (cert_make_leaf(&cert, &leaf, authority_cert(maker->authority),
		authority_key(maker->authority), e) < 0)
		return -1;
	result = key_export_pem(&out->key, key, e);
	if (result == 0)
		result = export_chain(&out->cert, maker, cert, e);
	if (result == 0 && maker->pbe != NULL)
		result = export_pfx(
		    &out->pfx, maker, key, cert, request->names[0].text, e);
	gnutls_x509_crt_deinit(cert);
	return result;
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
	if (store_write(store, files, FILES, maker->overwrite, e) < 0)
		return -1;
	printf("%s/%s %s/%s", dir, files[0].name, dir, files[1].name);
	if (maker->pbe != NULL)
		printf(" %s/%s", dir, files[2].name);
	printf("\n");
	return 0;
}

int
identity_make(const struct identity_maker *maker,
    const struct identity_request *request, struct errmsg *e)
{
	struct contents contents = { .key = FILE_BYTES_INIT };
	struct store_file files[FILES];
	gnutls_x509_privkey_t key;
	int result;

	if (name_files(files, request, e) < 0 ||
	    key_generate(&key, maker->key_kind, e) < 0)
		return -1;
	result = fill(&contents, maker, request, key, e);
	gnutls_x509_privkey_deinit(key);
	if (result == 0)
		result = write_files(maker, files, &contents, e);
	file_bytes_free(&contents.key);
	file_bytes_free(&contents.cert);
	file_bytes_free(&contents.pfx);
	return result;
}
