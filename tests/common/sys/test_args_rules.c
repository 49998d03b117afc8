/* test_args_rules: which options go together, and what is said if not. */
#include "common/sys/args_rules.h"

#include <signal.h>
#include <stdio.h>

#include "tests/support/suite.h"

struct config {
	bool flag;
};

static const struct args_option options[] = {
	ARGS_HEADING("Letters:"),
	ARGS_SWITCH('a', "a", struct config, flag, "help"),
	ARGS_SWITCH('b', "b", struct config, flag, "help"),
	ARGS_SWITCH('c', "c", struct config, flag, "help"),
	ARGS_SWITCH('d', "d", struct config, flag, "help"),
	ARGS_SWITCH(0, "aa", struct config, flag, "help"),
	{ .name = NULL },
};

static struct args_parsed parsed;
static struct errmsg e;

static void
parse(const char *letters)
{
	static const struct args_program program = { .name = "prog" };
	char name[] = "prog";
	char word[16];
	char *words[] = { name, word, NULL };
	struct config config;

	(void)snprintf(word, sizeof word, "-%s", letters);
	ck_assert_int_eq(
	    args_parse(&program, options, &config, 2, words, &parsed, &e), 0);
}

static int
check(const struct args_rule *rule)
{
	const struct args_rule rules[] = { *rule, { .option = NULL } };

	(void)errmsg_set(&e, "%s", "");
	return args_rules_check(rules, &parsed, &e);
}

static const struct {
	const char *given;
	struct args_rule rule;
	const char *words; /* NULL: they go together */
} cases[] = {
	{ "a", { "b", .needs = "c" }, NULL },
	{ "a", { "a", .needs = "b" }, "--a needs --b" },
	{ "a", { "a", .needs = "b c" }, "--a needs --b or --c" },
	{ "a", { "a", .needs = "b c d" }, "--a needs --b, --c or --d" },
	{ "ad", { "a", .needs = "b c d" }, NULL },
	{ "ab", { "a", .excludes = "c d" }, NULL },
	{ "ac", { "a", .excludes = "d c" }, "--a and --c exclude each other" },
	{ "abc", { "a", .takes = "b c" }, NULL },
	{ "abd", { "a", .takes = "b c" }, "--a takes no --d" },
	{ "ab", { "a", .takes = "" }, "--a takes no --b" },
	{ "a", { "a", .takes = "aa" }, NULL },
	{ "-aa", { "aa", .takes = "a" }, NULL },
	{ "-aa", { "aa", .needs = "a" }, "--aa needs --a" },
};

TEST_EACH(each_rule, cases)
{
	parse(cases[_i].given);
	ck_assert_int_eq(check(&cases[_i].rule), cases[_i].words ? -1 : 0);
	ck_assert_str_eq(e.text, cases[_i].words ? cases[_i].words : "");
}

/* The first rule that is broken is told. */
TEST(first_rule)
{
	static const struct args_rule rules[] = {
		{ "d", .needs = "a" },
		{ "b", .needs = "c" },
		{ "a", .needs = "c" },
		{ .option = NULL },
	};

	parse("ab");
	ck_assert_int_eq(args_rules_check(rules, &parsed, &e), -1);
	ck_assert_str_eq(e.text, "--b needs --c");
}

TEST(whole_words)
{
	parse("-aa");
	ck_assert(args_is_given(&parsed, "aa"));
	ck_assert(!args_is_given(&parsed, "a"));
	ck_assert_int_eq(args_check_taken(&parsed, "cmd", "a aaa", &e), -1);
	ck_assert_str_eq(e.text, "cmd takes no --aa");
	ck_assert_int_eq(args_check_taken(&parsed, "cmd", "a aa", &e), 0);
}

TEST_WITH(unknown_option, .signal = SIGABRT)
{
	parse("a");
	(void)args_is_given(&parsed, "nosuch");
}

SUITE("common/sys/args_rules")
