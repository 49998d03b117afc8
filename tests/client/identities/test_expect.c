/* test_expect: which line counts for an identity, and lines that are wrong. */
#include "client/identities/expect.h"

#include <string.h>

#include "client/identities/identities.h"
#include "client/identities/outcome.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"

enum {
	COUNT = 4
};

static char alice[] = "alice", bob[] = "bob", odd[] = "bo*",
	    carol[] = "env/carol";
static struct identity of[COUNT] = { { .name = alice }, { .name = bob },
	{ .name = odd }, { .name = carol } };
static unsigned by_name[COUNT] = { 0, 2, 1, 3 };
static struct id_file elsewhere[] = { { .name = (char[]){ "dave" } },
	{ .name = (char[]){ "eve" } } };
static const struct identities ids = { .of = of,
	.count = COUNT,
	.by_name = by_name,
	.others = { .of = elsewhere, .count = 2 } };
static uint16_t expected[COUNT];
static struct errmsg e;

static const struct {
	const char *text;
	unsigned expected[COUNT];
} good[] = {
	{ "* accepted", { 0, 0, 0, 0 } },
	{ "alice refused unknown_ca\n* refused\n",
	    { 48, OUTCOME_REFUSED, OUTCOME_REFUSED, OUTCOME_REFUSED } },
	/* A name goes before a pattern, though it looks like one. */
	{ "bo* refused 44\n\n# all others\n\t* \t accepted \r\n",
	    { 0, 0, 44, 0 } },
	/* The first line that matches counts. */
	{ "b?b refused 44\n*o* refused 45\n* refused 46", { 46, 44, 45, 45 } },
	{ "[abe]* accepted\n* refused", { 0, 0, 0, 0 } },
	/* Lines for identities of other parts are none of ours. */
	{ "dave accepted\nev[ae] refused\nda* refused\n* accepted",
	    { 0, 0, 0, 0 } },
	{ "[ab]* refused 255\n*/* refused certificate_expired\n",
	    { 255, 255, 255, 45 } },
};

TEST_EACH(lines, good)
{
	const char *text = good[_i].text;

	ck_assert_msg(expect_parse(expected, &ids, text, strlen(text), &e) == 0,
	    "%s", e.text);
	for (int i = 0; i < COUNT; i++)
		ck_assert_uint_eq(expected[i], good[_i].expected[i]);
}

static const struct {
	const char *text, *words;
} bad[] = {
	{ "", "no line matches identity 'alice'" },
	{ "alice accepted\nbob accepted\n",
	    "no line matches identity 'bo*': end with one for all others" },
	{ "alice\n", "line 1: 'alice': accepted or refused?" },
	{ "# x\nalice denied", "line 2: 'denied' is neither accepted nor" },
	{ "alice accepted 44", "line 1: '44' follows accepted" },
	{ "alice refused revoked", "line 1: 'revoked' is no alert" },
	{ "alice refused 0", "'0' is no alert" },
	{ "alice refused close_notify", "'close_notify' is no alert" },
	{ "alice refused 256", "'256' is no alert" },
	{ "alice refused 044", "'044' is no alert" },
	{ "alice refused 44 45", "line 1: too long" },
	{ "* accepted\ncarol refused",
	    "line 2: no identity is called 'carol'" },
	{ "gone-* refused\n* accepted",
	    "line 1: no identity matches 'gone-*'" },
	{ "b?b refused 44\nbob accepted\n* accepted",
	    "line 2: 'bob' comes too late" },
	{ "* accepted\nb* refused", "line 2: 'b*' comes too late" },
};

TEST_EACH(bad_lines, bad)
{
	const char *text = bad[_i].text;

	ck_assert_int_eq(
	    expect_parse(expected, &ids, text, strlen(text), &e), -1);
	ck_assert_msg(
	    strncmp(e.text, bad[_i].words, strlen(bad[_i].words)) == 0 ||
		strstr(e.text, bad[_i].words) != NULL,
	    "%s", e.text);
}

TEST(files)
{
	scratch_enter();
	ck_assert_int_eq(expect_load(expected, &ids, "none", &e), -1);
	ck_assert_str_eq(e.text, "none: No such file or directory");
	scratch_write("policy", "bob accepts\n");
	ck_assert_int_eq(expect_load(expected, &ids, "policy", &e), -1);
	ck_assert_str_eq(e.text,
	    "policy: line 1: 'accepts' is neither accepted nor refused");
	scratch_write("policy", "* accepted\n");
	ck_assert_int_eq(expect_load(expected, &ids, "policy", &e), 0);
	scratch_leave();
}

SUITE("client/identities/expect")
