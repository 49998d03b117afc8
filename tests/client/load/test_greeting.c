/* test_greeting: what is taken for a line of JSON, and how it is shown. */
#include "client/load/greeting.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/tally.h"
#include "tests/support/suite.h"

static struct greeting g;
static char shown[4 * GREETING_MAX];

/* Gives it pieces of so many bytes; how many it has taken. */
static size_t
give(const char *bytes, size_t n, size_t piece)
{
	size_t taken, all = 0;

	greeting_init(&g, memfd_create("shown", MFD_CLOEXEC));
	while (all < n && g.state == GREETING_AWAITED) {
		taken = greeting_take(&g, (const uint8_t *)bytes + all,
		    n - all < piece ? n - all : piece);
		if (taken == 0)
			break;
		all += taken;
	}
	n = (size_t)pread(g.fd, shown, sizeof shown - 1, 0);
	shown[n] = '\0';
	(void)close(g.fd);
	greeting_clear(&g);
	return all;
}

static const size_t pieces[] = { 1, 3, 100 };

TEST_EACH(whole_line_before_the_echo, pieces)
{
	ck_assert_uint_eq(give("{\"a\":1}\nXY", 10, pieces[_i]), 8);
	ck_assert_int_eq(g.state, GREETING_SHOWN);
	ck_assert_str_eq(shown, "{\"a\":1}\n");
	ck_assert_str_eq(greeting_hint(&g), "");
}

/* A terminal must not obey the server. */
TEST(control_characters)
{
	static const char line[] = "{\x1b]0;title\x07\r\x9b"
				   "2J\xe2\x80\xae\xc3\xa9\\}\n";

	ck_assert_uint_eq(
	    give(line, sizeof line - 1, sizeof line), sizeof line - 1);
	ck_assert_str_eq(
	    shown, "{\\1B]0;title\\07\\0D\\9B2J\\E2\\80\\AE\xc3\xa9\\}\n");
}

static const struct {
	const char *bytes;
	size_t taken;
} others[] = {
	{ "x", 0 },
	{ "\n", 0 },
	{ " {}\n", 0 },
	{ "{\n", 0 },
	{ "{\"a\":1\n", 0 },
	{ "{abc", 4 },
};

/* The echo of a server without --whoami may begin with a brace. */
TEST_EACH(no_json, others)
{
	ck_assert_uint_eq(give(others[_i].bytes, strlen(others[_i].bytes), 99),
	    others[_i].taken);
	ck_assert_int_eq(g.state, GREETING_AWAITED);
	ck_assert_str_eq(shown, "");
	ck_assert_str_eq(greeting_hint(&g),
	    "no line of JSON came first: leave out --whoami");
}

/* A longest line of bytes that are shown as three. */
TEST(longest)
{
	static char line[GREETING_MAX + 1];

	memset(line, '\x1b', sizeof line);
	line[0] = '{';
	line[GREETING_MAX - 2] = '}';
	line[GREETING_MAX - 1] = '\n';
	ck_assert_uint_eq(give(line, GREETING_MAX, 1000), GREETING_MAX);
	ck_assert_uint_eq(strlen(shown), 3 + 3 * (GREETING_MAX - 3));
	ck_assert_str_eq(shown + strlen(shown) - 5, "\\1B}\n");
	line[GREETING_MAX - 2] = 'x';
	line[GREETING_MAX - 1] = '}';
	line[GREETING_MAX] = '\n';
	ck_assert_uint_le(give(line, GREETING_MAX + 1, 1000), GREETING_MAX);
	ck_assert_int_eq(g.state, GREETING_TOO_LONG);
	ck_assert_str_eq(shown, "");
}

TEST(hints_fit)
{
	for (int i = 0; i < GREETING_STATES; i++) {
		g.state = (enum greeting_state)i;
		ck_assert_uint_lt(strlen(greeting_hint(&g)), TALLY_DETAIL);
	}
}

TEST(none_expected)
{
	greeting_init(&g, -1);
	ck_assert_int_eq(g.state, GREETING_NONE);
	ck_assert_str_eq(greeting_hint(&g), "");
}

SUITE("client/load/greeting")
