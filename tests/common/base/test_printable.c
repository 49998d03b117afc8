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
