/* test_reader: reading, and what must not crash a reader. */
#include "common/stats/reader.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/demo_segment.h"
#include "tests/support/shm_case.h"
#include "tests/support/suite.h"

static struct shm_case c;
static struct stats_field fields[STATS_FIELDS];

static unsigned
index_of(const char *name)
{
	stats_describe(fields);
	for (unsigned i = 0; i < STATS_FIELDS; i++)
		if (strcmp(fields[i].name, name) == 0)
			return i;
	ck_abort_msg("no field %s", name);
}

/* Everything that a viewer reads, so that a bad description shows. */
static uint64_t
read_everything(const struct stats_shm *shm)
{
	const struct stats_header *h = stats_shm_header(shm);
	static struct hist merged;
	uint64_t sum = 0;

	for (unsigned slot = 0; slot < h->slot_count; slot++) {
		sum += stats_shm_state(shm, slot);
		sum += (uint64_t)stats_shm_pid(shm, slot);
		sum += (uint64_t)stats_shm_turn_ns(shm, slot, INT64_MAX);
		for (unsigned i = 0; i < h->field_count; i++) {
			const struct stats_field *f = stats_shm_field(shm, i);

			sum += stats_shm_value(shm, slot, i);
			sum += strlen(f->name) + strlen(f->help);
			if (f->kind == STATS_KIND_HIST)
				(void)stats_shm_merge_hist(
				    shm, slot, i, &merged);
		}
	}
	return sum;
}

TEST(values_are_those_of_the_server)
{
	static struct hist merged;
	struct demo_segment demo;
	struct stats_shm *shm;

	shm_case_init(&c, "values");
	demo_segment_start_named(&demo, c.name, 3);
	shm = shm_case_attach(&c);
	demo_segment_add(&demo, 1, STATS_ACCEPTED, 7);
	demo_segment_add(&demo, 1, STATS_ENDED, 2);
	demo_segment_add(&demo, 2, STATS_ENDED, 1); /* clamped */
	demo_segment_hist(&demo, 2, STATS_ECHO_TIME, 1000, 4);
	demo_segment_state(&demo, 1, STATS_SLOT_READY, 4711);
	demo_segment_state(&demo, 2, (enum stats_state)99, 1);

	ck_assert_uint_eq(stats_shm_value(shm, 1, index_of("accepted")), 7);
	ck_assert_uint_eq(stats_shm_value(shm, 1, index_of("open")), 5);
	ck_assert_uint_eq(stats_shm_value(shm, 2, index_of("open")), 0);
	ck_assert_uint_eq(stats_shm_value(shm, 2, index_of("echo_time")), 4);
	ck_assert_int_eq(
	    stats_shm_merge_hist(shm, 2, index_of("echo_time"), &merged), 0);
	ck_assert_uint_eq(hist_count(&merged), 4);
	ck_assert_uint_eq(hist_max(&merged), 1000);
	ck_assert_uint_eq(stats_shm_state(shm, 1), STATS_SLOT_READY);
	ck_assert_uint_eq(stats_shm_state(shm, 2), STATS_SLOT_EMPTY);
	ck_assert_int_eq(stats_shm_pid(shm, 1), 4711);
	ck_assert_int_eq(stats_shm_owner(shm), demo.pid);
	ck_assert_str_eq(stats_shm_header(shm)->program, "demo 1.0");
	stats_shm_close(&shm);
	demo_segment_stop(&demo);
}

TEST(workers_age_and_turns_are_those_of_its_slot)
{
	struct stats_slot *slot;
	struct stats_shm *shm;

	shm_case_init(&c, "turns");
	shm = shm_case_create(&c);
	slot = stats_shm_slot(shm, 1);
	ck_assert_int_eq(stats_shm_turn_ns(shm, 1, 1000), 0);
	slot->started_ns = 17;
	slot->load = UINT64_C(3) << 32 | 4;
	slot->shards[STATS_SHARD_HANDSHAKE].busy_since_ns = 700;
	slot->shards[STATS_SHARD_ECHO].busy_since_ns = 400;
	ck_assert_int_eq(stats_shm_started_ns(shm, 1), 17);
	ck_assert_uint_eq(stats_shm_load(shm, 1), 7);
	ck_assert_int_eq(stats_shm_turn_ns(shm, 1, 1000), 600);
	ck_assert_int_eq(stats_shm_turn_ns(shm, 1, 399), 0);
	slot->shards[STATS_SHARD_ECHO].busy_since_ns = INT64_MIN;
	ck_assert_int_eq(stats_shm_turn_ns(shm, 1, 1000), 300);
	stats_shm_close(&shm);
}

enum {
	CONNECTIONS = 2000000
};

static _Noreturn void
open_and_close(struct stats_shm *shm)
{
	struct stats_slot *slot = stats_shm_slot(shm, 1);

	stats_shm_disown(shm);
	for (int i = 0; i < CONNECTIONS; i++) {
		stats_add(&slot->shards[0], STATS_ACCEPTED, 1);
		stats_add(&slot->shards[1], STATS_ENDED, 1);
	}
	_exit(0);
}

/* While another process counts, totals only grow, and open is 0 or more. */
TEST(reader_keeps_up_with_a_writer)
{
	unsigned accepted = index_of("accepted");
	unsigned open_now = index_of("open");
	struct stats_shm *shm;
	uint64_t before = 0;
	uint64_t now = 0;
	pid_t pid;

	shm_case_init(&c, "writer");
	shm = shm_case_create(&c);
	pid = fork();
	if (pid == 0)
		open_and_close(shm);
	while (now < CONNECTIONS) {
		now = stats_shm_value(shm, 1, accepted);
		ck_assert_uint_ge(now, before);
		before = now;
		ck_assert_uint_le(
		    stats_shm_value(shm, 1, open_now), CONNECTIONS);
	}
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_uint_eq(stats_shm_value(shm, 1, open_now), 0);
	stats_shm_close(&shm);
}

TEST(missing_segment_lists_the_others)
{
	struct demo_segment demo;
	char words[STATS_SHM_NAME + 32];

	shm_case_init(&c, "missing");
	/* First in the list, which is cut when others left many behind. */
	(void)snprintf(words, sizeof words, "0-present-%d", (int)getpid());
	demo_segment_start_named(&demo, words, 1);
	(void)snprintf(words, sizeof words, "no segment '%s'", c.name);
	shm_case_attach_fails(&c, words);
	shm_case_attach_fails(&c, "There are: ");
	shm_case_attach_fails(&c, demo.name);
	demo_segment_stop(&demo);
}

/* The bytes of a good segment with two slots, and the file to spoil. */
static uint8_t *image;
static size_t size;
static int fd;

/* Puts bytes in the segment's place. */
static void
place(const uint8_t *bytes, size_t count)
{
	fd = open(c.path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, count), (ssize_t)count);
}

static void
begin_with_image(const char *name)
{
	struct stats_shm *shm;
	FILE *file;

	shm_case_init(&c, name);
	size = stats_segment_size(2);
	image = malloc(size);
	ck_assert_ptr_nonnull(image);
	c.options.slots = 2;
	shm = shm_case_create(&c);
	stats_add(&stats_shm_slot(shm, 1)->shards[0], STATS_ACCEPTED, 7);
	file = fopen(c.path, "re");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fread(image, 1, size, file), size);
	(void)fclose(file);
	stats_shm_close(&shm);
	place(image, size);
}

static void
end_with_image(void)
{
	demo_segment_remove(c.name);
	free(image);
	(void)close(fd);
}

static bool
attach_and_read(void)
{
	struct stats_shm *shm;
	struct errmsg e;

	if (stats_shm_attach(&shm, c.name, &e) < 0) {
		ck_assert_ptr_null(strchr(e.text, '\n'));
		return false;
	}
	(void)read_everything(shm);
	stats_shm_close(&shm);
	return true;
}

TEST_WITH(no_flipped_bit_crashes_the_reader, .limit_s = 30)
{
	size_t described;
	int refused = 0;

	begin_with_image("flip");
	described = size - 2 * sizeof(struct stats_slot);
	ck_assert(attach_and_read());
	for (size_t i = 0; i < 8 * described; i += i < 1200 ? 1 : 5) {
		uint8_t bad = image[i / 8] ^ (uint8_t)(1U << i % 8);
		off_t at = (off_t)(i / 8);

		ck_assert_int_eq(pwrite(fd, &bad, 1, at), 1);
		refused += !attach_and_read();
		ck_assert_int_eq(pwrite(fd, &image[i / 8], 1, at), 1);
	}
	ck_assert_int_gt(refused, 1000);
	ck_assert(attach_and_read());
	end_with_image();
}

/* All of the header and of two fields, one word after another. */
TEST_WITH(no_extreme_word_crashes_the_reader, .limit_s = 30)
{
	static const uint32_t words[] = { 0, 1, 7, 8, 64, 1024, 0x7fffffff,
		0x80000000, 0xfffffff8, 0xffffffff };

	begin_with_image("word");
	for (off_t at = 16; at < 128 + 144 * STATS_FIELDS; at += 4) {
		for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
			ck_assert_int_eq(pwrite(fd, &words[w], 4, at), 4);
			(void)attach_and_read();
		}
		ck_assert_int_eq(pwrite(fd, &image[at], 4, at), 4);
	}
	ck_assert(attach_and_read());
	end_with_image();
}

/* Many at once, so that one bad word hides behind another. */
TEST(no_random_header_crashes_the_reader)
{
	begin_with_image("random");
	srandom(20260131);
	for (int round = 0; round < 5000; round++) {
		uint32_t bad[15];

		memcpy(bad, image + 24, sizeof bad);
		for (int n = 0; n < 3; n++)
			bad[random() % 11] =
			    (uint32_t)random() >> (random() % 32);
		ck_assert_int_eq(pwrite(fd, bad, sizeof bad, 24), sizeof bad);
		(void)attach_and_read();
	}
	end_with_image();
}

TEST(cut_short_segments_are_refused)
{
	static const size_t sizes[] = { 0, 1, 11, 16, 119, 120, 127, 128, 4095,
		4096, 4097, 8192, 100000 };

	begin_with_image("cut");
	ck_assert_int_eq(ftruncate(fd, (off_t)size - 1), 0);
	shm_case_attach_fails(&c, "damaged: it has ");
	ck_assert_int_eq(ftruncate(fd, (off_t)size + 1), 0);
	shm_case_attach_fails(&c, "damaged: it has ");
	for (size_t i = sizeof sizes / sizeof *sizes; i-- > 0;) {
		ck_assert_int_eq(ftruncate(fd, (off_t)sizes[i]), 0);
		shm_case_attach_fails(&c,
		    sizes[i] < sizeof(struct stats_header) ? "never finished"
							   : "damaged");
	}
	end_with_image();
}

TEST(other_version_is_named)
{
	struct stats_header h;

	begin_with_image("version");
	memcpy(&h, image, sizeof h);
	h.version = STATS_SEGMENT_VERSION + 1;
	ck_assert_int_eq(pwrite(fd, &h, sizeof h, 0), sizeof h);
	shm_case_attach_fails(&c,
	    "layout version 2, and this program reads 1: use the "
	    "server's own release");
	end_with_image();
}

TEST(unfinished_segments_are_told_apart)
{
	static const uint8_t zeros[8192];
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int ready[2];
	pid_t pid;
	char byte;

	shm_case_init(&c, "unfinished");
	place(zeros, sizeof zeros);
	shm_case_attach_fails(&c, "was never finished and its server is gone");
	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	if (pid == 0) { /* a server between its lock and its ready mark */
		if (fcntl(fd, F_SETLK, &lock) < 0 ||
		    write(ready[1], "", 1) != 1)
			_exit(1);
		(void)pause();
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	shm_case_attach_fails(&c, "is just being set up by pid ");
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	demo_segment_remove(c.name);
	(void)close(fd);
}

TEST(other_things_are_not_segments)
{
	static const uint8_t noise[8192] = { [12] = 1 };

	shm_case_init(&c, "thing");
	ck_assert_int_eq(mkfifo(c.path, 0600), 0);
	shm_case_attach_fails(&c, "is not a segment");
	ck_assert_int_eq(unlink(c.path), 0);
	ck_assert_int_eq(mkdir(c.path, 0700), 0);
	shm_case_attach_fails(&c, "is not a segment");
	shm_case_create_fails(&c, "Invalid argument");
	ck_assert_int_eq(rmdir(c.path), 0);
	ck_assert_int_eq(symlink("/etc/passwd", c.path), 0);
	shm_case_attach_fails(&c, "Too many levels of symbolic links");
	shm_case_create_fails(&c, "Too many levels of symbolic links");
	ck_assert_int_eq(unlink(c.path), 0);
	place(noise, sizeof noise);
	shm_case_attach_fails(&c, "not made by tlsecho");
	demo_segment_remove(c.name);
	(void)close(fd);
}

SUITE("common/stats/reader")
