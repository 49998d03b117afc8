/*
 * completion: what bash, zsh and fish are to complete of a program's command
 * line, as a script for each, made from its table of options.
 *
 * A value is completed by what its placeholder says: FILE and DIR by names of
 * files, words in small letters ("auto|off|LIST") by themselves; and by what
 * the program's table of values says. Behind an option or a command that takes
 * some options only (args_rules.h), no others are offered.
 *
 * Use:
 *	if (completion_print(stdout, "bash", &program, options, &e) < 0) ...
 */
#ifndef COMMON_SYS_COMPLETION_H
#define COMMON_SYS_COMPLETION_H

#include <stdio.h>

#include "common/base/errmsg.h"

struct args_option;
struct args_program;

/* The values of an option; a table of them ends with an option of NULL. */
struct completion_values {
	const char *option; /* without dashes */
	const char *words;  /* one blank between two */
};

/* Words for the statistics segments of this host, when they are asked for. */
#define COMPLETION_SEGMENTS "$(segments)"

/*
 * The table without those that args adds, which are completed, too; it ends
 * with a name of NULL. -1 if it knows no such shell; out has the errors of
 * writing.
 */
int completion_print(FILE *out, const char *shell,
    const struct args_program *program, const struct args_option *options,
    struct errmsg *e);

#endif
