/*
 * args_rules: which options of a program go together, from a table by name.
 *
 * A rule says of one option what it needs, what it excludes, and, for one that
 * changes what the program does, which others it takes at all. Lists are names
 * without dashes, one blank between two.
 *
 * Errors:	-1 and a line that names both options.
 * Use:
 *	static const struct args_rule rules[] = {
 *		{ "resume", .needs = "handshakes" },
 *		{ "duration", .excludes = "round-trips" },
 *		{ "list", .takes = "stats all" },
 *		{ .option = NULL },
 *	};
 *	if (args_rules_check(rules, &parsed, &e) < 0) ...
 */
#ifndef COMMON_SYS_ARGS_RULES_H
#define COMMON_SYS_ARGS_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/errmsg.h"
#include "common/sys/args.h"

struct args_rule {
	const char *option;   /* without dashes, or a command; NULL ends it */
	const char *needs;    /* at least one of these; or NULL */
	const char *excludes; /* none of these; or NULL */
	const char *takes;    /* nothing but itself and these; or NULL: all */
};

/* A list's first word, and *list behind it; its length, 0 at the end. */
size_t args_next_word(const char **list, const char **word);

/* name is an option of the table that was parsed. */
bool args_is_given(const struct args_parsed *parsed, const char *name);

/* Checks the rules of all options that are given, in the table's order. */
int args_rules_check(const struct args_rule *rules,
    const struct args_parsed *parsed, struct errmsg *e);

/* The same of what the command takes, which is one of the program's. */
int args_check_command(const struct args_program *program, const char *command,
    const struct args_parsed *parsed, struct errmsg *e);

/*
 * -1 if an option was given that is none of these; who is the word that does
 * not take it, such as the name of a command: "merge takes no --rate".
 */
int args_check_taken(const struct args_parsed *parsed, const char *who,
    const char *takes, struct errmsg *e);

#endif
