/*
 * renew_authority: the command renew, for an authority itself, and what an
 * intermediate authority's renewal has in common with that.
 *
 * Use:
 *	status = renew_authority(options, "pki", &e);
 */
#ifndef CERTS_RENEW_AUTHORITY_H
#define CERTS_RENEW_AUTHORITY_H

#include "certs/authority.h"
#include "certs/authority_files.h"
#include "certs/name.h"
#include "certs/options.h"
#include "common/base/errmsg.h"

/*
 * Writes the directory's ca.pem, of the same name and key, with new dates and a
 * new serial number, and ca.key anew. What it issued is good under both. Fails
 * for an intermediate authority, and for a root that would not be the same.
 */
int renew_authority(
    const struct options *options, const char *dir, struct errmsg *e);

/* Its common name. Fails where there is none, or one that is too long. */
int renew_authority_read_name(char name[static NAME_COMMON_MAX + 1],
    const struct authority *a, struct errmsg *e);

/*
 * Fails unless the first certificate of the PEM has the name, the key, the path
 * length and the name constraints of the authority's own.
 */
int renew_authority_check_same(
    const struct authority *a, const struct file_bytes *pem, struct errmsg *e);

/* ca.pem and ca.key; the list goes on: the same name and key signed it. */
int renew_authority_write(const struct authority *a,
    const struct authority_files *files, struct errmsg *e);

#endif
