/* test_options: what a command line means, and which are refused. */
#include "certs/options.h"

#include <string.h>

#include "tests/support/suite.h"

enum {
	WORDS_MAX = 16
};

static struct errmsg e;
static struct options options;
static struct args_parsed parsed;

/* Parses "a b c" as a command line. */
static int
parse(const char *line)
{
	static char copy[256];
	char *argv[WORDS_MAX + 2] = { (char[]){ "tlsecho-certs" } };
	int argc = 1;

	(void)strcpy(copy, line);
	for (char *word = strtok(copy, " "); word != NULL;
	     word = strtok(NULL, " ")) {
		ck_assert_int_le(argc, WORDS_MAX);
		argv[argc++] = word;
	}
	return options_parse(&options, argc, argv, &parsed, &e);
}

TEST(defaults)
{
	ck_assert_int_eq(parse("init d"), 0);
	ck_assert_int_eq(parsed.rest, 1);
	ck_assert_ptr_eq(options.key_kind, key_kind_find("ecdsa-p256"));
	ck_assert_int_eq(options.life.days, 1825);
	ck_assert(!options.life.has_not_before);
	ck_assert(!options.life.has_not_after);
	ck_assert(!options.force && !options.pkcs12);
	ck_assert_uint_eq(options.days, 0);
	ck_assert_uint_eq(options.count, 0);
}

TEST(values)
{
	ck_assert_msg(parse("client d n --key ed25519 --days 7 -c 3 -f") == 0,
	    "%s", e.text);
	ck_assert_ptr_eq(options.key_kind, key_kind_find("ed25519"));
	ck_assert_int_eq(options.life.days, 7);
	ck_assert_uint_eq(options.count, 3);
	ck_assert(options.force);
	ck_assert_int_eq(parse("--not-before -2d --not-after "
			       "2030-01-01T00:00:00Z client d n"),
	    0);
	ck_assert(options.life.has_not_before);
	ck_assert_int_eq(options.life.not_after, 1893456000);
}

static const struct {
	const char *line, *words;
} refusals[] = {
	{ "init d --key rsa-1024", "--key: 'rsa-1024' is unknown: use ecdsa" },
	{ "init d --days 0", "--days" },
	{ "init d --days 36501", "--days" },
	{ "init d --days 1x", "--days" },
	{ "client d n --count 0", "--count" },
	{ "client d n --count 100001", "--count" },
	{ "init d --not-before yesterday", "--not-before: 'yesterday'" },
	{ "init d --not-after 2d", "--not-after: '2d'" },
	{ "init d --not-after +2d --days 3", "--days and --not-after" },
	{ "init d --bogus", "--bogus" },
	{ "init d --key", "--key needs a value" },
};

TEST_EACH(refused, refusals)
{
	ck_assert_int_eq(parse(refusals[_i].line), -1);
	ck_assert_msg(strstr(e.text, refusals[_i].words) != NULL, "%s", e.text);
}

TEST(operands)
{
	static const struct command one = { .name = "list", .operands = "DIR" };
	static const struct command many = { .name = "client",
		.operands = "DIR NAME..." };

	ck_assert_int_eq(options_check_operands(&one, 1, &e), 0);
	ck_assert_int_eq(options_check_operands(&one, 0, &e), -1);
	ck_assert_str_eq(e.text, "too few operands: list DIR");
	ck_assert_int_eq(options_check_operands(&one, 2, &e), -1);
	ck_assert_str_eq(e.text, "too many operands: list DIR");
	ck_assert_int_eq(options_check_operands(&many, 1, &e), -1);
	ck_assert_int_eq(options_check_operands(&many, 2, &e), 0);
	ck_assert_int_eq(options_check_operands(&many, 1000, &e), 0);
}

SUITE("certs/options")
