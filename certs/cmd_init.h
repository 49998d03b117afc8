/* cmd_init: the command that makes an authority. */
#ifndef CERTS_CMD_INIT_H
#define CERTS_CMD_INIT_H

#include "certs/options.h"

/* operands: DIR. Writes ca.pem, ca.key and an empty crl.pem. */
int init_run(
    const struct options *options, char *const *operands, struct errmsg *e);

#endif
