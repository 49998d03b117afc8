/*
 * completion_script: what the scripts of the three shells are made of.
 *
 * Use:
 *	while ((o = completion_next(s, o)) != NULL)
 *		if (completion_kind_of(s, o, words) == COMPLETION_FILES) ...
 */
#ifndef COMMON_SYS_COMPLETION_SCRIPT_H
#define COMMON_SYS_COMPLETION_SCRIPT_H

#include <stdbool.h>
#include <stdio.h>

#include "common/sys/args.h"
#include "common/sys/args_rules.h"

enum {
	COMPLETION_WORDS_SIZE = 256
};

/* Where the names of segments come from (common/stats/private.h). */
#define LIST_SEGMENTS                                    \
	"find /dev/shm -name 'tlsecho.*' 2>/dev/null | " \
	"sed 's/.*tlsecho[.]//'"

/* What the value of an option may be. */
enum completion_kind {
	COMPLETION_NONE,  /* it has no value */
	COMPLETION_OTHER, /* nothing that can be listed */
	COMPLETION_FILES,
	COMPLETION_DIRS,
	COMPLETION_OF_SEGMENTS,
	COMPLETION_OF_WORDS
};

struct completion {
	FILE *out;
	const struct args_program *program;
	const struct args_option *options;
};

/* A file for each. */
void completion_print_bash(const struct completion *s);
void completion_print_zsh(const struct completion *s);
void completion_print_fish(const struct completion *s);

/* The option after o, or the first one; those that args adds are last. NULL:
 * there is none. */
const struct args_option *completion_next(
    const struct completion *s, const struct args_option *o);

/* Of this name, which there is. */
const struct args_option *completion_find(
    const struct completion *s, const char *name);

/* Of its value; words is filled for COMPLETION_OF_WORDS, else empty. */
enum completion_kind completion_kind_of(const struct completion *s,
    const struct args_option *o, char words[static COMPLETION_WORDS_SIZE]);

/* The rule from this one on, which may be NULL, that says what its option or
 * command takes; NULL: there is none. */
const struct args_rule *completion_next_taker(const struct args_rule *rule);

/* As args_check_taken has it; --help and --version always are. */
bool completion_is_taken(
    const struct args_rule *rule, const struct args_option *o);

/* The commands, one blank between two. */
void completion_put_commands(const struct completion *s);

/* A text that stands between single quotes, in one line. */
void completion_put_quoted(
    const struct completion *s, const char *text, const char *escaped);

/* "--name -n", with this between two. */
void completion_put_names(const struct completion *s,
    const struct args_option *o, const char *between);

/* The names of what the rule's option takes, each with a blank to its left and
 * right; of all options, if it is NULL. */
void completion_put_taken(
    const struct completion *s, const struct args_rule *rule);

#endif
