/* cmd_revoke: the commands that change an authority's revocation list. */
#ifndef CERTS_CMD_REVOKE_H
#define CERTS_CMD_REVOKE_H

#include "certs/options.h"

/* operands: DIR CERT...; revokes all of them or none. */
int revoke_run(
    const struct options *options, char *const *operands, struct errmsg *e);

/* operands: DIR; issues the list again. */
int revoke_run_crl(
    const struct options *options, char *const *operands, struct errmsg *e);

#endif
