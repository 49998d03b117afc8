/* test_der: elements written, and taken apart again. */
#include "certs/der.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

static struct der d;

static void
expect_bytes(const char *bytes, size_t size)
{
	ck_assert(!d.is_failed);
	ck_assert_uint_eq(d.depth, 0);
	ck_assert_uint_eq(d.bytes.size, size);
	ck_assert_int_eq(memcmp(d.bytes.data, bytes, size), 0);
	file_bytes_free(&d.bytes);
}

static const struct {
	uint32_t value;
	const char *der;
	size_t size;
} numbers[] = {
	{ 0, "\2\1\0", 3 },
	{ 1, "\2\1\1", 3 },
	{ 127, "\2\1\x7f", 3 },
	{ 128, "\2\2\0\x80", 4 },
	{ 255, "\2\2\0\xff", 4 },
	{ 256, "\2\2\1\0", 4 },
	{ 2048, "\2\2\x08\0", 4 },
	{ 600000, "\2\3\x09\x27\xc0", 5 },
	{ UINT32_MAX, "\2\5\0\xff\xff\xff\xff", 7 },
};

TEST_EACH(integer, numbers)
{
	der_put_uint(&d, numbers[_i].value);
	expect_bytes(numbers[_i].der, numbers[_i].size);
}

TEST(nested)
{
	der_open(&d, DER_SEQUENCE);
	der_put_uint(&d, 5);
	der_open(&d, DER_EXPLICIT_0);
	der_open(&d, DER_OCTET_STRING);
	der_append(&d, "ab", 2);
	der_append(&d, "c", 1);
	der_close_many(&d, 2);
	der_put(&d, DER_NULL, NULL, 0);
	DER_PUT_OID(&d, "\x2a\x03");
	der_close(&d);
	expect_bytes("\x30\x10\2\1\5\xa0\5\4\3abc\5\0\6\2\x2a\3", 18);
}

static const struct {
	size_t size;
	const char *head;
	size_t head_size;
} lengths[] = {
	{ 0, "\4\0", 2 },
	{ 127, "\4\x7f", 2 },
	{ 128, "\4\x81\x80", 3 },
	{ 255, "\4\x81\xff", 3 },
	{ 256, "\4\x82\1\0", 4 },
	{ 65536, "\4\x83\1\0\0", 5 },
};

TEST_EACH(length, lengths)
{
	size_t size = lengths[_i].size;
	char *contents = calloc(size + 1, 1);
	struct der_view view;
	struct der_view taken;

	ck_assert_ptr_nonnull(contents);
	memset(contents, 'x', size);
	der_put(&d, DER_OCTET_STRING, contents, size);
	ck_assert_uint_eq(d.bytes.size, size + lengths[_i].head_size);
	ck_assert_int_eq(
	    memcmp(d.bytes.data, lengths[_i].head, lengths[_i].head_size), 0);
	view = (struct der_view){ d.bytes.data, d.bytes.size };
	ck_assert(!der_take(&view, DER_INTEGER, &taken));
	ck_assert(der_take(&view, DER_OCTET_STRING, &taken));
	ck_assert_uint_eq(taken.size, size);
	ck_assert_int_eq(memcmp(taken.data, contents, size), 0);
	ck_assert_uint_eq(view.size, 0);
	/* One byte less: it is damaged. */
	view = (struct der_view){ d.bytes.data, d.bytes.size - 1 };
	ck_assert(!der_take(&view, DER_OCTET_STRING, &taken));
	file_bytes_free(&d.bytes);
	free(contents);
}

static const struct {
	const char *der;
	size_t size;
} damaged[] = {
	{ "", 0 }, { "\4", 1 },
	{ "\4\x80", 2 },                 /* indefinite, which is not DER */
	{ "\4\x81", 2 },                 /* without its length */
	{ "\4\x82\1", 3 },               /* with a part of it */
	{ "\4\x85\0\0\0\0\1x", 8 },      /* of more than 4 GB, or so it seems */
	{ "\4\x84\xff\xff\xff\xff", 6 }, /* longer than all */
};

/* A copy of just that size: what is read after it is seen by sanitizers. */
TEST_EACH(damage, damaged)
{
	size_t size = damaged[_i].size;
	uint8_t *copy = malloc(size > 0 ? size : 1);
	struct der_view view;
	struct der_view taken;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, damaged[_i].der, size);
	view = (struct der_view){ copy, size };
	ck_assert(!der_take(&view, DER_OCTET_STRING, &taken));
	ck_assert_ptr_eq(view.data, copy);
	free(copy);
}

SUITE("certs/der")
