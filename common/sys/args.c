/* args: getopt_long driven by a table; see the header. */
#include "common/sys/args.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/units.h"
#include "common/base/version.h"

#define BOUND_WORTH_TELLING    UINT64_C(1000000000000)
#define DURATION_WORTH_TELLING (UINT64_C(1000) * 86400 * 1000000000)

enum {
	OPTIONS_MAX = 64,
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
	const struct args_option *table;
	const struct args_option *of[OPTIONS_MAX];
	struct option longs[OPTIONS_MAX + 1];
	bool given[OPTIONS_MAX];
	char shorts[2 * OPTIONS_MAX + 2];
	int count;
};

static void
add_option(struct grammar *g, const struct args_option *option)
{
	char *end = g->shorts + strlen(g->shorts);

	ASSERT(g->count < OPTIONS_MAX);
	ASSERT(option->help != NULL);
	ASSERT((option->kind == ARGS_KIND_CALL) == (option->set != NULL));
	g->of[g->count] = option;
	g->longs[g->count] = (struct option){ .name = option->name,
		.has_arg =
		    option->value != NULL ? required_argument : no_argument,
		.val = LONG_BASE + g->count };
	g->count++;
	if (option->letter == 0)
		return;
	*end++ = option->letter;
	if (option->value != NULL)
		*end++ = ':';
	*end = '\0';
}

static void
make_grammar(struct grammar *g, const struct args_option *options)
{
	memset(g, 0, sizeof *g);
	g->table = options;
	g->shorts[0] = ':'; /* no messages, and ':' for a missing value */
	for (; options != NULL && options->name != NULL; options++)
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
		if (g->of[i]->letter == code)
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
static bool
may_come_again(const struct args_option *o)
{
	return o->value == NULL || o->kind == ARGS_KIND_LIST || o->repeats;
}

/* A maximum that nobody reaches on purpose would only puzzle. */
static int
set_count(const struct args_option *o, uint64_t *field, const char *value,
    struct errmsg *e)
{
	bool is_bounded = o->max <= BOUND_WORTH_TELLING;
	uint64_t count;

	if (units_parse_count(value, &count, e) < 0)
		return -1;
	if (!is_bounded && count < o->min)
		return errmsg_set(
		    e, "'%s' is too small: at least %" PRIu64, value, o->min);
	if (!is_bounded && count > o->max)
		return errmsg_set(e, "'%s' is too large", value);
	if (count < o->min || count > o->max)
		return errmsg_set(e,
		    "'%s' is not between %" PRIu64 " and %" PRIu64, value,
		    o->min, o->max);
	*field = count;
	return 0;
}

static int
set_duration(const struct args_option *o, int64_t *field, const char *value,
    struct errmsg *e)
{
	char min[UNITS_TEXT];
	char max[UNITS_TEXT];
	int64_t ns;

	if (units_parse_duration(value, &ns, e) < 0)
		return -1;
	if (ns < (int64_t)o->min && o->max > DURATION_WORTH_TELLING)
		return errmsg_set(e, "'%s' is too short: at least %s", value,
		    units_format_duration((int64_t)o->min, min));
	if (ns > (int64_t)o->max && o->max > DURATION_WORTH_TELLING)
		return errmsg_set(e, "'%s' is too long", value);
	if (ns < (int64_t)o->min || ns > (int64_t)o->max)
		return errmsg_set(e, "'%s' is not between %s and %s", value,
		    units_format_duration((int64_t)o->min, min),
		    units_format_duration((int64_t)o->max, max));
	*field = ns;
	return 0;
}

static int
append(const struct args_option *o, const char **list, const char *value,
    struct errmsg *e)
{
	uint64_t n = 0;

	while (n < o->max && list[n] != NULL)
		n++;
	if (n == o->max)
		return errmsg_set(
		    e, "may be given %" PRIu64 " times at most", o->max);
	list[n] = value;
	return 0;
}

static int
apply(const struct args_option *o, void *target, const char *value,
    struct errmsg *e)
{
	void *field = (char *)target + o->offset;

	switch (o->kind) {
	case ARGS_KIND_SWITCH:
		*(bool *)field = true;
		return 0;
	case ARGS_KIND_STRING:
	case ARGS_KIND_LIST:
		if (value[0] == '\0')
			return errmsg_set(e, "must not be empty");
		if (o->kind == ARGS_KIND_LIST)
			return append(o, field, value, e);
		*(const char **)field = value;
		return 0;
	case ARGS_KIND_COUNT:
		return set_count(o, field, value, e);
	case ARGS_KIND_DURATION:
		return set_duration(o, field, value, e);
	case ARGS_KIND_CALL:
		break;
	}
	ASSERT(o->kind == ARGS_KIND_CALL);
	return o->set(target, value, e);
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

	if (o->letter != 0)
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
	printf("Usage: %s %s\n%s\n\n", program->name, program->synopsis,
	    program->summary);
	for (; options != NULL && options->name != NULL; options++)
		print_option(options);
	for (int i = 0; i < BUILTINS; i++)
		print_option(&builtins[i]);
}

static int
apply_code(const struct args_program *program, struct grammar *g, void *target,
    int code, struct errmsg *e)
{
	int i = find_index(g, code);
	const struct args_option *o = find_option(g, code);

	ASSERT(o != NULL);
	if (o == &builtins[0]) {
		print_help(program, g->table);
		exit(args_end_output(program));
	}
	if (o == &builtins[1])
		print_version(program);
	if (g->given[i] && !may_come_again(o))
		return errmsg_set(e,
		    "--%s: given twice, and only one value "
		    "is used",
		    o->name);
	g->given[i] = true;
	if (apply(o, target, optarg, e) < 0)
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

/* NOLINTBEGIN(readability-function-size): it has seven parameters */
int
args_parse(const struct args_program *program,
    const struct args_option *options, void *target, int argc, char **argv,
    int *rest, struct errmsg *e)
{
	struct grammar g;
	int code;

	ASSERT(argv[argc] == NULL);
	make_grammar(&g, options);
	optind = 0; /* glibc: start anew, so that it can be called again */
	while (
	    (code = getopt_long(argc, argv, g.shorts, g.longs, NULL)) != -1) {
		if (code == '?' || code == ':')
			return explain(&g, code, argv[optind - 1], e);
		if (apply_code(program, &g, target, code, e) < 0)
			return -1;
	}
	*rest = optind;
	return 0;
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
