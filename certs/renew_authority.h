/* renew_authority: the command renew, for an authority itself. */
#ifndef CERTS_RENEW_AUTHORITY_H
#define CERTS_RENEW_AUTHORITY_H

#include "certs/options.h"
#include "common/base/errmsg.h"

/*
 * Writes the directory's ca.pem, of the same name and key, with new dates and a
 * new serial number, and ca.key anew. What it issued is good under both. Fails
 * for an intermediate authority, and for a root that would not be the same.
 */
int renew_authority(
    const struct options *options, const char *dir, struct errmsg *e);

#endif
