/*
 * replaced: the certificate that a new one of the same file name replaces. It
 * stays valid until its end unless it is revoked, and once its file is gone,
 * only its serial number can do that.
 *
 * Owns:	everything in it; replaced_free takes one that was not loaded.
 * Use:
 *	struct replaced replaced = REPLACED_INIT;
 *	if (replaced_load(&replaced, authority, "alice", revoke_old, &e) < 0)
 *		...
 *	... write replaced.crl as crl.pem, if replaced.is_revoked ...
 *	replaced_tell(&replaced, authority);
 *	replaced_free(&replaced);
 */
#ifndef CERTS_REPLACED_H
#define CERTS_REPLACED_H

#include <stdbool.h>

#include "certs/authority.h"
#include "certs/old_cert.h"
#include "common/base/errmsg.h"
#include "common/sys/file.h"

struct replaced {
	struct old_cert old;
	bool is_good;          /* and was, but for this command */
	bool is_revoked;       /* by this command, with this list: */
	struct file_bytes crl; /* goes into one set of files with the new one */
};

#define REPLACED_INIT                \
	{                            \
		.old = OLD_CERT_INIT \
	}

/*
 * Looks at STEM.pem. One that is missing, of another authority, over or revoked
 * is not good, and nothing is to be told of it. Fails if it cannot be revoked
 * though revoke says so.
 */
int replaced_load(struct replaced *out, const struct authority *a,
    const char *stem, bool revoke, struct errmsg *e);

/*
 * Writes an authority's certificate as STEM.pem, with the list in which the old
 * one is revoked, and syncs both.
 */
int replaced_write(const struct replaced *r, const struct authority *a,
    const char *stem, const struct file_bytes *pem, bool overwrite,
    struct errmsg *e);

/* After the new files are written: what became of the old one. */
void replaced_tell(const struct replaced *r, const struct authority *a);

void replaced_free(struct replaced *r);

#endif
