/* cmd_renew: the command that makes certificates anew. */
#ifndef CERTS_CMD_RENEW_H
#define CERTS_CMD_RENEW_H

#include "certs/options.h"

/*
 * operands: DIR NAME...; for each a certificate of the same names and purpose,
 * of the same key unless --new-key is given. All can be renewed, or none is.
 * The name "ca", alone, is the authority's own certificate, and that of an
 * intermediate authority, alone, is this authority's.
 */
int renew_run(
    const struct options *options, char *const *operands, struct errmsg *e);

#endif
