/* Tests of tools/record/writer: what it appends to, and what it refuses. */
#include "tools/record/writer.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/suite.h"
#include "tests/tools/record/recording_case.h"
#include "tools/record/replay.h"
#include "tools/sample/build.h"

static const char file[] = "a.rec";
static struct record_writer *w;
static struct errmsg e;

static void
open_writer(const char *path, unsigned conns)
{
	ck_assert_msg(
	    record_writer_open(&w, path, conns, &e) == 0, "%s", e.text);
}

static void
expect_refused(const char *path, const char *words)
{
	struct record_writer *refused;

	ck_assert_int_eq(record_writer_open(&refused, path, 100, &e), -1);
	ck_assert_ptr_null(refused);
	ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
	ck_assert_ptr_nonnull(strstr(e.text, path));
}

/* Encodes one; what record_writer_flush returns. */
static int
put(unsigned n)
{
	struct sample *s = recording_case_sample(n);
	int result;

	ck_assert_msg(record_writer_encode(w, s, &e) == 0, "%s", e.text);
	result = record_writer_flush(w, &e);
	sample_free(&s);
	return result;
}

TEST(new_file_is_for_owner_and_group)
{
	scratch_enter();
	(void)umask(0);
	open_writer(file, 100);
	ck_assert_uint_eq(scratch_mode(file), 0640);
	ck_assert(record_writer_is_file(w));
	record_writer_close(&w);
	scratch_leave();
}

TEST(what_it_cannot_continue_stays_as_it_is)
{
	scratch_enter();
	scratch_write(file, "a letter to my mother\n");
	expect_refused(file, "not a recording of tlsecho-stat");
	ck_assert_int_eq(recording_case_size(file), 22);
	scratch_write(file, "TLSechoR\2\1\1\1");
	expect_refused(file, "recorded by a newer tlsecho-stat");
	ck_assert_int_eq(recording_case_size(file), 12);
	expect_refused("no/such/file", "No such file");
	expect_refused("/", "Is a directory");
	scratch_leave();
}

TEST(one_recorder_at_a_time)
{
	scratch_enter();
	open_writer(file, 100);
	expect_refused(file, "another tlsecho-stat is recording to it");
	record_writer_close(&w);
	open_writer(file, 100);
	record_writer_close(&w);
	scratch_leave();
}

static void
flip(off_t at)
{
	int fd = open(file, O_RDWR);
	char byte;

	ck_assert_int_eq(pread(fd, &byte, 1, at), 1);
	byte ^= 1;
	ck_assert_int_eq(pwrite(fd, &byte, 1, at), 1);
	ck_assert_int_eq(close(fd), 0);
}

/* Only what was torn is cut off: what follows damage may be repaired. */
TEST(damage_in_the_middle_stays_as_it_is)
{
	off_t size;

	scratch_enter();
	recording_case_write(file, 0, 3);
	size = recording_case_size(file);
	flip(RECORD_HEADER + RECORD_BLOCK_HEADER + 20);
	expect_refused(file, "damaged at byte 12, with more behind it");
	ck_assert_int_eq(recording_case_size(file), size);
	flip(RECORD_HEADER + RECORD_BLOCK_HEADER + 20);
	flip(size - 1);
	open_writer(file, 100);
	ck_assert_uint_eq(record_writer_found(w, &size), 2);
	ck_assert_int_gt(size, 0);
	record_writer_close(&w);
	scratch_leave();
}

/* A limit on the size of a file stands in for a disk that is full. */
TEST(full_disk_leaves_whole_samples)
{
	struct rlimit limit = { .rlim_max = RLIM_INFINITY };
	struct source *source;
	off_t size;

	scratch_enter();
	open_writer(file, 100);
	ck_assert_int_eq(put(0), 0);
	ck_assert_int_eq(put(1), 0);
	size = recording_case_size(file);
	limit.rlim_cur = (rlim_t)size + 10;
	(void)signal(SIGXFSZ, SIG_IGN); /* as fd_open_standard does */
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(put(2), -1);
	ck_assert_msg(
	    strcmp(e.text, "a.rec: File too large") == 0, "%s", e.text);
	ck_assert_int_eq(recording_case_size(file), size);
	record_writer_close(&w);
	source = source_open_replay(file, &e);
	ck_assert_ptr_nonnull(source);
	ck_assert_uint_eq(replay_count(source), 2);
	source_close(&source);
	scratch_leave();
}

TEST(device_without_room_is_an_error)
{
	open_writer("/dev/full", 100);
	ck_assert(!record_writer_is_file(w));
	ck_assert_int_eq(put(0), -1);
	ck_assert_str_eq(e.text, "/dev/full: No space left on device");
	record_writer_close(&w);
}

/* Workers have the same share: 1 and 2 have three connections each. */
static const struct {
	unsigned max, slots[RECORDING_CASE_CONNS + 1];
} shares[] = {
	{ 0, { 0 } },
	{ 1, { 0 } },
	{ 2, { 1, 2 } },
	{ 5, { 1, 1, 2, 2 } },
	{ 6, { 1, 1, 1, 2, 2, 2 } },
	{ 100, { 1, 1, 1, 2, 2, 2 } },
};

TEST_EACH(connections_have_a_limit, shares)
{
	const struct sample_conn *conns;
	struct source *source;
	struct sample *s;
	size_t count, expected = 0;

	scratch_enter();
	open_writer(file, shares[_i].max);
	for (unsigned n = 0; n < 3; n++)
		ck_assert_int_eq(put(n), 0);
	record_writer_close(&w);
	source = source_open_replay(file, &e);
	source_seek(source, INT64_MAX);
	ck_assert_int_eq(source_next(source, &s, &e), SOURCE_SAMPLE);
	conns = sample_conns(s, &count);
	while (shares[_i].slots[expected] != 0)
		expected++;
	ck_assert_uint_eq(count, expected);
	for (size_t i = 0; i < count; i++)
		ck_assert_uint_eq(conns[i].slot, shares[_i].slots[i]);
	sample_free(&s);
	source_close(&source);
	scratch_leave();
}

TEST(dead_server_is_recorded_once)
{
	off_t size;

	scratch_enter();
	open_writer(file, 100);
	ck_assert_int_eq(put(RECORDING_CASE_SERVER - 2), 0);
	ck_assert_int_eq(put(RECORDING_CASE_SERVER - 1), 0);
	size = recording_case_size(file);
	ck_assert_int_eq(put(RECORDING_CASE_SERVER - 1), 0);
	ck_assert_int_eq(recording_case_size(file), size);
	ck_assert_int_eq(put(RECORDING_CASE_SERVER), 0);
	ck_assert_int_gt(recording_case_size(file), size);
	record_writer_close(&w);
	scratch_leave();
}

/* A sample in which nothing has happened takes few bytes. */
TEST(idle_sample_is_small)
{
	struct sample *s = recording_case_sample(5);
	off_t size;

	scratch_enter();
	open_writer(file, 100);
	ck_assert_int_eq(record_writer_encode(w, s, &e), 0);
	ck_assert_int_eq(record_writer_flush(w, &e), 0);
	size = recording_case_size(file);
	ck_assert_int_eq(record_writer_encode(w, s, &e), 0);
	ck_assert_int_eq(record_writer_flush(w, &e), 0);
	ck_assert_int_le(recording_case_size(file), size + 24);
	record_writer_close(&w);
	sample_free(&s);
	scratch_leave();
}

SUITE("tools/record/writer")
