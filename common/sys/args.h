/*
 * args: command lines from one table: parsing, errors and --help.
 *
 * A program describes its options once; getopt_long(3) parses them and --help
 * prints them. -h/--help and -V/--version are added to each program: they print
 * and exit 0. Options may be abbreviated and stand after operands. One with a
 * value may be given once, unless it is a LIST or one of ARGS_CALLS.
 *
 * Owns:	nothing. String values point into argv.
 * Errors:	-1 and one line that names the option and what to do; main()
 *		prints it and exits with ARGS_EXIT_USAGE.
 * Use:
 *	static const struct args_option options[] = {
 *		ARGS_STRING('n', "stats", "NAME", struct config, stats, "..."),
 *		{ .name = NULL },
 *	};
 *	if (args_parse(&program, options, &config, argc, argv, &parsed, &e) < 0)
 */
#ifndef COMMON_SYS_ARGS_H
#define COMMON_SYS_ARGS_H

#include <stdbool.h>

#include "common/base/errmsg.h"
#include "common/sys/args_option.h"
#include "common/sys/completion.h"

enum {
	ARGS_EXIT_OK,
	ARGS_EXIT_FAILED,
	ARGS_EXIT_USAGE
};

enum {
	ARGS_OPTIONS_MAX = 128 /* of a program, with those added */
};

struct args_rule;

struct args_program {
	const char *name;             /* "tlsecho-server" */
	const char *synopsis;         /* "[options] HOST:PORT" */
	const char *summary;          /* one sentence for --help */
	const char *(*version)(void); /* lines for --version, or NULL */
	/* Which options go together, and those that each command takes, a word
	 * that is the first operand (args_rules.h); or NULL. */
	const struct args_rule *rules, *commands;
	/* For completion.h: words that are values of options. */
	const struct completion_values *values;
};

/* What stood on the command line; borrows the table. */
struct args_parsed {
	const struct args_option *options;
	bool given[ARGS_OPTIONS_MAX]; /* by index into options */
	int rest;                     /* index of the first operand in argv */
};

/*
 * Fills target from argv, which is permuted so that operands come last. The
 * table may be NULL: no options but those added. Prints and exits for --help
 * and --version only.
 */
int args_parse(const struct args_program *program,
    const struct args_option *options, void *target, int argc, char **argv,
    struct args_parsed *parsed, struct errmsg *e);

/*
 * The same, but takes no value itself: calls take for each option in the order
 * of the command line, with a value of NULL for a switch. The words of an error
 * of take can follow "--name: ".
 */
struct args_taker {
	int (*take)(void *owner, const struct args_option *option,
	    const char *value, struct errmsg *e);
	void *owner;
};
int args_scan(const struct args_program *program,
    const struct args_option *options, const struct args_taker *taker, int argc,
    char **argv, struct args_parsed *parsed, struct errmsg *e);

/* Whether an option may be given several times, as a switch may. */
bool args_may_come_again(const struct args_option *option);

/* Flushes stdout; the exit status, and a line on stderr if it is not OK. */
int args_end_output(const struct args_program *program);

/* Prints "name: text" and where to find help; returns ARGS_EXIT_USAGE. */
int args_usage_error(
    const struct args_program *program, const struct errmsg *e);

#endif
