/* test_args: command lines that are right, and those that are not. */
#include "common/sys/args.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"

enum {
	WORDS_MAX = 16
};

struct config {
	bool verbose;
	const char *stats;
	const char *stats_mode;
	uint64_t workers;
	int64_t timeout_ns;
	int calls;
	const char *called_with;
	const char *files[2];
};

static int
on_listen(void *target, const char *value, struct errmsg *e)
{
	struct config *config = target;

	if (strcmp(value, "bad") == 0)
		return errmsg_set(e, "'%s' is not an address", value);
	config->calls++;
	config->called_with = value;
	return 0;
}

static int
on_quiet(void *target, const char *value, struct errmsg *e)
{
	struct config *config = target;

	(void)e;
	ck_assert_ptr_null(value);
	config->calls++;
	return 0;
}

static const struct args_option options[] = {
	ARGS_SWITCH('v', "verbose", struct config, verbose, "say more"),
	ARGS_STRING('n', "stats", "NAME", struct config, stats, "the name"),
	ARGS_STRING(0, "stats-mode", "MODE", struct config, stats_mode,
	    "who may look\nsecond line"),
	ARGS_COUNT('w', "workers", "N", struct config, workers, 1, 64, "how"),
	ARGS_DURATION('t', "timeout", "TIME", struct config, timeout_ns, 1000,
	    2000000, "how long"),
	ARGS_CALL('l', "listen", "ADDR:PORT", on_listen, "where"),
	ARGS_LIST(0, "file", "FILE", struct config, files, "read; repeatable"),
	ARGS_CALL(0, "quiet", NULL, on_quiet, "no words"),
	ARGS_CALLS(0, "also", "ADDR:PORT", on_listen, "where else"),
	{ .name = NULL },
};

static const char *
library_lines(void)
{
	return "library 1.2\n";
}

static const struct args_program program = {
	.name = "prog",
	.synopsis = "[options] HOST:PORT",
	.summary = "Does things.",
	.version = library_lines,
};

static struct config config;
static struct errmsg e;
static char line_copy[256];
static char *words[WORDS_MAX + 1];
static int word_count;
static struct args_parsed parsed;

/* Splits a line at blanks into words, in place. */
static void
split(const char *line)
{
	static char name[] = "prog";
	char *save = NULL;

	ck_assert_uint_lt(strlen(line), sizeof line_copy);
	strcpy(line_copy, line);
	word_count = 0;
	words[word_count++] = name;
	for (char *w = strtok_r(line_copy, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save)) {
		ck_assert_int_lt(word_count, WORDS_MAX);
		words[word_count++] = w;
	}
	words[word_count] = NULL;
}

static int
parse(const char *line)
{
	split(line);
	memset(&config, 0, sizeof config);
	e.text[0] = '\0';
	return args_parse(
	    &program, options, &config, word_count, words, &parsed, &e);
}

TEST(nothing_given)
{
	ck_assert_int_eq(parse(""), 0);
	ck_assert_int_eq(parsed.rest, 1);
	ck_assert(!config.verbose);
	ck_assert_ptr_null(config.stats);
}

TEST(every_kind)
{
	ck_assert_int_eq(
	    parse("-v -n a -w 64 -t 1ms -l x --quiet --stats-mode 0640"), 0);
	ck_assert(config.verbose);
	ck_assert_str_eq(config.stats, "a");
	ck_assert_str_eq(config.stats_mode, "0640");
	ck_assert_uint_eq(config.workers, 64);
	ck_assert_int_eq(config.timeout_ns, 1000000);
	ck_assert_int_eq(config.calls, 2);
	ck_assert_str_eq(config.called_with, "x");
}

TEST(lists)
{
	ck_assert_int_eq(parse(""), 0);
	ck_assert_ptr_null(config.files[0]);
	ck_assert_int_eq(parse("--file a"), 0);
	ck_assert_str_eq(config.files[0], "a");
	ck_assert_ptr_null(config.files[1]);
	ck_assert_int_eq(parse("--file a --file b"), 0);
	ck_assert_str_eq(config.files[1], "b");
	ck_assert_int_eq(parse("--file a --file b --file c"), -1);
	ck_assert_str_eq(e.text, "--file: may be given 2 times at most");
}

TEST(calls_that_repeat)
{
	ck_assert_int_eq(parse("--also a --also b --quiet --quiet"), 0);
	ck_assert_int_eq(config.calls, 4);
	ck_assert_str_eq(config.called_with, "b");
}

/* All of these say --verbose --stats a --workers 7. */
static const char *const same[] = {
	"--verbose --stats a --workers 7",
	"--stats=a --verbose --workers=7",
	"--verb --stats a --work 7",
	"-v -n a -w 7",
	"-vna -w7",
	"-vw7 -na",
	"-n a -w 7 -v -v",
};

TEST_EACH(spellings, same)
{
	ck_assert_msg(parse(same[_i]) == 0, "%s", e.text);
	ck_assert(config.verbose);
	ck_assert_str_eq(config.stats, "a");
	ck_assert_uint_eq(config.workers, 7);
	ck_assert_int_eq(parsed.rest, word_count);
}

/* What follows '=' is the value, whatever it holds. */
TEST(odd_values)
{
	ck_assert_int_eq(parse("--stats=--verbose --stats-mode=a=b"), 0);
	ck_assert_str_eq(config.stats, "--verbose");
	ck_assert_str_eq(config.stats_mode, "a=b");
	ck_assert_int_eq(parse("-n -v -l -"), 0);
	ck_assert_str_eq(config.stats, "-v");
	ck_assert_str_eq(config.called_with, "-");
	ck_assert(!config.verbose);
}

static const struct {
	const char *line;
	const char *operands[3];
} permuted[] = {
	{ "a b", { "a", "b" } },
	{ "a -v b", { "a", "b" } },
	{ "-v a b", { "a", "b" } },
	{ "a b -v", { "a", "b" } },
	{ "a -n x b --quiet", { "a", "b" } },
	{ "-v -- a b", { "a", "b" } },
	{ "a -- b", { "a", "b" } },
	{ "-- -v --stats", { "-v", "--stats" } },
	{ "a -- -5", { "a", "-5" } },
	{ "- -v", { "-" } },
	{ "--", { NULL } },
};

TEST_EACH(operands, permuted)
{
	int i = 0;

	ck_assert_msg(parse(permuted[_i].line) == 0, "%s", e.text);
	for (; permuted[_i].operands[i] != NULL; i++)
		ck_assert_str_eq(
		    words[parsed.rest + i], permuted[_i].operands[i]);
	ck_assert_int_eq(parsed.rest + i, word_count);
}

static const struct {
	const char *line, *error;
} wrong[] = {
	{ "-x", "unknown option -x" },
	{ "-vx", "unknown option -x" },
	{ "-5", "unknown option -5" },
	{ "a -x", "unknown option -x" },
	{ "a b --foo", "unknown option --foo" },
	{ "--foo=bar", "unknown option --foo" },
	{ "--verbosely", "unknown option --verbosely" },
	{ "--s m", "option --s is ambiguous: --stats, --stats-mode" },
	{ "--ver=1", "option --ver is ambiguous: --verbose, --version" },
	{ "--=x", "unknown option --" },
	{ "---verbose", "unknown option ---verbose" },
	{ "--stats", "--stats needs a value: NAME" },
	{ "a --stats-m", "--stats-mode needs a value: MODE" },
	{ "-n", "--stats needs a value: NAME" },
	{ "-vn", "--stats needs a value: NAME" },
	{ "--verbose=1", "--verbose takes no value" },
	{ "--quiet=", "--quiet takes no value" },
	{ "--help=1", "--help takes no value" },
	{ "--stats=", "--stats: must not be empty" },
	{ "--file=", "--file: must not be empty" },
	{ "-w 0", "--workers: '0' is not between 1 and 64" },
	{ "-w 65", "--workers: '65' is not between 1 and 64" },
	{ "--workers=-1",
	    "--workers: '-1' is not a whole number "
	    "(k, M and G may follow)" },
	{ "-w -1",
	    "--workers: '-1' is not a whole number "
	    "(k, M and G may follow)" },
	{ "-w 18446744073709551616",
	    "--workers: '18446744073709551616' is too large" },
	{ "-t 999ns", "--timeout: '999ns' is not between 1.00 us and 2.00 ms" },
	{ "-t 2.000001ms",
	    "--timeout: '2.000001ms' is not between 1.00 us and 2.00 ms" },
	{ "-t 300y", "--timeout: '300y' is longer than 292 years" },
	{ "-l bad", "--listen: 'bad' is not an address" },
	{ "-n a -n b", "--stats: given twice, and only one value is used" },
	{ "-n a --stats=a",
	    "--stats: given twice, and only one value is used" },
	{ "-w 1 --file a --workers 1",
	    "--workers: given twice, and only one value is used" },
	{ "-t 1ms -t 1ms",
	    "--timeout: given twice, and only one value is used" },
	{ "-l a -l b", "--listen: given twice, and only one value is used" },
};

TEST_EACH(error, wrong)
{
	ck_assert_int_eq(parse(wrong[_i].line), -1);
	ck_assert_str_eq(e.text, wrong[_i].error);
}

TEST(limits_are_inclusive)
{
	ck_assert_int_eq(parse("-w 1 -t 1us"), 0);
	ck_assert_uint_eq(config.workers, 1);
	ck_assert_int_eq(config.timeout_ns, 1000);
	ck_assert_int_eq(parse("-w 64 -t 2ms"), 0);
	ck_assert_uint_eq(config.workers, 64);
	ck_assert_int_eq(config.timeout_ns, 2000000);
}

TEST(no_words_at_all)
{
	split("");
	ck_assert_int_eq(
	    args_parse(&program, options, &config, 0, words + 1, &parsed, &e),
	    0);
	ck_assert_int_eq(parsed.rest, 0);
}

/* A table without options, and none at all: only the built-in ones. */
TEST(empty_table)
{
	static const struct args_option none[] = { { .name = NULL } };

	for (int i = 0; i < 2; i++) {
		split("a");
		ck_assert_int_eq(args_parse(&program, i == 0 ? none : NULL,
				     NULL, word_count, words, &parsed, &e),
		    0);
		ck_assert_int_eq(parsed.rest, 1);
		split("-v");
		ck_assert_int_eq(args_parse(&program, i == 0 ? none : NULL,
				     NULL, word_count, words, &parsed, &e),
		    -1);
		ck_assert_str_eq(e.text, "unknown option -v");
	}
}

enum {
	TABLE_MAX = ARGS_OPTIONS_MAX - 2 /* and two that are added */
};

/* Options --long-00 and so on; the first 26 have letters, A to Z. */
static void
make_table(struct args_option *table, int count)
{
	static char names[TABLE_MAX + 1][24];

	for (int i = 0; i < count; i++) {
		(void)snprintf(names[i], sizeof names[i], "long-%02d", i);
		table[i] = (struct args_option)ARGS_STRING(
		    (char)(i < 26 ? 'A' + i : 0), names[i], "X", struct config,
		    stats, "help");
	}
	table[count] = (struct args_option){ .name = NULL };
}

TEST(largest_table)
{
	struct args_option table[TABLE_MAX + 1];

	make_table(table, TABLE_MAX);
	split("-A a c");
	ck_assert_int_eq(args_parse(&program, table, &config, word_count, words,
			     &parsed, &e),
	    0);
	ck_assert_str_eq(config.stats, "a");
	ck_assert_int_eq(parsed.rest, word_count - 1);
	split("--long-61=b");
	ck_assert_int_eq(args_parse(&program, table, &config, word_count, words,
			     &parsed, &e),
	    0);
	ck_assert_str_eq(config.stats, "b");
	split("--long");
	ck_assert_int_eq(args_parse(&program, table, &config, word_count, words,
			     &parsed, &e),
	    -1);
	ck_assert_int_eq(
	    strncmp(e.text, "option --long is ambiguous: --long-00, ", 39), 0);
}

TEST_WITH(table_too_large, .signal = SIGABRT)
{
	struct args_option table[TABLE_MAX + 2];

	make_table(table, TABLE_MAX + 1);
	split("");
	(void)args_parse(
	    &program, table, &config, word_count, words, &parsed, &e);
}

/* An option that is wrong is told, though --help follows. */
TEST(error_before_help)
{
	ck_assert_int_eq(parse("-w 0 --help"), -1);
	ck_assert_int_eq(parse("--foo --version"), -1);
}

SUITE("common/sys/args")
