/*
 * fuzz_recording: a recording with whatever the input makes it hold, replayed
 * and shown by all means, and sought in: `make fuzz ROLE=recording`.
 *
 * The input is a recording; the CRC of each block is set right, or nothing
 * would ever get past it.
 */
#include <string.h>

#include "common/base/assertion.h"
#include "tests/fuzz/input.h"
#include "tests/tools/fuzz/show.h"
#include "tests/tools/record/recording_case.h"
#include "tools/record/encode.h"
#include "tools/record/replay.h"

enum {
	SEED_SAMPLES = 4
};

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static char path[INPUT_PATH];
static int fd;

static void
put_sample(struct record_buffer *b, struct sample *now, struct sample *before)
{
	const struct record_basis basis = { .before = before, .conns = 100 };
	struct record_buffer payload = { .data = NULL };

	ASSERT(record_encode(&payload, now, &basis));
	record_put_block(
	    b, before == NULL ? RECORD_FULL : RECORD_CHANGES, &payload);
	record_buffer_free(&payload);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct record_buffer seed = { .data = NULL };
	struct sample *now, *before = NULL;

	record_put_header(&seed);
	for (unsigned i = 0; i < SEED_SAMPLES; i++) {
		now = recording_case_sample(i);
		put_sample(&seed, now, before);
		sample_free(&before);
		before = now;
	}
	put_sample(&seed, before, NULL);
	sample_free(&before);
	input_seed(*argc, *argv, "seed", seed.data, seed.size);
	record_buffer_free(&seed);
	fd = input_file("recording", path);
	return 0;
}

/* Copies a block with the right CRC; what is behind it. */
static size_t
copy_block(struct record_buffer *b, const uint8_t *bytes, size_t n)
{
	struct record_buffer payload = { .data = NULL };
	struct record_block block;

	record_get_block(bytes, &block);
	if (n - RECORD_BLOCK_HEADER < block.size) {
		record_put_bytes(b, bytes, n);
		return n;
	}
	record_put_bytes(&payload, bytes + RECORD_BLOCK_HEADER, block.size);
	record_put_block(b, (enum record_type)block.type, &payload);
	record_buffer_free(&payload);
	return RECORD_BLOCK_HEADER + block.size;
}

static void
write_recording(const uint8_t *bytes, size_t n)
{
	struct record_buffer b = { .data = NULL };
	size_t at = n < RECORD_HEADER ? n : RECORD_HEADER;

	record_put_header(&b);
	while (n - at >= RECORD_BLOCK_HEADER)
		at += copy_block(&b, bytes + at, n - at);
	record_put_bytes(&b, bytes + at, n - at);
	input_write(fd, b.data, b.size);
	record_buffer_free(&b);
}

static void
replay(struct source *source)
{
	struct sample *now, *before = NULL;
	struct errmsg e;

	while (source_next(source, &now, &e) == SOURCE_SAMPLE) {
		show_all(now, before);
		ASSERT(source_gap_ns(source) >= 0);
		sample_free(&before);
		before = now;
	}
	ASSERT(strchr(e.text, '\n') == NULL);
	sample_free(&before);
}

static void
seek_around(struct source *source, const uint8_t *bytes, size_t n)
{
	struct sample *s;
	struct errmsg e;
	int64_t by_ns = 0;

	for (size_t i = 0; i + 8 <= n && i < 64; i += 8) {
		memcpy(&by_ns, bytes + i, sizeof by_ns);
		source_seek(source, by_ns);
		(void)source_next(source, &s, &e);
		sample_free(&s);
		replay_seek_wall(source, by_ns);
		(void)source_next(source, &s, &e);
		sample_free(&s);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct source *source;
	struct errmsg e;

	write_recording(bytes, n);
	source = source_open_replay(path, &e);
	if (source == NULL) {
		ASSERT(strchr(e.text, '\n') == NULL);
		return 0;
	}
	replay(source);
	seek_around(source, bytes, n);
	source_close(&source);
	return 0;
}
