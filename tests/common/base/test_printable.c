/* test_printable: what is masked, and what is left. */
#include <stdio.h>
#include <string.h>

#include "common/base/printable.h"
#include "tests/support/suite.h"

static const struct {
	const char *text, *masked;
} rows[] = {
	{ "", "" },
	{ "plain text", "plain text" },
	{ "\x01 \x1f\n\t\x7f", "? ????" },
	/* U+0080, U+009B, U+009F; U+00A0 is a space. */
	{ "\xc2\x80, \xc2\x9b, \xc2\x9f", "??, ??, ??" },
	{ "\xc2\xa0", "\xc2\xa0" },
	/* U+00E4, U+20AC, and a byte that begins what does not follow. */
	{ "\xc3\xa4\xe2\x82\xac\xc2", "\xc3\xa4\xe2\x82\xac\xc2" },
	/* U+061C, U+200E, U+200F, U+202A, U+202E, U+2066, U+2069. */
	{ "\xd8\x9c \xe2\x80\x8e \xe2\x80\x8f", "?? ??? ???" },
	{ "\xe2\x80\xaa \xe2\x80\xae", "??? ???" },
	{ "\xe2\x81\xa6 \xe2\x81\xa9", "??? ???" },
	/* U+2028 and U+2029 end a line. */
	{ "\xe2\x80\xa8 \xe2\x80\xa9", "??? ???" },
	/* Their neighbours: U+061B, U+061D; U+200D, U+2010; U+2027, U+202F. */
	{ "\xd8\x9b\xd8\x9d", "\xd8\x9b\xd8\x9d" },
	{ "\xe2\x80\x8d\xe2\x80\x90", "\xe2\x80\x8d\xe2\x80\x90" },
	{ "\xe2\x80\xa7\xe2\x80\xaf", "\xe2\x80\xa7\xe2\x80\xaf" },
	/* U+2065 and U+206A; and one that is cut. */
	{ "\xe2\x81\xa5\xe2\x81\xaa\xe2\x80",
	    "\xe2\x81\xa5\xe2\x81\xaa\xe2\x80" },
	/* Within other characters the same bytes say something else. */
	{ "\xe2\x9b\x84", "\xe2\x9b\x84" },
};

TEST_EACH(row, rows)
{
	char text[64];

	(void)snprintf(text, sizeof text, "%s", rows[_i].text);
	printable_mask(text);
	ck_assert_str_eq(text, rows[_i].masked);
}

static const struct {
	const char *text;
	bool is_utf8;
	const char *shown;
} texts[] = {
	{ "", true, "" },
	{ "a b,c", true, "a\\20b\\2Cc" },
	{ "a\n\x1b\x7f", true, "a\\0A\\1B\\7F" },
	/* U+00E4, U+20AC, U+1F600, U+10FFFF. */
	{ "\xc3\xa4\xe2\x82\xac", true, "\xc3\xa4\xe2\x82\xac" },
	{ "\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf", true,
	    "\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf" },
	/* U+009B, a control character. */
	{ "\xc2\x9b\xc2\xa0", true, "\\C2\\9B\xc2\xa0" },
	/* ISO 8859-1, a byte without its lead, and leads without theirs. */
	{ "gr\xfc\xdf", false, "gr\\FC\\DF" },
	{ "\x80"
	  "a",
	    false, "\\80a" },
	{ "\xc3", false, "\\C3" },
	{ "\xe2\x82", false, "\\E2\\82" },
	{ "\xe2\x82"
	  "a",
	    false, "\\E2\\82a" },
	/* Too long forms, a surrogate, and what is beyond U+10FFFF. */
	{ "\xc0\x80", false, "\\C0\\80" },
	{ "\xe0\x80\x80", false, "\\E0\\80\\80" },
	{ "\xf0\x80\x80\x80", false, "\\F0\\80\\80\\80" },
	{ "\xed\xa0\x80", false, "\\ED\\A0\\80" },
	{ "\xf4\x90\x80\x80", false, "\\F4\\90\\80\\80" },
	{ "\xf5\x80\x80\x80", false, "\\F5\\80\\80\\80" },
};

TEST_EACH(escapes, texts)
{
	const char *text = texts[_i].text;
	char shown[64];

	ck_assert_int_eq(
	    printable_is_utf8(text, strlen(text)), texts[_i].is_utf8);
	ck_assert_uint_eq(
	    printable_append(shown, sizeof shown, 0, text, strlen(text), " ,"),
	    strlen(texts[_i].shown));
	ck_assert_str_eq(shown, texts[_i].shown);
}

TEST(a_zero_byte_is_a_byte)
{
	char shown[16];

	ck_assert(printable_is_utf8("a\0b", 3));
	ck_assert_uint_eq(
	    printable_append(shown, sizeof shown, 0, "a\0b", 3, ""), 5);
	ck_assert_str_eq(shown, "a\\00b");
}

/* Of every size the text is a string, ends between characters, and says so. */
TEST_LOOP(cut, 12)
{
	static const char *const expected[] = { "...", "...", "...", "...",
		"a...", "a...", "a...", "a\xc3\xa4...", "a\xc3\xa4...",
		"a\xc3\xa4...", "a\xc3\xa4\\0A...", "a\xc3\xa4\\0Ab" };
	static const size_t sizes[] = { 4, 4, 4, 4, 5, 6, 6, 7, 8, 9, 10, 11 };
	size_t size = sizes[_i];
	char shown[16];
	size_t used;

	memset(shown, '!', sizeof shown);
	used = printable_append(shown, size, 0, "a\xc3\xa4\nb", 5, "");
	ck_assert_str_eq(shown, expected[_i]);
	ck_assert_int_eq(shown[size], '!');
	if (strstr(shown, "...") == NULL)
		return;
	ck_assert_uint_eq(used, size);
	ck_assert_uint_eq(
	    printable_append(shown, size, used, "more", 4, ""), size);
	ck_assert_str_eq(shown, expected[_i]);
}

TEST_LOOP(copy_is_cut_between_characters, 7)
{
	static const char *const expected[] = { "", "a", "a", "a\xc3\xa4",
		"a\xc3\xa4\xff", "a\xc3\xa4\xff", "a\xc3\xa4\xff" };
	size_t size = (size_t)_i + 1;
	char copy[16];

	memset(copy, '!', sizeof copy);
	ck_assert_int_eq(
	    printable_copy(copy, size, "a\xc3\xa4\xff"), size >= 5);
	ck_assert_str_eq(copy, expected[_i]);
	ck_assert_int_eq(copy[size], '!');
}

SUITE("common/base/printable")
