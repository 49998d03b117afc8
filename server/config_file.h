/*
 * config_file: a configuration file: a line "NAME = VALUE" for each option of
 * the command line, by its long name without dashes. A switch has yes or no.
 *
 * Files are read by libinih, of which each release and build takes something
 * else for a comment, a section, a continued or an overlong line. What it might
 * cut or misread is refused before it comes to see it: sections, a '#' or ';'
 * after a blank in a value, lines of more than CONFIG_FILE_LINE_MAX bytes.
 * Blanks in front of a line, CR before LF, and a byte order mark do no harm.
 *
 * Errors:	-1 and a line that begins with "FILE:LINE: ".
 * Use:
 *	if (config_file_read(&settings, path, options, &given, &e) < 0) ...
 */
#ifndef SERVER_CONFIG_FILE_H
#define SERVER_CONFIG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "server/settings.h"

enum {
	/* Without its line feed: INI_MAX_LINE of libinih is 200. */
	CONFIG_FILE_LINE_MAX = 198
};

/*
 * Adds the settings of a file, in the order of their lines, but for options
 * that over has. Values are not looked at, but for those of switches. An option
 * that takes one value may stand there once.
 */
int config_file_read(struct settings *to, const char *path,
    const struct args_option *options, const struct settings *over,
    struct errmsg *e);

/* The same of a text, which errors call path. */
struct config_text {
	const char *path;
	const char *bytes;
	size_t size;
};
int config_file_parse(struct settings *to, const struct config_text *text,
    const struct args_option *options, const struct settings *over,
    struct errmsg *e);

/* Whether this option may stand in a file: some mean one run only. */
bool config_file_has(const struct args_option *option);

/*
 * Writes a line that gives an option this value, as it is read back; -1, as
 * with a line feed in it: no line can, and nothing is written. out has the
 * errors of writing.
 */
int config_file_write(
    FILE *out, const char *name, const char *value, struct errmsg *e);

#endif
