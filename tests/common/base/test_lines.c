/* test_lines: lines that say something, and their numbers. */
#include "common/base/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

static const struct {
	const char *text;
	const char *seen; /* "NUMBER:LINE;" for each */
} cases[] = {
	{ "", "" },
	{ "\n", "" },
	{ " \t\r\n\r\n \r", "" },
	{ "a", "1:a;" },
	{ "a\n", "1:a;" },
	{ "a\r\nb\r\n", "1:a;2:b;" },
	{ "\n\n a b\t\n\n#c\n  # d\ne#f", "3:a b;7:e#f;" },
	{ "#", "" },
	{ "a\n#", "1:a;" },
	{ "\v", "1:\v;" },
};

/* A copy of just that size: what is read after it is seen by sanitizers. */
TEST_EACH(what_is_seen, cases)
{
	size_t size = strlen(cases[_i].text);
	char *copy = malloc(size > 0 ? size : 1);
	struct lines lines;
	char seen[128] = "";
	size_t n = 0;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, cases[_i].text, size);
	lines = lines_of(copy, size);
	while (lines_next(&lines))
		n += (size_t)snprintf(seen + n, sizeof seen - n, "%zu:%.*s;",
		    lines.number, (int)lines.size, lines.line);
	ck_assert_str_eq(seen, cases[_i].seen);
	ck_assert(!lines_next(&lines));
	free(copy);
}

static const struct {
	const char *line;
	size_t count;
	const char *first, *second;
} words[] = {
	{ "a", 1, "a", "" },
	{ " a \t b\r", 2, "a", "b" },
	{ "one two three", 3, "one", "two" },
};

TEST_EACH(words_of_a_line, words)
{
	struct lines lines = lines_of(words[_i].line, strlen(words[_i].line));
	struct lines_word got[2] = { { "", 0 }, { "", 0 } };

	ck_assert(lines_next(&lines));
	ck_assert_uint_eq(lines_words(&lines, got, 2), words[_i].count);
	ck_assert_uint_eq(got[0].size, strlen(words[_i].first));
	ck_assert_uint_eq(got[1].size, strlen(words[_i].second));
	ck_assert_mem_eq(got[0].at, words[_i].first, got[0].size);
	ck_assert_mem_eq(got[1].at, words[_i].second, got[1].size);
}

TEST(no_text)
{
	struct lines lines = lines_of(NULL, 0);

	ck_assert(!lines_next(&lines));
}

SUITE("common/base/lines")
