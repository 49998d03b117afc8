/* test_printable: what is masked, and what is left. */
#include <stdio.h>

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

SUITE("common/base/printable")
