/* cmd_intermediate: the command that makes an authority below another. */
#ifndef CERTS_CMD_INTERMEDIATE_H
#define CERTS_CMD_INTERMEDIATE_H

#include "certs/options.h"

/*
 * operands: DIR NAME. Makes the directory DIR/NAME with ca.pem, which ends with
 * the certificates of DIR's ca.pem, ca.key and an empty crl.pem; and
 * DIR/NAME.pem with the certificate, by which DIR knows what it issued.
 */
int intermediate_run(
    const struct options *options, char *const *operands, struct errmsg *e);

#endif
