/* test_rows: what readers see of rows and offenders, whatever lies there. */
#include "common/stats/rows.h"

#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/stats/entry.h"
#include "common/stats/table.h"
#include "tests/support/demo_segment.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

static struct shm_case c;
static struct stats_shm *shm;
static struct stats_row *rows; /* of slot 1 */
static struct stats_offender *ring;
static struct stats_row row;

enum {
	ROWS = 5,
	OFFENDERS = 40
};

/* Three slots; the handle of the creator can read, too. */
static void
begin(const char *label)
{
	shm_case_init(&c, label);
	c.options.rows = ROWS;
	c.options.offenders = OFFENDERS;
	shm = shm_case_create(&c);
	ck_assert_uint_eq(stats_shm_rows(shm, 1, &rows), ROWS);
	ck_assert_uint_eq(stats_shm_ring(shm, 1, &ring), OFFENDERS);
}

static const struct stats_row example = {
	.state = STATS_ROW_OPEN,
	.flags = STATS_ROW_RESUMED,
	.port = 4433,
	.bytes_received = 11,
	.id = 7,
	.version = 0x0304,
	.suite = 0x1302,
	.group = 0x001d,
	.address = { [10] = 0xff, 0xff, 192, 0, 2, 1 },
	.name = "CN=client",
};

TEST(rows_are_those_of_their_slots)
{
	struct stats_row *others;

	begin("rows");
	ck_assert_uint_eq(stats_shm_rows(shm, 0, &others), 0);
	ck_assert_ptr_null(others);
	ck_assert_uint_eq(stats_shm_rows(shm, 2, &others), ROWS);
	ck_assert_uint_eq(stats_shm_row_count(shm), 2 * ROWS);
	ck_assert_uint_eq(stats_shm_row_slot(shm, ROWS - 1), 1);
	ck_assert_uint_eq(stats_shm_row_slot(shm, ROWS), 2);
	for (unsigned i = 0; i < 2 * ROWS; i++)
		ck_assert_uint_eq(stats_shm_row(shm, i, &row), STATS_ROW_FREE);
	stats_entry_write(&others[1], &example);
	ck_assert_uint_eq(stats_shm_row(shm, ROWS + 1, &row), STATS_ROW_OPEN);
	ck_assert_uint_eq(row.sequence, 2);
	row.sequence = 0;
	ck_assert_mem_eq(&row, &example, sizeof row);
	stats_entry_set_state(&others[1], STATS_ROW_CLOSING);
	ck_assert_uint_eq(
	    stats_shm_row(shm, ROWS + 1, &row), STATS_ROW_CLOSING);
	ck_assert_uint_eq(row.port, 4433);
	stats_shm_close(&shm);
}

TEST(torn_row_is_shown_and_cleared)
{
	begin("torn");
	stats_entry_write(&rows[0], &example);
	stats_entry_write(&rows[2], &example);
	rows[2].sequence++;
	ck_assert_uint_eq(stats_shm_row(shm, 2, &row), STATS_ROW_TORN);
	ck_assert_uint_eq(row.id, 0);
	rows[3].sequence++; /* free until then */
	ck_assert_uint_eq(stats_shm_row(shm, 3, &row), STATS_ROW_TORN);
	stats_shm_clear_rows(shm, 1);
	for (unsigned i = 0; i < ROWS; i++)
		ck_assert_uint_eq(stats_shm_row(shm, i, &row), STATS_ROW_FREE);
	stats_entry_write(&rows[2], &example);
	ck_assert_uint_eq(stats_shm_row(shm, 2, &row), STATS_ROW_OPEN);
	stats_shm_close(&shm);
}

static const struct {
	const char *written, *read;
} names[] = {
	{ "CN=\033[2J", "CN=?[2J" },
	{ "CN=\xc3\xa4", "CN=\xc3\xa4" },
	{ "CN=\xe4\x9b", "CN=??" },
	{ "CN=\xc2\x9b", "CN=??" },
	{ "0123456789012345678901234567890123456789",
	    "012345678901234567890123456789012345678" },
};

TEST_EACH(names_are_harmless, names)
{
	static struct stats_offender last[STATS_OFFENDERS_SHOWN];
	struct stats_offender offender = { .wall_ns = 1, .has_alert = 99 };
	struct stats_row bad = example;

	begin("names");
	memset(bad.name, 0, sizeof bad.name);
	memcpy(bad.name, names[_i].written, strlen(names[_i].written));
	memcpy(offender.name, bad.name, sizeof offender.name);
	memset(offender.cause, 'x', sizeof offender.cause);
	stats_entry_write(&rows[0], &bad);
	stats_entry_write(&ring[0], &offender);
	ck_assert_uint_eq(stats_shm_row(shm, 0, &row), STATS_ROW_OPEN);
	ck_assert_str_eq(row.name, names[_i].read);
	ck_assert_uint_eq(stats_shm_offenders(shm, last), 1);
	ck_assert_str_eq(last[0].name, names[_i].read);
	ck_assert_uint_eq(strlen(last[0].cause), sizeof offender.cause - 1);
	ck_assert_uint_eq(last[0].has_alert, STATS_ALERT_NONE);
	stats_shm_close(&shm);
}

TEST_LOOP(unknown_states_are_free, 252)
{
	begin("states");
	stats_entry_write(&rows[0], &example);
	stats_entry_set_state(&rows[0], (uint8_t)(STATS_ROW_TORN + _i));
	ck_assert_uint_eq(stats_shm_row(shm, 0, &row), STATS_ROW_FREE);
	stats_shm_close(&shm);
}

TEST(offenders_are_the_last_of_all_slots)
{
	static struct stats_offender last[STATS_OFFENDERS_SHOWN];
	struct stats_offender *others;

	begin("offenders");
	ck_assert_uint_eq(stats_shm_offenders(shm, last), 0);
	(void)stats_shm_ring(shm, 2, &others);
	for (int i = 0; i < OFFENDERS; i++) {
		/* 1000, 1002... here and 1001, 1003... there */
		struct stats_offender o = { .wall_ns = 1000 + 2 * i };

		stats_entry_write(&ring[(i + 7) % OFFENDERS], &o);
		o.wall_ns++;
		stats_entry_write(&others[i], &o);
	}
	ck_assert_uint_eq(
	    stats_shm_offenders(shm, last), STATS_OFFENDERS_SHOWN);
	for (int i = 0; i < STATS_OFFENDERS_SHOWN; i++)
		ck_assert_int_eq(last[i].wall_ns, 999 + 2 * OFFENDERS - i);
	others[0].sequence++;
	others[OFFENDERS - 1].sequence++;
	ck_assert_uint_eq(
	    stats_shm_offenders(shm, last), STATS_OFFENDERS_SHOWN);
	ck_assert_int_eq(last[0].wall_ns, 998 + 2 * OFFENDERS);
	stats_shm_clear_rows(shm, 2);
	ck_assert_uint_eq(
	    stats_shm_offenders(shm, last), STATS_OFFENDERS_SHOWN);
	ck_assert_uint_eq(others[0].sequence, 4);
	ck_assert_int_eq(others[0].wall_ns, 0);
	ck_assert_int_eq(others[1].wall_ns, 1003);
	stats_shm_close(&shm);
}

/* All words of an image are the same number, but for sequence and state. */
static struct stats_row
image_of(uint64_t n)
{
	struct stats_row image;
	uint64_t words[sizeof image / sizeof n];

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		words[i] = n * UINT64_C(0x0101010101010101);
	memcpy(&image, words, sizeof image);
	image.state = STATS_ROW_OPEN;
	return image;
}

static void *
write_without_end(void *stop)
{
	for (uint64_t n = 1; !atomic_load((_Atomic bool *)stop); n++) {
		struct stats_row image = image_of(n % 120 + 1);

		stats_entry_write(&rows[0], &image);
	}
	return NULL;
}

/* Every copy is one image. TORN is right, too: the writer may be asleep. */
TEST(no_copy_mixes_two_writes)
{
	enum {
		COPIES = 200000
	};
	static _Atomic bool stop;
	pthread_t writer;
	int whole = 0;

	begin("stress");
	ck_assert_int_eq(
	    pthread_create(&writer, NULL, write_without_end, &stop), 0);
	for (int i = 0; i < COPIES; i++) {
		struct stats_row image;

		if (!stats_entry_copy(&rows[0], &image) || image.id == 0)
			continue;
		row = image_of(image.id & 0x7f);
		row.sequence = image.sequence;
		ck_assert_mem_eq(&row, &image, sizeof row);
		whole++;
	}
	atomic_store(&stop, true);
	ck_assert_int_eq(pthread_join(writer, NULL), 0);
	ck_assert_int_gt(whole, 0);
	stats_shm_close(&shm);
}

static void
read_all(struct stats_shm *reader)
{
	static struct stats_offender last[STATS_OFFENDERS_SHOWN];

	for (unsigned i = 0; i < stats_shm_row_count(reader); i++) {
		(void)stats_shm_row(reader, i, &row);
		ck_assert_uint_lt(stats_shm_row_slot(reader, i),
		    stats_shm_header(reader)->slot_count);
	}
	(void)stats_shm_offenders(reader, last);
}

/* Of the header's two words and the directory, one after the other. */
TEST(no_extreme_word_of_the_directory_crashes_a_reader)
{
	static const uint32_t words[] = { 0, 1, 7, 8, 64, 128, 192, 1024,
		1 << 20, 0x7fffffff, 0x80000000, 0xffffff80, 0xffffffff };
	const struct stats_header *h;
	int fd, refused = 0;
	struct errmsg e;

	begin("extreme");
	h = stats_shm_header(shm);
	fd = open(c.path, O_RDWR | O_CLOEXEC);
	for (int at = -8; at < (int)sizeof(struct stats_more); at += 4) {
		off_t place = at < 0 ? (off_t)sizeof(struct stats_header) + at
				     : (off_t)h->more_offset + at;
		uint32_t good;

		ck_assert_int_eq(pread(fd, &good, 4, place), 4);
		for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
			struct stats_shm *reader;

			ck_assert_int_eq(pwrite(fd, &words[w], 4, place), 4);
			if (stats_shm_attach(&reader, c.name, &e) == 0)
				read_all(reader);
			else
				refused++;
			stats_shm_close(&reader);
		}
		ck_assert_int_eq(pwrite(fd, &good, 4, place), 4);
	}
	ck_assert_int_gt(refused, 30);
	(void)close(fd);
	stats_shm_close(&shm);
}

/* Rows of 192 bytes, a directory of which the end is not known. */
TEST(later_release_is_read)
{
	enum {
		LATER = 192
	};
	struct stats_header h;
	struct stats_more more;
	struct stats_shm *reader;
	int fd;

	begin("later");
	h = *stats_shm_header(shm);
	fd = open(c.path, O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(
	    pread(fd, &more, sizeof more, h.more_offset), sizeof more);
	more.rows.size = LATER;
	more.rows.count = more.rows.per_slot = 3;
	h.more_size += 16;
	h.ready = 1;
	row = example;
	ck_assert_int_eq(
	    pwrite(fd, &row, sizeof row, (off_t)more.rows.offset + 2 * LATER),
	    sizeof row);
	ck_assert_int_eq(
	    pwrite(fd, &more, sizeof more, h.more_offset), sizeof more);
	ck_assert_int_eq(pwrite(fd, &h, sizeof h, 0), sizeof h);
	reader = shm_case_attach(&c);
	ck_assert_uint_eq(stats_shm_row_count(reader), 3);
	ck_assert_uint_eq(stats_shm_row(reader, 2, &row), STATS_ROW_OPEN);
	ck_assert_str_eq(row.name, example.name);
	stats_shm_close(&reader);
	(void)close(fd);
	stats_shm_close(&shm);
}

/* Slots that have run nothing take no memory, and none by being read. */
TEST(rows_of_unused_slots)
{
	struct stats_shm *reader;
	struct errmsg e;
	struct stat before, after;

	shm_case_init(&c, "sparse");
	c.options.rows = 4096;
	c.options.run = 1;
	shm = shm_case_create(&c);
	reader = shm_case_attach(&c);
	ck_assert_uint_eq(stats_shm_row_count(reader), 2 * 4096);
	ck_assert_uint_eq(stats_shm_next_row(reader, 0), 2 * 4096);
	atomic_store(&stats_shm_slot(shm, 2)->started_ns, 1);
	ck_assert_uint_eq(stats_shm_next_row(reader, 0), 4096);
	ck_assert_uint_eq(stats_shm_next_row(reader, 4097), 4097);
	ck_assert_int_eq(stat(c.path, &before), 0);
	ck_assert_int_lt(before.st_blocks * 512, before.st_size);
	ck_assert_int_eq(stats_shm_allocate_rows(shm, 2, &e), 0);
	ck_assert_int_eq(stat(c.path, &after), 0);
	ck_assert_int_gt(after.st_blocks, before.st_blocks);
	ck_assert_int_ge(after.st_blocks * 512, after.st_size);
	stats_shm_close(&reader);
	stats_shm_close(&shm);
}

/* What a release wrote that knew neither rows nor offenders. */
TEST(segment_without_directory_has_no_rows)
{
	static struct stats_offender last[STATS_OFFENDERS_SHOWN];

	shm_case_init(&c, "older");
	shm = shm_case_create(&c);
	ck_assert_uint_eq(stats_shm_header(shm)->more_offset, 0);
	ck_assert_uint_eq(stats_shm_header(shm)->size, stats_segment_size(3));
	ck_assert_uint_eq(stats_shm_row_count(shm), 0);
	ck_assert_uint_eq(stats_shm_offenders(shm, last), 0);
	ck_assert_uint_eq(stats_shm_rows(shm, 1, &rows), 0);
	stats_shm_clear_rows(shm, 1);
	stats_shm_close(&shm);
}

/* Fields where this release's header has its last two words. */
TEST(shorter_header_has_no_rows)
{
	enum {
		FIELDS_AT = 120
	};
	static struct stats_field fields[STATS_FIELDS];
	struct stats_header h;
	struct stats_shm *reader;
	int fd;

	begin("shorter");
	h = *stats_shm_header(shm);
	stats_describe(fields);
	fd = open(c.path, O_RDWR | O_CLOEXEC);
	h.ready = 1;
	h.field_offset = FIELDS_AT;
	ck_assert_int_eq(pwrite(fd, &h, sizeof h, 0), sizeof h);
	ck_assert_int_eq(
	    pwrite(fd, fields, sizeof fields, FIELDS_AT), sizeof fields);
	reader = shm_case_attach(&c);
	ck_assert_uint_eq(stats_shm_row_count(reader), 0);
	stats_shm_close(&reader);
	(void)close(fd);
	stats_shm_close(&shm);
}

SUITE("common/stats/rows")
