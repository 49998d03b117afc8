/*
 * config_read: puts the settings of file and command line to use, over the
 * defaults that are there.
 *
 * Errors:	-1 and a line that begins with "FILE:LINE: NAME" or "--NAME".
 */
#ifndef SERVER_CONFIG_READ_H
#define SERVER_CONFIG_READ_H

#include "server/config.h"

/* argv is permuted. */
int config_read(struct config *config, int argc, char **argv, struct errmsg *e);

/* The command line as in settings of a former run; the file as it is now. */
int config_read_again(
    struct config *config, const struct settings *before, struct errmsg *e);

#endif
