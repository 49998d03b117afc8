/*
 * files: certificates and keys, read from the files that options name. Not for
 * workers, which get them as a sealed bundle.
 *
 * Errors:	-1 and a line that names the file and what is wrong with it.
 * Use:
 *	struct tls_bundle bundle = TLS_BUNDLE_INIT;
 *	if (tls_files_load(&bundle, &files, &e) < 0) ...
 *	tls_bundle_free(&bundle);
 */
#ifndef COMMON_CREDS_FILES_H
#define COMMON_CREDS_FILES_H

#include <stdbool.h>

#include "common/base/errmsg.h"
#include "common/creds/bundle.h"

struct tls_certified_key;
struct tls_files;

/* PEM, as --cert and --key of struct tls_files. */
struct tls_files_pair {
	const char *cert, *key;
	const char *password; /* of a key that is encrypted; NULL: none */
	bool takes_tokens;    /* these may be URIs */
	bool clients_only; /* others are passed over, and their keys not read */
};

/*
 * Reads certificates, keys and roots of files that tls_files_check accepts;
 * PKCS#12 becomes PEM, a key in a token what creds/token.h makes of it. The
 * bundle must be empty, and is when this fails.
 */
int tls_files_load(
    struct tls_bundle *bundle, const struct tls_files *files, struct errmsg *e);

/*
 * Reads one certificate and its key, checked in the same way. 1: it was passed
 * over. like: see creds/certified_key.h; tls_certified_key_free is the caller's
 * after a 0.
 */
int tls_files_load_pair(struct tls_certified_key *own,
    const struct tls_files_pair *pair, const struct tls_certified_key *like,
    struct errmsg *e);

#endif
