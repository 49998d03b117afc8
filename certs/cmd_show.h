/* cmd_show: the command that prints what files say. */
#ifndef CERTS_CMD_SHOW_H
#define CERTS_CMD_SHOW_H

#include "certs/options.h"

/*
 * operands: FILE...; certificates, revocation lists, certificate requests,
 * private keys and PKCS #12, PEM or DER. Key material is never printed.
 */
int show_run(
    const struct options *options, char *const *operands, struct errmsg *e);

#endif
