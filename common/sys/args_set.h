/*
 * args_set: the value of one option of a table, from its text.
 *
 * Borrows:	the text, to which fields of strings and lists point afterwards.
 * Errors:	-1 with words that can follow "--name: ".
 */
#ifndef COMMON_SYS_ARGS_SET_H
#define COMMON_SYS_ARGS_SET_H

#include "common/base/errmsg.h"
#include "common/sys/args_option.h"

/* May be one more of several; NULL turns a switch on. */
int args_set(const struct args_option *option, void *target, const char *value,
    struct errmsg *e);

#endif
