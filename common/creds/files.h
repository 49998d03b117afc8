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

#include "common/base/errmsg.h"
#include "common/creds/bundle.h"

struct tls_files;

/*
 * Reads certificates, keys and roots of files that tls_files_check accepts;
 * PKCS#12 becomes PEM. The bundle must be empty, and is when this fails.
 */
int tls_files_load(
    struct tls_bundle *bundle, const struct tls_files *files, struct errmsg *e);

#endif
