/*
 * authority_files: what a new authority's directory begins with: ca.pem, ca.key
 * and a crl.pem in which nothing is revoked.
 *
 * Owns:	the bytes, which authority_files_free clears.
 * Use:
 *	struct authority_files files = AUTHORITY_FILES_INIT;
 *	if (authority_files_make(&files, root, key, NULL, NULL, &e) < 0 ||
 *	    authority_files_write(&files, store, false, &e) < 0) ...
 *	authority_files_free(&files);
 */
#ifndef CERTS_AUTHORITY_FILES_H
#define CERTS_AUTHORITY_FILES_H

#include <gnutls/x509.h>
#include <stdbool.h>

#include "certs/store.h"
#include "certs/x509.h"
#include "common/base/errmsg.h"
#include "common/sys/file.h"

struct authority_files {
	struct file_bytes cert, key, crl;
};

#define AUTHORITY_FILES_INIT            \
	{                               \
		.cert = FILE_BYTES_INIT \
	}

/*
 * issuers: what is in ca.pem after the certificate; NULL of a root. password:
 * of ca.key; NULL: it is not encrypted.
 */
int authority_files_make(struct authority_files *out, gnutls_x509_crt_t cert,
    gnutls_x509_privkey_t key, const struct tls_chain *issuers,
    const char *password, struct errmsg *e);

/* Fails where authority_files_write would, as far as can be told. */
int authority_files_check(
    const struct store *store, bool overwrite, struct errmsg *e);

/*
 * All or none; syncs them, and prints a line with their paths. Of an authority
 * that is overwritten a note says what is lost.
 */
int authority_files_write(const struct authority_files *files,
    struct store *store, bool overwrite, struct errmsg *e);

void authority_files_free(struct authority_files *files);

#endif
