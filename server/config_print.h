/*
 * config_print: the options in effect, as a configuration file.
 *
 * What is given stands as it is given, by file or command line, and can be read
 * back: then it prints the same. Defaults stand as comments.
 */
#ifndef SERVER_CONFIG_PRINT_H
#define SERVER_CONFIG_PRINT_H

#include <stdio.h>

#include "server/config.h"

/* -1: a value cannot stand in a file; out has the errors of writing. */
int config_print(FILE *out, const struct config *config, struct errmsg *e);

#endif
