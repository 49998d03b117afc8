/* args: getopt_long driven by a table; see the header. */
#include "common/sys/args.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/version.h"
#include "common/sys/args_set.h"

enum {
	HELP_COLUMN = 30,
	LONG_BASE = 256
};

static const struct args_option builtins[] = {
	{ .letter = 'h', .name = "help", .help = "print this text" },
	{ .letter = 'V', .name = "version", .help = "print the version" },
};

enum {
	BUILTINS = sizeof builtins / sizeof *builtins
};

/* What getopt_long(3) needs, made from the table. */
struct grammar {
	const struct args_program *program;
	const struct args_option *table;
	const struct args_option *of[ARGS_OPTIONS_MAX];
	struct option longs[ARGS_OPTIONS_MAX + 1];
	char shorts[6 * ARGS_OPTIONS_MAX + 2];
	int count;
};

/* As getopt_long(3) has it, which is also the number of colons in getopt(3). */
static int
value_kind(const struct args_option *o)
{
	if (o->value == NULL)
		return no_argument;
	return o->is_value != NULL ? optional_argument : required_argument;
}

static char *
add_letter(char *end, char letter, int value)
{
	if (letter != 0) {
		*end++ = letter;
		for (int i = 0; i < value; i++)
			*end++ = ':';
	}
	*end = '\0';
	return end;
}

static void
add_option(struct grammar *g, const struct args_option *option)
{
	char *end = g->shorts + strlen(g->shorts);

	ASSERT(g->count < ARGS_OPTIONS_MAX);
	ASSERT(option->help != NULL);
	ASSERT((option->kind == ARGS_KIND_CALL) == (option->set != NULL));
	g->of[g->count] = option;
	g->longs[g->count] = (struct option){ .name = option->name,
		.has_arg = value_kind(option),
		.val = LONG_BASE + g->count };
	g->count++;
	end = add_letter(end, option->letter, value_kind(option));
	(void)add_letter(end, option->alias, value_kind(option));
}

static void
make_grammar(struct grammar *g, const struct args_program *program,
    const struct args_option *options)
{
	memset(g, 0, sizeof *g);
	g->program = program;
	g->table = options;
	g->shorts[0] = ':'; /* no messages, and ':' for a missing value */
	for (; options != NULL && options->name != NULL; options++)
		if (options->kind != ARGS_KIND_HEADING)
			add_option(g, options);
	for (int i = 0; i < BUILTINS; i++)
		add_option(g, &builtins[i]);
}

/* -1: there is none. */
static int
find_index(const struct grammar *g, int code)
{
	if (code >= LONG_BASE)
		return code - LONG_BASE;
	for (int i = 0; i < g->count; i++)
		if (g->of[i]->letter == code || g->of[i]->alias == code)
			return i;
	return -1;
}

static const struct args_option *
find_option(const struct grammar *g, int code)
{
	int i = find_index(g, code);

	return i >= 0 ? g->of[i] : NULL;
}

/* A second value would replace the first one, which nobody would notice. */
bool
args_may_come_again(const struct args_option *o)
{
	return o->value == NULL || o->kind == ARGS_KIND_LIST || o->repeats;
}

static _Noreturn void
print_version(const struct args_program *program)
{
	printf("%s %s\n", program->name, TLSECHO_VERSION);
	if (program->version != NULL)
		printf("%s", program->version());
	exit(args_end_output(program));
}

static void
print_option(const struct args_option *o)
{
	int used;

	if (o->alias != 0)
		used = printf("  -%c, -%c, --%s", o->letter, o->alias, o->name);
	else if (o->letter != 0)
		used = printf("  -%c, --%s", o->letter, o->name);
	else
		used = printf("      --%s", o->name);
	if (o->value != NULL)
		used += printf(" %s", o->value);
	if (used > HELP_COLUMN - 2) {
		printf("\n");
		used = 0;
	}
	printf("%*s", HELP_COLUMN - used, "");
	for (const char *p = o->help; *p != '\0'; p++) {
		putchar(*p);
		if (*p == '\n')
			printf("%*s", HELP_COLUMN, "");
	}
	putchar('\n');
}

/* The text of --help, on stdout. */
static void
print_help(
    const struct args_program *program, const struct args_option *options)
{
	const struct args_option *o = options;

	printf("Usage: %s %s\n%s\n\n", program->name, program->synopsis,
	    program->summary);
	for (; o != NULL && o->name != NULL; o++) {
		if (o->kind == ARGS_KIND_HEADING)
			printf("%s%s\n", o == options ? "" : "\n", o->help);
		else
			print_option(o);
	}
	for (int i = 0; i < BUILTINS; i++)
		print_option(&builtins[i]);
}

/*
 * getopt_long(3) knows a value that may be left out as --name=VALUE only. What
 * is taken here counts as an option to it, so that operands are still found.
 */
static const char *
find_value(const struct args_option *o, char **argv)
{
	const char *next = argv[optind];

	if (optarg == NULL && o->is_value != NULL && next != NULL &&
	    o->is_value(next))
		optarg = argv[optind++];
	return optarg;
}

static int
take_code(const struct grammar *g, const struct args_taker *taker, int code,
    char **argv, bool *given, struct errmsg *e)
{
	const struct args_option *o = find_option(g, code);

	ASSERT(o != NULL);
	if (o == &builtins[0]) {
		print_help(g->program, g->table);
		exit(args_end_output(g->program));
	}
	if (o == &builtins[1])
		print_version(g->program);
	given += o - g->table;
	if (*given && !args_may_come_again(o))
		return errmsg_set(e,
		    "--%s: given twice, and only one value "
		    "is used",
		    o->name);
	*given = true;
	if (taker->take(taker->owner, o, find_value(o, argv), e) < 0)
		return errmsg_prepend(e, "--%s", o->name);
	return 0;
}

/* A long option that is none, or that may be several: word is "--NAME=...". */
static int
explain_long(const struct grammar *g, const char *word, struct errmsg *e)
{
	int len = (int)strcspn(word, "=");
	char names[256] = "";
	size_t used = 0;

	for (int i = 0; len > 2 && i < g->count; i++)
		if (strncmp(g->of[i]->name, word + 2, (size_t)len - 2) == 0 &&
		    used < sizeof names)
			used +=
			    (size_t)snprintf(names + used, sizeof names - used,
				"%s --%s", used > 0 ? "," : "", g->of[i]->name);
	if (used > 0)
		return errmsg_set(
		    e, "option %.*s is ambiguous:%s", len, word, names);
	return errmsg_set(e, "unknown option %.*s", len, word);
}

/* getopt says '?' for unknown or ambiguous and ':' for a missing value. */
static int
explain(const struct grammar *g, int code, const char *word, struct errmsg *e)
{
	const struct args_option *o = find_option(g, optopt);

	if (code == ':' && o != NULL)
		return errmsg_set(
		    e, "--%s needs a value: %s", o->name, o->value);
	if (optopt >= LONG_BASE && o != NULL)
		return errmsg_set(e, "--%s takes no value", o->name);
	if (optopt != 0)
		return errmsg_set(e, "unknown option -%c", optopt);
	return explain_long(g, word, e);
}

/* For `make install`, not for users: --help does not have it. */
static int
print_completion(const struct args_program *program,
    const struct args_option *options, const char *shell, struct errmsg *e)
{
	if (completion_print(stdout, shell, program, options, e) < 0)
		return -1;
	exit(args_end_output(program));
}

/* NOLINTBEGIN(readability-function-size): it has seven parameters */
int
args_scan(const struct args_program *program, const struct args_option *options,
    const struct args_taker *taker, int argc, char **argv,
    struct args_parsed *parsed, struct errmsg *e)
{
	struct grammar g;
	int code;

	ASSERT(argv[argc] == NULL);
	if (argc == 3 && strcmp(argv[1], "--completion") == 0)
		return print_completion(program, options, argv[2], e);
	*parsed = (struct args_parsed){ .options = options };
	make_grammar(&g, program, options);
	optind = 0; /* glibc: start anew, so that it can be called again */
	while (
	    (code = getopt_long(argc, argv, g.shorts, g.longs, NULL)) != -1) {
		if (code == '?' || code == ':')
			return explain(&g, code, argv[optind - 1], e);
		if (take_code(&g, taker, code, argv, parsed->given, e) < 0)
			return -1;
	}
	parsed->rest = optind;
	return 0;
}

static int
take_at_once(void *target, const struct args_option *o, const char *value,
    struct errmsg *e)
{
	return args_set(o, target, value, e);
}

int
args_parse(const struct args_program *program,
    const struct args_option *options, void *target, int argc, char **argv,
    struct args_parsed *parsed, struct errmsg *e)
{
	const struct args_taker taker = { take_at_once, target };

	return args_scan(program, options, &taker, argc, argv, parsed, e);
}
/* NOLINTEND(readability-function-size) */

int
args_usage_error(const struct args_program *program, const struct errmsg *e)
{
	fprintf(stderr, "%s: %s\nTry '%s --help'.\n", program->name, e->text,
	    program->name);
	return ARGS_EXIT_USAGE;
}

int
args_end_output(const struct args_program *program)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return ARGS_EXIT_OK;
	fprintf(stderr, "%s: standard output: %s\n", program->name,
	    strerror(errno));
	return ARGS_EXIT_FAILED;
}
