/*
 * settings: options and their values as text, in the order in which they are
 * put to use: those of the configuration file, then those of the command line.
 *
 * Owns:	values of the file; those of the command line are argv's.
 * Use:
 *	settings_add(&settings, option, value, line, &e);
 *	while ((setting = settings_next(&settings, option, setting)) != NULL)
 *	settings_free(&settings);
 */
#ifndef SERVER_SETTINGS_H
#define SERVER_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/errmsg.h"
#include "common/sys/args_option.h"

struct setting {
	const struct args_option *option;
	const char *value; /* NULL: a switch of the command line */
	size_t line;       /* of the file; 0: of the command line */
};

/* All 0 at first. */
struct settings {
	struct setting *list;
	size_t count;
};

/* Copies the value if it has a line, that is, comes from a file. */
int settings_add(struct settings *s, const struct args_option *option,
    const char *value, size_t line, struct errmsg *e);

/* Appends those of another, which has none afterwards. */
int settings_move(struct settings *to, struct settings *from, struct errmsg *e);

void settings_free(struct settings *s);

/* The first of an option, after NULL; the one after that; NULL: no more. */
const struct setting *settings_next(const struct settings *s,
    const struct args_option *option, const struct setting *after);

/* Whether both give an option the same values, wherever they stand. */
bool settings_agree(const struct settings *one, const struct settings *other,
    const struct args_option *option);

#endif
