/* Tests of tools/record/format: numbers at their limits, sections, blocks. */
#include "tools/record/format.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

static struct record_buffer b;

static struct record_cursor
cursor(void)
{
	return (struct record_cursor){ .at = b.data, .end = b.data + b.size };
}

static const struct {
	uint64_t n;
	size_t size;
} numbers[] = {
	{ 0, 1 },
	{ 1, 1 },
	{ 127, 1 },
	{ 128, 2 },
	{ 16383, 2 },
	{ 16384, 3 },
	{ UINT64_MAX / 2, 9 },
	{ UINT64_MAX / 2 + 1, 10 },
	{ UINT64_MAX, 10 },
};

TEST_EACH(varints_come_back, numbers)
{
	struct record_cursor c;

	record_put(&b, numbers[_i].n);
	record_put_signed(&b, (int64_t)numbers[_i].n);
	c = cursor();
	ck_assert_uint_eq(record_get(&c), numbers[_i].n);
	ck_assert_ptr_eq(c.at, b.data + numbers[_i].size);
	ck_assert_int_eq(record_get_signed(&c), (int64_t)numbers[_i].n);
	ck_assert(!c.failed && c.at == c.end);
	ck_assert_uint_eq(record_get(&c), 0); /* there is no more */
	ck_assert(c.failed);
	record_buffer_free(&b);
}

TEST(small_negative_numbers_are_short)
{
	record_put_signed(&b, -64);
	ck_assert_uint_eq(b.size, 1);
	ck_assert_uint_eq(b.data[0], 127);
	record_buffer_free(&b);
}

static const struct {
	const char *bytes;
	size_t size;
} bad_numbers[] = {
	{ "\x80", 1 },
	{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10 }, /* 2^64 and more */
	{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x00", 11 },
};

TEST_EACH(what_is_no_number_fails, bad_numbers)
{
	struct record_cursor c;

	record_put_bytes(&b, bad_numbers[_i].bytes, bad_numbers[_i].size);
	c = cursor();
	ck_assert_uint_eq(record_get(&c), 0);
	ck_assert(c.failed);
	record_buffer_free(&b);
}

static const struct {
	const char *text, *read;
} texts[] = {
	{ "", "" }, { "seven b", "seven b" }, { "eight by", "eight b" },
	{ "\033[2J", "?[2J" }, { "\xc3\xa9", "\xc3\xa9" }, { "a\xff", "a?" },
	{ "123456\xc3\xa9", "123456?" }, /* cut within a character */
};

TEST_EACH(texts_fit_and_can_be_shown, texts)
{
	struct record_cursor c;
	char text[8];

	record_put_text(&b, texts[_i].text);
	c = cursor();
	record_get_text(&c, text, sizeof text);
	ck_assert_str_eq(text, texts[_i].read);
	ck_assert(!c.failed && c.at == c.end);
	record_buffer_free(&b);
}

TEST(longer_than_there_is_fails)
{
	struct record_cursor c, section;
	uint64_t tag;
	char text[8];

	record_put(&b, UINT64_C(1) << 63);
	c = cursor();
	record_get_text(&c, text, sizeof text);
	ck_assert(c.failed);
	ck_assert_str_eq(text, "");
	b.size = 0;
	record_put(&b, 7);
	record_put(&b, UINT64_C(1) << 63);
	c = cursor();
	ck_assert(!record_get_section(&c, &tag, &section));
	ck_assert(c.failed);
	record_buffer_free(&b);
}

TEST(sections_come_back)
{
	struct record_buffer section = { .data = NULL };
	struct record_cursor c, inner;
	uint64_t tag;

	record_put(&section, 300);
	record_put_section(&b, RECORD_VALUES, &section);
	ck_assert_uint_eq(section.size, 0);
	record_put_section(&b, RECORD_CONNS, &section);
	c = cursor();
	ck_assert(record_get_section(&c, &tag, &inner));
	ck_assert_uint_eq(tag, RECORD_VALUES);
	ck_assert_uint_eq(record_get(&inner), 300);
	ck_assert(inner.at == inner.end);
	ck_assert(record_get_section(&c, &tag, &inner));
	ck_assert_uint_eq(tag, RECORD_CONNS);
	ck_assert(inner.at == inner.end);
	ck_assert(!record_get_section(&c, &tag, &inner));
	ck_assert(!c.failed);
	record_buffer_free(&section);
	record_buffer_free(&b);
}

/* As they are on the disk: a reader of any release finds them so. */
TEST(header_and_block_are_these_bytes)
{
	static const uint8_t bytes[] = { 'T', 'L', 'S', 'e', 'c', 'h', 'o', 'R',
		1, 0, 0, 0, 2, 3, 0, 0, 0, 0x59, 0x5a, 0x8a, 0xdc, 'a', 'b',
		'c' };
	struct record_buffer payload = { .data = NULL };
	struct record_block block;

	record_put_header(&b);
	record_put_bytes(&payload, "abc", 3);
	record_put_block(&b, RECORD_CHANGES, &payload);
	ck_assert_uint_eq(b.size, sizeof bytes);
	ck_assert_mem_eq(b.data, bytes, sizeof bytes);
	record_get_block(b.data + RECORD_HEADER, &block);
	ck_assert_uint_eq(block.type, RECORD_CHANGES);
	ck_assert_uint_eq(block.size, 3);
	ck_assert(record_is_whole(&block, (const uint8_t *)"abc"));
	ck_assert(!record_is_whole(&block, (const uint8_t *)"abd"));
	block.type = RECORD_FULL;
	ck_assert(!record_is_whole(&block, (const uint8_t *)"abc"));
	record_buffer_free(&payload);
	record_buffer_free(&b);
}

SUITE("tools/record/format")
