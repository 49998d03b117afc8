/* test_hex: digits of bytes. */
#include "common/base/hex.h"

#include <string.h>

#include "tests/support/suite.h"

TEST(digits)
{
	char text[] = "xxxxxxxxxxx";

	ck_assert_ptr_eq(
	    hex_put(text, "\x00\x0f\xa9\xff", 4, HEX_LOWER), text + 8);
	ck_assert_str_eq(text, "000fa9ff");
	ck_assert_str_eq(text + 9, "xx");
	(void)hex_put(
	    hex_put(text, "\xbc", 1, HEX_UPPER), "\xde", 1, HEX_UPPER);
	ck_assert_str_eq(text, "BCDE");
}

TEST(no_bytes)
{
	char text[] = "x";

	ck_assert_ptr_eq(hex_put(text, NULL, 0, HEX_LOWER), text);
	ck_assert_str_eq(text, "");
}

SUITE("common/base/hex")
