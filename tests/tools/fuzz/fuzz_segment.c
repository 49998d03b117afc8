/*
 * fuzz_segment: a segment with whatever the input makes it hold, attached and
 * shown by all means: `make fuzz ROLE=segment`.
 *
 * The input is the beginning of the segment; what is behind it, up to the size
 * in the header, is 0. Where that would make it no segment at once, magic,
 * version, mark and size are set right.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"
#include "common/stats/reader.h"
#include "tests/fuzz/input.h"
#include "tests/tools/fuzz/show.h"
#include "tools/sample/take.h"

enum {
	SEGMENT_MAX = 1 << 18,
	SLOTS = 3
};

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static uint8_t segment[SEGMENT_MAX];
static char name[STATS_SHM_NAME];
static int fd;

static void
remove_segment(void)
{
	char path[128];

	(void)snprintf(path, sizeof path, "/dev/shm/tlsecho.%s", name);
	(void)unlink(path);
}

static void
create_segment(void)
{
	char path[128];

	(void)snprintf(path, sizeof path, "/tlsecho.%s", name);
	fd = shm_open(path, O_RDWR | O_CREAT, 0600);
	ASSERT(fd >= 0);
}

/* A segment of few fields, so that slots, rows and offenders are near. */
struct seed {
	struct stats_header header;
	struct stats_more more;
	struct stats_field fields[4];
	_Alignas(STATS_CACHE_LINE) struct stats_row rows[2];
	struct stats_offender offenders[2];
	_Alignas(STATS_CACHE_LINE) struct {
		uint8_t head[STATS_CACHE_LINE * 2];
		uint64_t shard[2];
		struct hist hist;
		_Alignas(STATS_CACHE_LINE) uint8_t end[STATS_CACHE_LINE];
	} slots[SLOTS];
};

static struct seed seed = {
	.header = { .magic = STATS_SEGMENT_MAGIC,
	    .version = STATS_SEGMENT_VERSION,
	    .ready = 1,
	    .size = sizeof seed,
	    .field_count = 4,
	    .field_size = sizeof(struct stats_field),
	    .field_offset = offsetof(struct seed, fields),
	    .slot_count = SLOTS,
	    .slot_size = sizeof *seed.slots,
	    .slot_offset = offsetof(struct seed, slots),
	    .shard_count = 1,
	    .shard_size = 16 + sizeof(struct hist),
	    .shard_offset = sizeof seed.slots->head,
	    .hist_buckets = HIST_BUCKETS,
	    .hist_sub_bits = HIST_SUB_BITS,
	    .pid = 1,
	    .start_ns = 1,
	    .start_wall_ns = 1,
	    .program = "demo 1.0",
	    .more_offset = offsetof(struct seed, more),
	    .more_size = sizeof(struct stats_more) },
	.more = { .rows = { offsetof(struct seed, rows), 2,
		      sizeof(struct stats_row), 1, 0 },
	    .offenders = { offsetof(struct seed, offenders), 2,
		sizeof(struct stats_offender), 1, 0 } },
	.fields = { { .name = "accepted", .help = "a", .offset = 0 },
	    { .name = "ended", .help = "b", .offset = 8 },
	    { .name = "open",
		.help = "c",
		.kind = STATS_KIND_DIFFERENCE,
		.plus = 0,
		.minus = 1 },
	    { .name = "time",
		.help = "d",
		.kind = STATS_KIND_HIST,
		.unit = STATS_UNIT_NS,
		.offset = 16 } },
	.rows = { { .state = STATS_ROW_OPEN, .id = 1, .name = "CN=a" } },
	.offenders = { { .sequence = 2, .wall_ns = 1, .cause = "expired" } },
	.slots = { [1] = { .shard = { 7, 5 },
		       .hist = { .count = 1, .sum = 5, .max = 5 } } },
};

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)snprintf(name, sizeof name, "fuzz-%d", (int)getpid());
	create_segment();
	input_seed(*argc, *argv, "seed", &seed, sizeof seed);
	(void)atexit(remove_segment);
	return 0;
}

/* Puts the input there; how long the segment is. */
static size_t
lay_out(const uint8_t *bytes, size_t n)
{
	struct stats_header *h = (struct stats_header *)(void *)segment;

	n = n < sizeof segment ? n : sizeof segment;
	memset(segment, 0, sizeof segment);
	memcpy(segment, bytes, n);
	n = n < sizeof *h ? sizeof *h : n;
	h->magic = STATS_SEGMENT_MAGIC;
	h->version = STATS_SEGMENT_VERSION;
	h->ready = 1;
	if (h->size < n || h->size > sizeof segment)
		h->size = n;
	return (size_t)h->size;
}

/* Two samples, the second one with other numbers everywhere. */
static void
take_and_show(const struct stats_shm *shm, size_t size)
{
	struct errmsg e;
	struct sample *now,
	    *before = sample_take(shm, CLOCK_NS_PER_S, clock_wall_ns(), &e);

	ASSERT(before != NULL);
	show_all(before, NULL);
	for (size_t i = sizeof(struct stats_header); i < size; i += 8)
		segment[i]++;
	ASSERT(pwrite(fd, segment, size, 0) == (ssize_t)size);
	now = sample_take(shm, 2 * CLOCK_NS_PER_S, clock_wall_ns(), &e);
	ASSERT(now != NULL);
	show_all(now, before);
	sample_free(&before);
	sample_free(&now);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct stats_shm *shm;
	struct errmsg e;
	size_t size = lay_out(bytes, n);

	input_write(fd, segment, size);
	if (stats_shm_attach(&shm, name, &e) == 0)
		take_and_show(shm, size);
	else
		ASSERT(strchr(e.text, '\n') == NULL);
	stats_shm_close(&shm);
	return 0;
}
