/* test_serial: serial numbers as people copy them. */
#include "certs/serial.h"

#include <string.h>

#include "tests/support/suite.h"

#define DIGITS_80                                  \
	"7000000000000000000000000000000000000000" \
	"0000000000000000000000000000000000000001"

/* The highest of bits would make it negative. */
#define NEGATIVE                                   \
	"f000000000000000000000000000000000000000" \
	"0000000000000000000000000000000000000001"

static const struct {
	const char *text, *digits;
} good[] = {
	{ "4a5b6c7d8e9fa0b1c2d3e4f5061728ff",
	    "4a5b6c7d8e9fa0b1c2d3e4f5061728ff" },
	{ "4A:5B:6C:7D:8E:9F:A0:B1", "4a5b6c7d8e9fa0b1" },
	/* A positive number has a zero in front of a high bit, and no other. */
	{ "9a5b6c7d8e9fa0b1", "009a5b6c7d8e9fa0b1" },
	{ "009a5b6c7d8e9fa0b1", "009a5b6c7d8e9fa0b1" },
	{ "0000004a5b6c7d8e9fa0b1", "4a5b6c7d8e9fa0b1" },
	{ "a5b6c7d8e9fa0b1c2", "0a5b6c7d8e9fa0b1c2" },
	{ "0x1267", "1267" },
	{ "0X2", "02" },
	{ "0x0", "00" },
	{ "0xff", "00ff" },
	{ DIGITS_80, DIGITS_80 },
};

TEST_EACH(parsed, good)
{
	struct serial serial;
	char text[SERIAL_TEXT];

	ck_assert(serial_parse(&serial, good[_i].text));
	ck_assert_str_eq(serial_format(&serial, text), good[_i].digits);
}

static const char *const bad[] = { "", "0x", "cafe", "123456789012345",
	"nobody-1234567890123", "4a5b6c7d8e9fa0b1 ", "-4a5b6c7d8e9fa0b1",
	":4a5b6c7d8e9fa0b1", "0x-1", DIGITS_80 "0", NEGATIVE };

TEST_EACH(refused, bad)
{
	struct serial serial;

	ck_assert(!serial_parse(&serial, bad[_i]));
}

TEST(equal)
{
	struct serial a;
	struct serial b;

	ck_assert(serial_parse(&a, "0x1267"));
	ck_assert(serial_parse(&b, "0x12:67"));
	ck_assert(serial_equals(&a, &b));
	ck_assert(serial_parse(&b, "0x1268"));
	ck_assert(!serial_equals(&a, &b));
	ck_assert(serial_parse(&b, "0x126700"));
	ck_assert(!serial_equals(&a, &b));
}

SUITE("certs/serial")
