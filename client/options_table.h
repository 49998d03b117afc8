/*
 * options_table: the options of tlsecho-client in the order of --help, and
 * which of them go together.
 */
#ifndef CLIENT_OPTIONS_TABLE_H
#define CLIENT_OPTIONS_TABLE_H

#include "common/sys/args_option.h"
#include "common/sys/args_rules.h"

extern const struct args_option options_table[];
extern const struct args_rule options_rules[];
extern const struct args_rule options_commands[]; /* merge, compare */

#endif
