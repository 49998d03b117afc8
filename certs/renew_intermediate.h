/*
 * renew_intermediate: the command renew, for an authority below another.
 *
 * Use:
 *	if (renew_is_intermediate(authority, "web"))
 *		result = renew_intermediate(&maker, options, "web", &e);
 */
#ifndef CERTS_RENEW_INTERMEDIATE_H
#define CERTS_RENEW_INTERMEDIATE_H

#include <stdbool.h>

#include "certs/identity.h"
#include "certs/options.h"
#include "common/base/errmsg.h"

/* Whether STEM.pem is an authority's. */
bool renew_is_intermediate(const struct authority *a, const char *stem);

/*
 * Writes STEM.pem, STEM/ca.pem and STEM/ca.key, of the same name, key and
 * limits, with new dates and a new serial number. Fails if the certificate is
 * revoked, or would not be the same.
 */
int renew_intermediate(const struct identity_maker *maker,
    const struct options *options, const char *stem, struct errmsg *e);

#endif
