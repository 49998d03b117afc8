/* test_crc32c: the examples of RFC 3720, B.4, and the usual check value. */
#include "server/proxy/crc32c.h"

#include "tests/support/suite.h"

static const struct {
	const char *bytes;
	size_t n;
	uint32_t crc;
} rows[] = {
	{ "", 0, 0 },
	{ "123456789", 9, 0xe3069283 },
	{ "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
	    32, 0x8a9136aa },
};

TEST_EACH(known_sums, rows)
{
	const uint8_t *bytes = (const uint8_t *)rows[_i].bytes;
	size_t half = rows[_i].n / 2;

	ck_assert_uint_eq(crc32c(0, bytes, rows[_i].n), rows[_i].crc);
	ck_assert_uint_eq(
	    crc32c(crc32c(0, bytes, half), bytes + half, rows[_i].n - half),
	    rows[_i].crc);
}

SUITE("server/proxy/crc32c")
