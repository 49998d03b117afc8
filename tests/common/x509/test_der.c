/* test_der: elements, and what is none. */
#include "common/x509/der.h"

#include <string.h>

#include "tests/support/suite.h"

static const struct {
	const char *bytes;
	size_t size;
	size_t content; /* its length; SIZE_MAX: it is none */
} rows[] = {
	{ "\x04\x00", 2, 0 },
	{ "\x04\x02"
	  "ab",
	    4, 2 },
	{ "\x04\x81\x02"
	  "ab",
	    5, 2 },
	{ "\x04\x84\x00\x00\x00\x01"
	  "a",
	    7, 1 },
	{ "", 0, SIZE_MAX },
	{ "\x04", 1, SIZE_MAX },
	{ "\x04\x01", 2, SIZE_MAX },
	{ "\x04\x03"
	  "ab",
	    4, SIZE_MAX },
	{ "\x04\x80"
	  "ab",
	    4, SIZE_MAX },
	{ "\x04\x82\x00", 3, SIZE_MAX },
	{ "\x04\x85\x00\x00\x00\x00\x01"
	  "a",
	    8, SIZE_MAX },
	{ "\x04\x84\xff\xff\xff\xff"
	  "a",
	    7, SIZE_MAX },
};

TEST_EACH(take, rows)
{
	const uint8_t *bytes = (const uint8_t *)rows[_i].bytes;
	struct tls_der from = { bytes, rows[_i].size };
	struct tls_der content = { NULL, 99 };
	bool is_one = rows[_i].content != SIZE_MAX;

	ck_assert(!tls_der_take(&from, TLS_DER_INTEGER, &content));
	ck_assert_uint_eq(from.left, rows[_i].size);
	ck_assert_int_eq(
	    tls_der_take(&from, TLS_DER_OCTET_STRING, &content), is_one);
	ck_assert_uint_eq(content.left, is_one ? rows[_i].content : 99);
	ck_assert_uint_eq(from.left, is_one ? 0 : rows[_i].size);
}

TEST(one_after_the_other)
{
	static const uint8_t bytes[] = { 0x02, 1, 7, 0x30, 0 };
	struct tls_der from = { bytes, sizeof bytes }, content;
	uint8_t tag;

	ck_assert(tls_der_take_any(&from, &tag, &content));
	ck_assert_uint_eq(tag, TLS_DER_INTEGER);
	ck_assert_uint_eq(*content.at, 7);
	ck_assert(tls_der_take(&from, TLS_DER_SEQUENCE, &content));
	ck_assert_uint_eq(from.left, 0);
	ck_assert(!tls_der_take_any(&from, &tag, &content));
}

SUITE("common/x509/der")
