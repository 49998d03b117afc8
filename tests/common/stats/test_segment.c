/* test_segment: what is laid out fits, and what does not fit is told. */
#include "common/stats/segment.h"

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/stats/rows.h"
#include "tests/support/demo_segment.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

static struct stats_header header;
static struct stats_field fields[STATS_FIELDS];
static struct errmsg e;

static void
lay_out(unsigned slots)
{
	memset(&header, 0, sizeof header);
	stats_segment_fill(&header, slots);
	header.pid = 1;
	strcpy(header.program, "test 1.0");
	stats_describe(fields);
}

TEST_LOOP(own_layout_is_accepted, 4)
{
	static const unsigned slots[] = { 1, 2, 65, STATS_SEGMENT_SLOTS_MAX };
	size_t size = stats_segment_size(slots[_i]);

	lay_out(slots[_i]);
	ck_assert_msg(
	    stats_segment_check_header(&header, size, &e) == 0, "%s", e.text);
	ck_assert_msg(
	    stats_segment_check_fields(&header, fields, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(
	    header.slot_offset + (uint64_t)header.slot_count * header.slot_size,
	    size);
}

#define WORD(member, value_, words_)                             \
	{                                                        \
		.offset = offsetof(struct stats_header, member), \
		.value = (value_), .words = (words_)             \
	}

static const struct {
	size_t offset;
	uint32_t value;
	const char *words;
} bad_headers[] = {
	WORD(magic, 0, "not made by tlsecho"),
	WORD(version, 0, "layout version 0,"),
	WORD(version, 77, "layout version 77,"),
	WORD(size, 1, "bytes"),
	WORD(pid, 0, "does not say whose"),
	WORD(pid, 0xffffffff, "does not say whose"),
	WORD(program, 0, "does not say whose"),
	WORD(program, 0x1b5b1b5b, "does not say whose"),
	WORD(program, 0x9b, "does not say whose"), /* in Latin-1, CSI */
	{ offsetof(struct stats_header, start_ns) + 4, 0x80000000,
	    "when its server started" },
	{ offsetof(struct stats_header, start_ns) + 4, 0x40000000,
	    "when its server started" },
	{ offsetof(struct stats_header, start_wall_ns) + 4, 0x80000000,
	    "when its server started" },
	WORD(field_count, 0, "0 fields, not between 1 and 1024"),
	WORD(field_count, 1025, "1025 fields, not"),
	WORD(field_size, sizeof(struct stats_field) - 1, "fields do not fit"),
	WORD(field_size, 0xffffffff, "fields do not fit"),
	WORD(field_offset, 0xffffffff, "fields do not fit"),
	WORD(slot_count, 0, "0 slots, not between 1 and 1024"),
	WORD(slot_count, 1025, "1025 slots, not"),
	WORD(slot_count, 3, "slots do not fit"),
	WORD(slot_size, 0, "shards do not fit"),
	WORD(slot_size, 8, "slots are not aligned"),
	WORD(slot_size, 0xffffffc0, "slots do not fit"),
	WORD(slot_offset, 0xffffffc0, "slots do not fit"),
	WORD(slot_offset, 4, "slots are not aligned"),
	WORD(shard_count, 0, "0 shards, not between 1 and 16"),
	WORD(shard_count, 4, "shards do not fit"),
	WORD(shard_count, 17, "17 shards, not"),
	WORD(shard_size, 0xfffffff8, "shards do not fit"),
	WORD(shard_size, 4, "slots are not aligned"),
	WORD(shard_offset, 0xfffffff8, "shards do not fit"),
	WORD(shard_offset, 1, "slots are not aligned"),
	WORD(more_offset, 4, "sections are not in it"),
	WORD(more_offset, 0xfffffff8, "sections are not in it"),
	WORD(more_size, 0xffffffff, "sections are not in it"),
};

TEST_EACH(bad_headers_are_refused, bad_headers)
{
	size_t size = stats_segment_size(2);

	lay_out(2);
	memcpy((char *)&header + bad_headers[_i].offset, &bad_headers[_i].value,
	    sizeof bad_headers[_i].value);
	ck_assert_int_eq(stats_segment_check_header(&header, size, &e), -1);
	ck_assert_msg(
	    strstr(e.text, bad_headers[_i].words) != NULL, "%s", e.text);
}

TEST(endless_program_is_refused)
{
	lay_out(2);
	memset(header.program, 'x', sizeof header.program);
	ck_assert_int_eq(
	    stats_segment_check_header(&header, stats_segment_size(2), &e), -1);
}

TEST_LOOP(own_sections_are_accepted, 3)
{
	static const unsigned rows[] = { 1, 65536, 0 };
	struct stats_more more;

	lay_out(3);
	stats_segment_fill_more(&header, &more, rows[_i], 64);
	ck_assert_uint_eq(more.rows.count, 2 * rows[_i]);
	ck_assert_uint_eq(
	    more.offenders.offset + 128 * sizeof(struct stats_offender),
	    header.size);
	ck_assert_msg(stats_segment_check_header(&header, header.size, &e) == 0,
	    "%s", e.text);
	ck_assert_msg(
	    stats_segment_check_more(&header, &more, &e) == 0, "%s", e.text);
}

static const struct {
	struct stats_section rows; /* of two slots, in 1024 bytes */
	const char *words;
} bad_sections[] = {
	{ { 512, 3, 128, 3, 0 }, NULL },
	{ { 512, 2, 256, 2, 0 }, NULL },
	{ { 512, 5, 128, 5, 0 }, "rows do not fit" },
	{ { 512, 3, 192, 3, 0 }, "rows do not fit" },
	{ { 512, 3, 64, 3, 0 }, "rows do not fit" },
	{ { 512, 3, 129, 3, 0 }, "rows do not fit" },
	{ { 520, 3, 128, 3, 0 }, "rows do not fit" },
	{ { 1088, 1, 128, 1, 0 }, "rows do not fit" },
	{ { UINT64_MAX - 127, 1, 128, 1, 0 }, "rows do not fit" },
	{ { 512, 1, 0xffffffc0, 1, 0 }, "rows do not fit" },
	{ { 512, 3, 128, 0, 0 }, "rows of no slot" },
	{ { 512, 3, 128, 2, 0 }, "rows of no slot" },
	{ { 512, (1 << 24) + 1, 128, 1 << 25, 0 }, "16777217 rows, not" },
};

TEST_EACH(bad_sections_are_refused, bad_sections)
{
	const char *words = bad_sections[_i].words;
	struct stats_more more = { .rows = bad_sections[_i].rows };

	lay_out(2);
	header.size = 1024;
	ck_assert_int_eq(stats_segment_check_more(&header, &more, &e),
	    words != NULL ? -1 : 0);
	ck_assert_msg(
	    words == NULL || strstr(e.text, words) != NULL, "%s", e.text);
	more = (struct stats_more){ .offenders = bad_sections[_i].rows };
	ck_assert_int_eq(stats_segment_check_more(&header, &more, &e),
	    words != NULL ? -1 : 0);
}

static void
break_name(struct stats_field *f)
{
	memset(f->name, 'x', sizeof f->name);
}

static void
empty_name(struct stats_field *f)
{
	f->name[0] = '\0';
}

static void
shout_name(struct stats_field *f)
{
	f->name[0] = 'A';
}

static void
break_help(struct stats_field *f)
{
	memset(f->help, 'x', sizeof f->help);
}

static void
escape_help(struct stats_field *f)
{
	f->help[0] = '\033';
}

static void
csi_help(struct stats_field *f)
{
	f->help[0] = '\x9b';
}

static void
unknown_kind(struct stats_field *f)
{
	f->kind = STATS_KIND_GAUGE + 1;
}

static void
far_offset(struct stats_field *f)
{
	f->offset = sizeof(struct stats_shard);
}

static void
odd_offset(struct stats_field *f)
{
	f->offset += 4;
}

static void
hist_at_the_end(struct stats_field *f)
{
	f->kind = STATS_KIND_HIST;
	f->offset = sizeof(struct stats_shard) - 8;
}

static void
minus_itself(struct stats_field *f)
{
	f->kind = STATS_KIND_DIFFERENCE;
	f->plus = 0;
	f->minus = 2;
}

static void
plus_nothing(struct stats_field *f)
{
	f->kind = STATS_KIND_DIFFERENCE;
	f->plus = STATS_FIELDS;
	f->minus = 0;
}

static const struct {
	void (*spoil)(struct stats_field *f);
	const char *words;
} bad_fields[] = {
	{ break_name, "field 2 has no proper name" },
	{ empty_name, "field 2 has no proper name" },
	{ shout_name, "field 2 has no proper name" },
	{ break_help, "field 2 has no proper name" },
	{ escape_help, "field 2 has no proper name" },
	{ csi_help, "field 2 has no proper name" },
	{ unknown_kind, "of a kind that is not known here" },
	{ far_offset, "does not fit in a shard" },
	{ odd_offset, "does not fit in a shard" },
	{ hist_at_the_end, "does not fit in a shard" },
	{ minus_itself, "is not a difference of totals" },
	{ plus_nothing, "is not a difference of totals" },
};

TEST_EACH(bad_fields_are_refused, bad_fields)
{
	lay_out(2);
	fields[2] = fields[1];
	bad_fields[_i].spoil(&fields[2]);
	ck_assert_int_eq(stats_segment_check_fields(&header, fields, &e), -1);
	ck_assert_msg(
	    strstr(e.text, bad_fields[_i].words) != NULL, "%s", e.text);
}

TEST(unknown_units_and_levels_become_plain)
{
	lay_out(2);
	fields[0].unit = 99;
	fields[0].level = 99;
	ck_assert_int_eq(stats_segment_check_fields(&header, fields, &e), 0);
	ck_assert_uint_eq(fields[0].unit, STATS_UNIT_COUNT);
	ck_assert_uint_eq(fields[0].level, STATS_LEVEL_DETAIL);
}

/* A segment of another release: larger fields, one shard, other histograms. */
enum {
	FIELD_SIZE = sizeof(struct stats_field) + 40,
	SLOT_AT = 1024,
	SHARD_AT = 256,
	SHARD_SIZE = 64 + sizeof(struct hist),
	SLOT_SIZE = (SHARD_AT + SHARD_SIZE + 63) / 64 * 64,
	SIZE = SLOT_AT + 2 * SLOT_SIZE
};

static const struct stats_field foreign_fields[] = {
	{ .name = "novelties", .help = "things of the future", .offset = 8 },
	{ .name = "lapses", .help = "of the past", .offset = 16 },
	{ .name = "present",
	    .help = "now",
	    .kind = STATS_KIND_DIFFERENCE,
	    .plus = 0,
	    .minus = 1 },
	{ .name = "dwell_time",
	    .help = "of another shape",
	    .kind = STATS_KIND_HIST,
	    .offset = 24 },
};

static void
make_foreign(uint8_t image[static SIZE], bool has_other_buckets)
{
	const uint64_t values[] = { 70, 30, 5 };

	memset(image, 0, SIZE);
	lay_out(2);
	header.size = SIZE;
	header.ready = 1;
	header.field_count = 4;
	header.field_size = FIELD_SIZE;
	header.slot_size = SLOT_SIZE;
	header.slot_offset = SLOT_AT;
	header.shard_count = 1;
	header.shard_size = SHARD_SIZE;
	header.shard_offset = SHARD_AT;
	if (has_other_buckets)
		header.hist_buckets = 4;
	else
		header.hist_sub_bits++;
	memcpy(image, &header, sizeof header);
	for (int i = 0; i < 4; i++)
		memcpy(image + header.field_offset + i * FIELD_SIZE,
		    &foreign_fields[i], sizeof foreign_fields[i]);
	memcpy(
	    image + SLOT_AT + SLOT_SIZE + SHARD_AT + 8, values, sizeof values);
}

TEST(segment_of_another_release_is_read)
{
	static struct hist merged;
	static uint8_t image[SIZE];
	struct stats_shm *shm;
	struct shm_case c;
	int fd;

	shm_case_init(&c, "foreign");
	make_foreign(image, _i > 0);
	fd = open(c.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_eq(write(fd, image, sizeof image), SIZE);
	(void)close(fd);
	shm = shm_case_attach(&c);
	ck_assert_str_eq(stats_shm_field(shm, 3)->name, "dwell_time");
	ck_assert_uint_eq(stats_shm_value(shm, 1, 0), 70);
	ck_assert_uint_eq(stats_shm_value(shm, 1, 2), 40);
	ck_assert_uint_eq(stats_shm_value(shm, 1, 3), 5);
	ck_assert_uint_eq(stats_shm_value(shm, 0, 2), 0);
	ck_assert_int_eq(stats_shm_merge_hist(shm, 1, 3, &merged), -1);
	ck_assert_uint_eq(stats_shm_row_count(shm), 0);
	stats_shm_close(&shm);
	demo_segment_remove(c.name);
}

SUITE("common/stats/segment")
