/*
 * cmd_issue: the commands that make identities: NAME.pem, NAME.key, NAME.pfx.
 *
 * An identity is written whole or not at all. When one of several fails, those
 * written before it stay, and have been printed.
 */
#ifndef CERTS_CMD_ISSUE_H
#define CERTS_CMD_ISSUE_H

#include "certs/options.h"

/* operands: DIR NAME...; one certificate for all names. */
int issue_run_server(
    const struct options *options, char *const *operands, struct errmsg *e);

/* operands: DIR NAME...; a certificate for each, or --count for each. */
int issue_run_client(
    const struct options *options, char *const *operands, struct errmsg *e);

#endif
