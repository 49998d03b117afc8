/* cmd_list: the command that lists what an authority issued. */
#ifndef CERTS_CMD_LIST_H
#define CERTS_CMD_LIST_H

#include "certs/options.h"

/*
 * operands: DIR. Prints a table of the directory's *.pem files: name, serial,
 * purpose, end of life, and whether the certificate is valid, expired,
 * not-yet-valid, revoked, another authority's, beside a key that is not its
 * own, or unreadable.
 */
int list_run(
    const struct options *options, char *const *operands, struct errmsg *e);

#endif
