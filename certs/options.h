/*
 * options: the command line of tlsecho-certs.
 *
 * Owns:	nothing; strings point into argv.
 * Errors:	-1 and a line for a usage error.
 * Use:
 *	struct options options;
 *	struct args_parsed parsed;
 *	if (options_parse(&options, argc, argv, &parsed, &e) < 0)
 *		return args_usage_error(&options_program, &e);
 */
#ifndef CERTS_OPTIONS_H
#define CERTS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "certs/key.h"
#include "certs/when.h"
#include "common/base/errmsg.h"
#include "common/sys/args.h"

enum {
	OPTIONS_DAYS = 5 * 365,
	OPTIONS_DAYS_MAX = 36500,
	OPTIONS_COUNT_MAX = 100000,
	OPTIONS_PERMIT_MAX = 64
};

struct options {
	const char *key_name, *root_name, *not_before, *not_after;
	const char *password_file, *ca_password_file;
	const char *ca_password; /* from that file, by main; NULL: none */
	const char *permit[OPTIONS_PERMIT_MAX]; /* NULL ends it */
	uint64_t days, count, rounds;           /* 0: not given */
	bool pkcs12, force, new_key, revoke_old;
	const struct key_kind *key_kind; /* from key_name, or the default */
	struct when_wish life;           /* from days, not_before, not_after */
};

/*
 * A command's function does its work and prints what it did. operands end with
 * NULL, and are as many as the command takes. It returns an ARGS_EXIT status,
 * and sets e unless that is ARGS_EXIT_OK.
 */
struct command {
	const char *name;
	const char *operands; /* "DIR NAME...": one each, the last may repeat */
	int (*run)(const struct options *options, char *const *operands,
	    struct errmsg *e);
};

extern const struct args_program options_program;

int options_parse(struct options *out, int argc, char **argv,
    struct args_parsed *parsed, struct errmsg *e);

/* Fails if the command takes fewer operands, or more. */
int options_check_operands(
    const struct command *command, int count, struct errmsg *e);

#endif
