/* test_args_maybe: an option whose value may be left out. */
#include "common/sys/args.h"

#include <string.h>

#include "tests/support/suite.h"

enum {
	WORDS_MAX = 8
};

static const char *share;

static bool
is_percentage(const char *word)
{
	return word[strcspn(word, "%")] == '%';
}

static int
on_share(void *target, const char *value, struct errmsg *e)
{
	(void)target;
	(void)e;
	share = value != NULL ? value : "all";
	return 0;
}

static const struct args_option options[] = {
	ARGS_CALL_MAYBE(
	    'S', "share", "[N%]", on_share, is_percentage, "which part"),
	{ .letter = 'v',
	    .name = "verbose",
	    .help = "say more",
	    .kind = ARGS_KIND_SWITCH },
	{ .name = NULL },
};

static const struct args_program program = { .name = "prog" };
static struct args_parsed parsed;
static struct errmsg e;
static char line_copy[64];
static char *words[WORDS_MAX];
static int count;

static int
parse(const char *line)
{
	bool verbose;
	char *save = NULL;

	ck_assert_uint_lt(strlen(line), sizeof line_copy);
	strcpy(line_copy, line);
	for (char *w = strtok_r(line_copy, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save)) {
		ck_assert_int_lt(count, WORDS_MAX - 1);
		words[count++] = w;
	}
	return args_parse(
	    &program, options, &verbose, count, words, &parsed, &e);
}

static const struct {
	const char *line, *share, *operand; /* NULL: there is none */
} cases[] = {
	{ "prog --share", "all", NULL },
	{ "prog --share here", "all", "here" },
	{ "prog here --share", "all", "here" },
	{ "prog --share 5% here", "5%", "here" },
	{ "prog here --share 5%", "5%", "here" },
	{ "prog here --share 5% -v", "5%", "here" },
	{ "prog here -v --share 5% -v", "5%", "here" },
	{ "prog --share=5% here", "5%", "here" },
	{ "prog --share= here", "", "here" },
	{ "prog -S5% here", "5%", "here" },
	{ "prog -S 5% -v here", "5%", "here" },
	{ "prog -vS here", "all", "here" },
	{ "prog --share -v 5%", "all", "5%" },
	{ "prog --share -- 5%", "all", "5%" },
};

TEST_EACH(taken_or_left, cases)
{
	bool has_operand = cases[_i].operand != NULL;

	ck_assert_msg(parse(cases[_i].line) == 0, "%s", e.text);
	ck_assert_str_eq(share, cases[_i].share);
	ck_assert_int_eq(parsed.rest, count - (has_operand ? 1 : 0));
	if (has_operand)
		ck_assert_str_eq(words[parsed.rest], cases[_i].operand);
}

TEST(given_twice)
{
	ck_assert_int_eq(parse("prog --share --share 5%"), -1);
	ck_assert_str_eq(
	    e.text, "--share: given twice, and only one value is used");
}

SUITE("common/sys/args_maybe")
