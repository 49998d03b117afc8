/* test_utf16: text for PKCS #12. */
#include "certs/utf16.h"

#include <string.h>

#include "tests/support/suite.h"

static const struct {
	const char *utf8, *utf16;
	size_t size;
} good[] = {
	{ "", "", 0 }, { "ab", "\0a\0b", 4 },
	{ "\xc3\xa4\xe2\x82\xac", "\0\xe4\x20\xac", 4 },
	{ "\xf0\x9f\x98\x80", "\xd8\x3d\xde\x00", 4 }, /* U+1F600 */
};

/* The tests' locale is C, in which none of this would be text. */
TEST_EACH(converted, good)
{
	struct file_bytes wide = FILE_BYTES_INIT;

	ck_assert_int_eq(utf16_append(&wide, good[_i].utf8), 0);
	ck_assert_uint_eq(wide.size, good[_i].size);
	if (wide.size > 0)
		ck_assert_int_eq(
		    memcmp(wide.data, good[_i].utf16, wide.size), 0);
	file_bytes_free(&wide);
}

static const char *const bad[] = { "\xff", "a\xe4z", "\xe2\x82", "\xc0\x80" };

TEST_EACH(refused, bad)
{
	struct file_bytes wide = FILE_BYTES_INIT;

	ck_assert_int_eq(utf16_append(&wide, bad[_i]), -1);
	file_bytes_free(&wide);
}

SUITE("certs/utf16")
