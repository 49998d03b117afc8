/* Tests of tools/record: what was recorded comes back, whatever happened. */
#include "tools/record/replay.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/scratch.h"
#include "tests/support/suite.h"
#include "tests/tools/record/recording_case.h"
#include "tools/record/format.h"

#define SECOND CLOCK_NS_PER_S

static const char file[] = "a.rec";
static struct source *source;
static struct errmsg e;

static void
open_replay(void)
{
	source = source_open_replay(file, &e);
	ck_assert_msg(source != NULL, "%s", e.text);
	ck_assert(source_is_recorded(source));
}

static void
expect_next(unsigned n)
{
	struct sample *expected = recording_case_sample(n);
	struct sample *s;

	ck_assert_msg(
	    source_next(source, &s, &e) == SOURCE_SAMPLE, "%u: %s", n, e.text);
	recording_case_expect_equal(s, expected);
	sample_free(&s);
	sample_free(&expected);
}

static void
expect_end(const char *words)
{
	struct sample *s;

	ck_assert_int_eq(source_next(source, &s, &e), SOURCE_ENDED);
	ck_assert_ptr_null(s);
	if (words[0] == '\0')
		ck_assert_str_eq(e.text, "");
	ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
}

static void
expect_refused(const char *words)
{
	source = source_open_replay(file, &e);
	ck_assert_ptr_null(source);
	ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
	ck_assert_ptr_nonnull(strstr(e.text, file));
}

/* Two full blocks and what is between them. */
TEST(what_was_recorded_comes_back)
{
	scratch_enter();
	recording_case_write(file, 0, 310);
	open_replay();
	ck_assert_uint_eq(replay_count(source), 310);
	ck_assert_int_eq(replay_first_ns(source), recording_case_wall_ns(0));
	ck_assert_int_eq(replay_last_ns(source), recording_case_wall_ns(309));
	for (unsigned n = 0; n < 310; n++) {
		if (n > 0)
			ck_assert_int_eq(source_gap_ns(source), SECOND);
		expect_next(n);
	}
	ck_assert_int_eq(source_gap_ns(source), 0);
	expect_end("");
	expect_end("");
	source_close(&source);
	scratch_leave();
}

/* A dead server is one sample; then there is another one. */
TEST(next_server_begins_with_all)
{
	scratch_enter();
	recording_case_write(
	    file, RECORDING_CASE_SERVER - 2, RECORDING_CASE_SERVER + 2);
	open_replay();
	for (unsigned n = 0; n < 4; n++)
		expect_next(RECORDING_CASE_SERVER - 2 + n);
	expect_end("");
	source_close(&source);
	scratch_leave();
}

/* Later recorders append; the wall clock tells how long there was none. */
TEST(recordings_are_continued)
{
	scratch_enter();
	recording_case_write(file, 0, 3);
	recording_case_write(file, 100, 103);
	ck_assert_int_eq(system("cat a.rec a.rec >b.rec && mv b.rec a.rec"), 0);
	open_replay();
	ck_assert_uint_eq(replay_count(source), 12);
	for (unsigned n = 0; n < 12; n++) {
		expect_next(n / 3 % 2 * 100 + n % 3);
		if (n == 2)
			ck_assert_int_eq(source_gap_ns(source), 98 * SECOND);
		if (n == 5) /* it goes back in time */
			ck_assert_int_eq(source_gap_ns(source), 0);
	}
	expect_end("");
	source_close(&source);
	scratch_leave();
}

static const struct {
	int from, by_s, to;
} seeks[] = {
	{ 0, 1, 1 },
	{ 0, 0, 0 },
	{ 5, -1, 4 },
	{ 5, -100, 0 },
	{ 5, 305, 310 },
	{ 310, -11, 299 },
	{ 310, -10, 300 },
	{ 310, -9, 301 },
	{ 5, 1000000, 619 },
	{ 619, 1, 619 },
	{ 619, -619, 0 },
};

TEST_EACH(seeking_finds_the_nearest, seeks)
{
	int64_t by_ns = seeks[_i].by_s * SECOND;

	scratch_enter();
	recording_case_write(file, 0, 620);
	open_replay();
	source_seek(source, seeks[_i].from * SECOND);
	expect_next((unsigned)seeks[_i].from);
	source_seek(source, by_ns);
	expect_next((unsigned)seeks[_i].to);
	source_seek(source, by_ns > 0 ? INT64_MAX : INT64_MIN);
	expect_next(by_ns > 0 ? 619 : 0);
	replay_seek_wall(source, recording_case_wall_ns(400) + SECOND / 2);
	expect_next(400);
	if (seeks[_i].by_s == 0) {
		source_seek(source, 1); /* ns: the next one */
		expect_next(401);
		source_seek(source, -1);
		expect_next(400);
	}
	source_close(&source);
	scratch_leave();
}

enum {
	SAMPLES = 4
};

static off_t ends[SAMPLES]; /* of the file with so many samples */

static void
write_and_measure(void)
{
	for (unsigned n = 0; n < SAMPLES; n++) {
		recording_case_write(file, 0, n + 1);
		ends[n] = recording_case_size(file);
		ck_assert_int_eq(unlink(file), 0);
	}
	recording_case_write(file, 0, SAMPLES);
}

/* Cut at any byte, all before it can be read, and one line says so. */
TEST_WITH(truncated_anywhere_is_read_up_to_the_cut, .limit_s = 60)
{
	scratch_enter();
	write_and_measure();
	for (off_t size = ends[SAMPLES - 1]; size >= 0; size--) {
		unsigned whole = 0;

		ck_assert_int_eq(truncate(file, size), 0);
		while (whole < SAMPLES && ends[whole] <= size)
			whole++;
		if (whole == 0) {
			expect_refused(size < RECORD_HEADER
				? "not a recording of tlsecho-stat"
				: size == RECORD_HEADER ? "no sample"
							: "cut short");
			continue;
		}
		open_replay();
		ck_assert_uint_eq(replay_count(source), whole);
		for (unsigned n = 0; n < whole; n++)
			expect_next(n);
		expect_end(size == ends[whole - 1] ? "" : "cut short");
		ck_assert_ptr_null(strchr(e.text, '\n'));
		source_close(&source);
	}
	scratch_leave();
}

/* And it can be continued: what was torn is cut off. */
TEST_WITH(torn_anywhere_can_be_continued, .limit_s = 60)
{
	scratch_enter();
	write_and_measure();
	for (off_t size = ends[0]; size < ends[1]; size++) {
		ck_assert_int_eq(unlink(file), 0);
		recording_case_write(file, 0, 2);
		ck_assert_int_eq(truncate(file, size), 0);
		recording_case_write(file, 7, 8);
		open_replay();
		expect_next(0);
		expect_next(7);
		expect_end("");
		source_close(&source);
	}
	scratch_leave();
}

static void
overwrite(off_t at, const void *bytes, size_t n)
{
	int fd = open(file, O_WRONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, bytes, n, at), (ssize_t)n);
	ck_assert_int_eq(close(fd), 0);
}

/* A byte that was changed is found, wherever it is. */
TEST_WITH(damage_is_an_error, .limit_s = 60)
{
	static uint8_t bytes[1 << 16];
	struct sample *s;
	ssize_t n;
	int fd;

	scratch_enter();
	write_and_measure();
	fd = open(file, O_RDONLY);
	n = read(fd, bytes, sizeof bytes);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(n, ends[SAMPLES - 1]);
	for (off_t at = 0; at < n; at++) {
		enum source_event event;
		unsigned read = 0;

		bytes[at] ^= 0x10;
		overwrite(at, &bytes[at], 1);
		source = source_open_replay(file, &e);
		while (source != NULL &&
		    (event = source_next(source, &s, &e)) == SOURCE_SAMPLE) {
			read++;
			sample_free(&s);
		}
		source_close(&source);
		ck_assert_msg(e.text[0] != '\0', "byte %d", (int)at);
		ck_assert_ptr_null(strchr(e.text, '\n'));
		ck_assert_uint_lt(read, SAMPLES);
		bytes[at] ^= 0x10;
		overwrite(at, &bytes[at], 1);
	}
	scratch_leave();
}

static void
append(const struct record_buffer *b)
{
	int fd = open(file, O_WRONLY | O_APPEND);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, b->data, b->size), (ssize_t)b->size);
	ck_assert_int_eq(close(fd), 0);
}

/* A later release may write blocks of its own. */
TEST(unknown_blocks_are_passed_over)
{
	struct record_buffer b = { .data = NULL };
	struct record_buffer payload = { .data = NULL };

	scratch_enter();
	recording_case_write(file, 0, 2);
	for (int i = 0; i < 1000; i++)
		record_put(&payload, UINT64_MAX);
	record_put_block(&b, (enum record_type)200, &payload);
	record_put_block(&b, (enum record_type)3, &payload);
	append(&b);
	recording_case_write(file, 2, 3);
	open_replay();
	for (unsigned n = 0; n < 3; n++)
		expect_next(n);
	expect_end("");
	source_close(&source);
	record_buffer_free(&b);
	record_buffer_free(&payload);
	scratch_leave();
}

TEST(newer_version_is_refused)
{
	struct record_buffer b = { .data = NULL };

	scratch_enter();
	recording_case_write(file, 0, 2);
	record_put_header(&b);
	b.data[sizeof RECORD_MAGIC - 1]++;
	append(&b);
	open_replay();
	expect_next(0);
	expect_next(1);
	expect_end("newer version of recordings");
	source_close(&source);
	overwrite(0, b.data, b.size);
	expect_refused("newer version of recordings");
	record_buffer_free(&b);
	scratch_leave();
}

/* What claims to be large costs nothing. */
static const struct {
	uint8_t bytes[16];
	const char *words;
} hostile[] = {
	{ { 1, 0xff, 0xff, 0xff, 0xff }, "cut short or damaged" },
	{ { 1, 0, 0, 0, 4 }, "cut short or damaged" },
	{ { 1, 7, 0, 0, 0, 0, 0, 0, 0, 1, 5, 0, 0, 0 },
	    "cut short or damaged" },
	{ { 0 }, "cut short or damaged" },
	{ { 'T' }, "cut short or damaged" },
};

TEST_EACH(hostile_lengths_are_refused, hostile)
{
	struct record_buffer b = { .data = NULL };

	scratch_enter();
	record_put_header(&b);
	record_put_bytes(&b, hostile[_i].bytes, sizeof hostile[_i].bytes);
	scratch_write(file, "");
	append(&b);
	expect_refused(hostile[_i].words);
	record_buffer_free(&b);
	scratch_leave();
}

TEST(what_is_no_recording_is_refused)
{
	scratch_enter();
	expect_refused("No such file");
	scratch_write(file, "");
	expect_refused("not a recording of tlsecho-stat");
	scratch_write(file, "{\"name\":\"default\"}\n");
	expect_refused("not a recording of tlsecho-stat");
	ck_assert_int_eq(unlink(file), 0);
	ck_assert_int_eq(mkfifo(file, 0600), 0);
	expect_refused("not a regular file");
	ck_assert_int_eq(unlink(file), 0);
	ck_assert_int_eq(mkdir(file, 0700), 0);
	expect_refused("not a regular file");
	scratch_leave();
}

TEST(file_that_shrinks_is_an_error)
{
	struct sample *s;

	scratch_enter();
	recording_case_write(file, 0, 3);
	open_replay();
	expect_next(0);
	ck_assert_int_eq(truncate(file, RECORD_HEADER + 20), 0);
	ck_assert_int_eq(source_next(source, &s, &e), SOURCE_FAILED);
	ck_assert_ptr_nonnull(strstr(e.text, "cut short while it was read"));
	source_close(&source);
	scratch_leave();
}

SUITE("tools/record/replay")
