/*
 * args_option: one option of a program, and a macro for each kind of them; a
 * table of them ends with a name of NULL. See args.h.
 */
#ifndef COMMON_SYS_ARGS_OPTION_H
#define COMMON_SYS_ARGS_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"

enum args_kind {
	ARGS_KIND_SWITCH,   /* bool */
	ARGS_KIND_STRING,   /* const char *, into argv */
	ARGS_KIND_LIST,     /* const char *[max], one each time; NULL ends it */
	ARGS_KIND_COUNT,    /* uint64_t, min to max */
	ARGS_KIND_DURATION, /* int64_t ns, min to max */
	ARGS_KIND_CALL,     /* whatever set() makes of it */
	ARGS_KIND_HEADING   /* no option */
};

struct args_option {
	const char *name;  /* without dashes; NULL ends the table */
	const char *value; /* placeholder in --help; NULL for a switch */
	const char *help;  /* may hold '\n': further lines are indented */
	size_t offset;     /* of the field in the target; not for CALL */
	uint64_t min, max; /* both inclusive; of a LIST, its size */
	/* Returns 0, or -1 with words that can follow "--name: ". */
	int (*set)(void *target, const char *value, struct errmsg *e);
	/* Of a CALL whose value may be left out, which set() sees as NULL: the
	 * word after it is the value. NULL: it has one, or value is NULL. */
	bool (*is_value)(const char *word);
	enum args_kind kind;
	bool repeats;       /* a CALL that takes one value after the other */
	char letter, alias; /* short forms, or 0 */
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
/* A line of --help above the options that follow: "Load:". */
#define ARGS_HEADING(help_)                                            \
	{                                                              \
		.name = "", .help = (help_), .kind = ARGS_KIND_HEADING \
	}
#define ARGS_CALL_EACH(letter_, name_, value_, set_, help_, repeats_)    \
	{                                                                \
		.letter = (letter_), .name = (name_), .value = (value_), \
		.help = (help_), .kind = ARGS_KIND_CALL, .set = (set_),  \
		.repeats = (repeats_)                                    \
	}
/* value_ stands in brackets: "[N%]". */
#define ARGS_CALL_MAYBE(letter_, name_, value_, set_, is_value_, help_)  \
	{                                                                \
		.letter = (letter_), .name = (name_), .value = (value_), \
		.help = (help_), .kind = ARGS_KIND_CALL, .set = (set_),  \
		.is_value = (is_value_)                                  \
	}
#define ARGS_CALL(...)  ARGS_CALL_EACH(__VA_ARGS__, false)
#define ARGS_CALLS(...) ARGS_CALL_EACH(__VA_ARGS__, true) /* several times */

#endif
