/*
 * files: certificates and keys, read from the files of a command line.
 *
 * Errors:	-1 and a line that names the file and what is wrong with it.
 * Use:
 *	struct tls_bundle bundle = TLS_BUNDLE_INIT;
 *	if (tls_files_check(&files, &e) < 0)
 *		return usage;
 *	if (tls_files_load(&bundle, &files, &e) < 0) ...
 */
#ifndef COMMON_CREDS_FILES_H
#define COMMON_CREDS_FILES_H

#include <stdbool.h>

#include "common/base/errmsg.h"
#include "common/creds/bundle.h"

/* File names; NULL where not given. */
struct tls_files {
	/* PEM: the leaf first, then its issuers. The n-th belongs to key n. */
	const char *cert[TLS_IDENTITIES_MAX];
	const char *key[TLS_IDENTITIES_MAX]; /* PEM */
	const char *ca;     /* PEM: roots that peers are verified against */
	const char *pkcs12; /* RFC 7292: instead of cert and key */
	const char *password_file; /* its first line opens pkcs12 */
	/* Refuse keys that group or others can read. */
	bool private_keys_only;
};

/* A combination of options that makes sense, or -1: usage. */
int tls_files_check(const struct tls_files *files, struct errmsg *e);

/* Reads certificates, keys and roots; PKCS#12 becomes PEM. */
int tls_files_load(
    struct tls_bundle *bundle, const struct tls_files *files, struct errmsg *e);

#endif
