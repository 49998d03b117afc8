/* Tests of tools/term/canvas: what fits, in columns, and what does not. */
#include "tools/term/canvas.h"

#include <check.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tests/tools/term/canvas_case.h"

static struct canvas c;

static void
make(unsigned rows, unsigned columns, bool is_ascii)
{
	if (!is_ascii)
		ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	ck_assert_int_eq(canvas_init(&c, rows, columns, is_ascii), 0);
}

static void
expect(const char *text)
{
	ck_assert_str_eq(canvas_case_text(&c), text);
	canvas_fini(&c);
}

static const struct {
	bool is_ascii;
	unsigned column, width;
	const char *text, *row;
	unsigned used;
} texts[] = {
	{ true, 0, 8, "ab", "ab      \n", 2 },
	{ true, 6, 8, "abcd", "      ab\n", 2 },
	{ true, 0, 3, "abcd", "abc     \n", 3 },
	{ true, 9, 3, "abcd", "        \n", 0 },
	{ true, 0, 8, "a\033[2J", "a?[2J   \n", 5 },
	{ true, 0, 8, "f\xc3\xbcr", "f?r     \n", 3 },
	{ true, 0, 8, "\xe6\xbc\xa2\xe5\xad\x97", "??      \n", 2 },
	{ false, 0, 8, "f\xc3\xbcr", "f\xc3\xbcr     \n", 3 },
	/* Two columns each; half of one is not drawn. */
	{ false, 0, 8, "\xe6\xbc\xa2\xe5\xad\x97",
	    "\xe6\xbc\xa2\xe5\xad\x97    \n", 4 },
	{ false, 0, 3, "\xe6\xbc\xa2\xe5\xad\x97", "\xe6\xbc\xa2      \n", 2 },
	{ false, 7, 8, "\xe6\xbc\xa2", "        \n", 0 },
	/* Combining, invalid, cut off. */
	{ false, 0, 8, "e\xcc\x81x", "ex      \n", 2 },
	{ false, 0, 8, "\xff\xfe", "??      \n", 2 },
	{ false, 0, 8, "a\xe6\xbc", "a?      \n", 2 },
};

TEST_EACH(text_is_cut_by_columns, texts)
{
	make(1, 8, texts[_i].is_ascii);
	ck_assert_uint_eq(canvas_text(&c, 0, texts[_i].column, texts[_i].width,
			      STYLE_PLAIN, texts[_i].text),
	    texts[_i].used);
	expect(texts[_i].row);
}

TEST(right_end)
{
	make(2, 8, true);
	canvas_right(&c, 0, 1, 6, STYLE_PLAIN, "abc");
	canvas_right(&c, 1, 1, 3, STYLE_PLAIN, "abcdef");
	expect("    abc \n abc    \n");
}

TEST(paragraphs_break_between_words)
{
	make(4, 6, true);
	ck_assert_uint_eq(canvas_paragraph(&c, (struct area){ 0, 0, 3, 6 },
			      STYLE_PLAIN, "ab cd ef abcdefgh ij"),
	    3);
	expect("ab cd \nef    \nabcdef\n      \n");
}

TEST(graph_fills_from_the_bottom)
{
	const double values[] = { (double)NAN, 0, 0.001, 4, 8 };

	make(2, 5, false);
	canvas_graph(&c, (struct area){ 0, 0, 2, 5 }, values, 8);
	expect("    \xe2\x96\x88\n"
	       "  \xe2\x96\x81\xe2\x96\x88\xe2\x96\x88\n");
}

TEST(bars_show_whatever_is_not_nothing)
{
	make(4, 4, true);
	canvas_bar(&c, 0, 0, 4, STYLE_GRAPH, 0);
	canvas_bar(&c, 1, 0, 4, STYLE_GRAPH, 0.001);
	canvas_bar(&c, 2, 0, 4, STYLE_GRAPH, 0.5);
	canvas_bar(&c, 3, 0, 4, STYLE_GRAPH, 7);
	expect("    \n#   \n##  \n####\n");
}

TEST(whatever_is_outside_is_left_out)
{
	const double values[] = { 1, 1, 1 };

	make(0, 0, true);
	(void)canvas_text(&c, 1, 0, 9, STYLE_PLAIN, "x");
	(void)canvas_text(&c, 0, 1, 9, STYLE_PLAIN, "x");
	canvas_right(&c, 7, 7, 7, STYLE_PLAIN, "x");
	canvas_bar(&c, 3, 0, 9, STYLE_GRAPH, 1);
	canvas_graph(&c, (struct area){ 1, 0, 3, 3 }, values, 1);
	canvas_reverse(&c, 1);
	expect(" \n");
}

SUITE("tools/term/canvas")
