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
 *	if (args_parse(&program, options, &config, argc, argv, &rest, &e) < 0)
 */
#ifndef COMMON_SYS_ARGS_H
#define COMMON_SYS_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"

enum {
	ARGS_EXIT_OK,
	ARGS_EXIT_FAILED,
	ARGS_EXIT_USAGE
};

enum args_kind {
	ARGS_KIND_SWITCH,   /* bool */
	ARGS_KIND_STRING,   /* const char *, into argv */
	ARGS_KIND_LIST,     /* const char *[max], one each time; NULL ends it */
	ARGS_KIND_COUNT,    /* uint64_t, min to max */
	ARGS_KIND_DURATION, /* int64_t ns, min to max */
	ARGS_KIND_CALL,     /* whatever set() makes of it */
};

struct args_option {
	const char *name;  /* without dashes; NULL ends the table */
	const char *value; /* placeholder in --help; NULL for a switch */
	const char *help;  /* may hold '\n': further lines are indented */
	size_t offset;     /* of the field in the target; not for CALL */
	uint64_t min, max; /* both inclusive; of a LIST, its size */
	/* Returns 0, or -1 with words that can follow "--name: ". */
	int (*set)(void *target, const char *value, struct errmsg *e);
	enum args_kind kind;
	bool repeats; /* a CALL that takes one value after the other */
	char letter;  /* short form, or 0 */
};

#define ARGS_SWITCH(letter_, name_, type, field, help_)                   \
	{                                                                 \
		.letter = (letter_), .name = (name_), .help = (help_),    \
		.kind = ARGS_KIND_SWITCH, .offset = offsetof(type, field) \
	}
#define ARGS_STRING(letter_, name_, value_, type, field, help_)          \
	{                                                                \
		.letter = (letter_), .name = (name_), .value = (value_), \
		.help = (help_), .kind = ARGS_KIND_STRING,               \
		.offset = offsetof(type, field)                          \
	}
/* The field is an array, at first all NULL; a full one has no NULL. */
#define ARGS_LIST(letter_, name_, value_, type, field, help_)            \
	{                                                                \
		.letter = (letter_), .name = (name_), .value = (value_), \
		.help = (help_), .kind = ARGS_KIND_LIST,                 \
		.offset = offsetof(type, field),                         \
		.max = sizeof(((type *)0)->field) / sizeof(const char *) \
	}
#define ARGS_COUNT(letter_, name_, value_, type, field, min_, max_, help_)    \
	{                                                                     \
		.letter = (letter_), .name = (name_), .value = (value_),      \
		.help = (help_), .kind = ARGS_KIND_COUNT,                     \
		.offset = offsetof(type, field), .min = (min_), .max = (max_) \
	}
#define ARGS_DURATION(letter_, name_, value_, type, field, min_, max_, help_) \
	{                                                                     \
		.letter = (letter_), .name = (name_), .value = (value_),      \
		.help = (help_), .kind = ARGS_KIND_DURATION,                  \
		.offset = offsetof(type, field), .min = (uint64_t)(min_),     \
		.max = (uint64_t)(max_)                                       \
	}
#define ARGS_CALL_EACH(letter_, name_, value_, set_, help_, repeats_)    \
	{                                                                \
		.letter = (letter_), .name = (name_), .value = (value_), \
		.help = (help_), .kind = ARGS_KIND_CALL, .set = (set_),  \
		.repeats = (repeats_)                                    \
	}
#define ARGS_CALL(...)  ARGS_CALL_EACH(__VA_ARGS__, false)
#define ARGS_CALLS(...) ARGS_CALL_EACH(__VA_ARGS__, true) /* several times */

struct args_program {
	const char *name;             /* "tlsecho-server" */
	const char *synopsis;         /* "[options] HOST:PORT" */
	const char *summary;          /* one sentence for --help */
	const char *(*version)(void); /* lines for --version, or NULL */
};

/*
 * Fills target from argv. The table may be NULL: no options but those added.
 * *rest is the index of the first operand in argv, which is permuted so that
 * operands come last. Prints and exits for --help and --version only.
 */
int args_parse(const struct args_program *program,
    const struct args_option *options, void *target, int argc, char **argv,
    int *rest, struct errmsg *e);

/* Flushes stdout; the exit status, and a line on stderr if it is not OK. */
int args_end_output(const struct args_program *program);

/* Prints "name: text" and where to find help; returns ARGS_EXIT_USAGE. */
int args_usage_error(
    const struct args_program *program, const struct errmsg *e);

#endif
