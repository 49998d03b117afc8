/* segment: sizes, offsets and text of a segment; see the header. */
#include "common/stats/segment.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/stats/answer.h"
#include "common/stats/row.h"
#include "common/stats/stats.h"

enum {
	SHARDS_MAX = 16,
	HIST_WORDS = 3 /* of a histogram, before its buckets */
};

_Static_assert(offsetof(struct stats_header, more_offset) == 120,
    "the header of releases that have no more ends here");

static uint64_t
round_up(uint64_t n)
{
	return (n + STATS_CACHE_LINE - 1) / STATS_CACHE_LINE * STATS_CACHE_LINE;
}

static uint64_t
field_offset(void)
{
	return round_up(sizeof(struct stats_header));
}

static uint64_t
slot_offset(void)
{
	return round_up(
	    field_offset() + STATS_FIELDS * sizeof(struct stats_field));
}

size_t
stats_segment_size(unsigned slots)
{
	ASSERT(slots >= 1 && slots <= STATS_SEGMENT_SLOTS_MAX);
	return slot_offset() + slots * sizeof(struct stats_slot);
}

void
stats_segment_fill(struct stats_header *h, unsigned slots)
{
	h->magic = STATS_SEGMENT_MAGIC;
	h->version = STATS_SEGMENT_VERSION;
	h->size = stats_segment_size(slots);
	h->field_count = STATS_FIELDS;
	h->field_size = sizeof(struct stats_field);
	h->field_offset = (uint32_t)field_offset();
	h->slot_count = slots;
	h->slot_size = sizeof(struct stats_slot);
	h->slot_offset = (uint32_t)slot_offset();
	h->shard_count = STATS_SHARDS;
	h->shard_size = sizeof(struct stats_shard);
	h->shard_offset = offsetof(struct stats_slot, shards);
	h->hist_buckets = HIST_BUCKETS;
	h->hist_sub_bits = HIST_SUB_BITS;
	h->more_offset = h->more_size = 0;
}

/* One after the other: the segment grows by it. */
static void
add_section(struct stats_header *h, struct stats_section *section,
    size_t entry_size, unsigned per_slot)
{
	if (per_slot == 0)
		return;
	*section = (struct stats_section){ .offset = h->size,
		.count = (h->slot_count - 1) * per_slot,
		.size = (uint32_t)entry_size,
		.per_slot = per_slot };
	h->size += section->count * (uint64_t)section->size;
}

static void
add_more(struct stats_header *h)
{
	h->more_offset = (uint32_t)h->size;
	h->more_size = sizeof(struct stats_more);
	h->size += round_up(sizeof(struct stats_more));
}

void
stats_segment_fill_answers(
    struct stats_header *h, struct stats_more *more, bool wanted)
{
	if (!wanted)
		return;
	if (h->more_offset == 0)
		add_more(h);
	more->answers = (struct stats_section){ .offset = h->size,
		.count = 1,
		.size = sizeof(struct stats_answers) };
	h->size += sizeof(struct stats_answers);
}

void
stats_segment_fill_more(struct stats_header *h, struct stats_more *more,
    unsigned rows, unsigned offenders)
{
	*more = (struct stats_more){ .rows = { .offset = 0 } };
	if (h->slot_count == 1 || (rows == 0 && offenders == 0))
		return;
	add_more(h);
	add_section(h, &more->rows, sizeof(struct stats_row), rows);
	add_section(
	    h, &more->offenders, sizeof(struct stats_offender), offenders);
	ASSERT(more->rows.count <= STATS_SEGMENT_ROWS_MAX &&
	    more->offenders.count <= STATS_SEGMENT_OFFENDERS_MAX);
}

/* All come from uint32_t, so neither product nor sum can overflow. */
static bool
fits(uint64_t offset, uint64_t count, uint64_t size, uint64_t limit)
{
	return offset + count * size <= limit;
}

/* A word of 8 bytes must be aligned to be read in a single load. */
static bool
is_aligned(uint32_t n, size_t to)
{
	return n % to == 0;
}

static int
check_count(uint32_t count, uint32_t max, const char *what, struct errmsg *e)
{
	if (count >= 1 && count <= max)
		return 0;
	return errmsg_set(e,
	    "damaged: %" PRIu32 " %s, not between 1 and %" PRIu32, count, what,
	    max);
}

static int
check_slots(const struct stats_header *h, uint64_t file_size, struct errmsg *e)
{
	if (check_count(h->slot_count, STATS_SEGMENT_SLOTS_MAX, "slots", e) <
		0 ||
	    check_count(h->shard_count, SHARDS_MAX, "shards", e) < 0)
		return -1;
	if (!is_aligned(h->slot_offset | h->slot_size, STATS_CACHE_LINE) ||
	    !is_aligned(h->shard_offset | h->shard_size, sizeof(uint64_t)))
		return errmsg_set(e, "damaged: slots are not aligned");
	if (h->slot_size < offsetof(struct stats_slot, shards) ||
	    !fits(h->shard_offset, h->shard_count, h->shard_size, h->slot_size))
		return errmsg_set(e, "damaged: shards do not fit in a slot");
	if (!fits(h->slot_offset, h->slot_count, h->slot_size, file_size))
		return errmsg_set(e, "damaged: slots do not fit in it");
	return 0;
}

/* Ends within size bytes, is not empty, and has nothing but ASCII text. */
static bool
is_text(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < ' ' || c > '~')
			return false;
	}
	return length > 0 && length < size;
}

/* Not so far away that a difference of two such times overflows. */
static bool
is_time(int64_t ns)
{
	return ns >= 0 && ns <= INT64_MAX / 2;
}

static bool
is_field_name(const char *name)
{
	for (; *name != '\0'; name++)
		if (!islower((unsigned char)*name) &&
		    !isdigit((unsigned char)*name) && *name != '_')
			return false;
	return true;
}

int
stats_segment_check_header(
    const struct stats_header *h, uint64_t file_size, struct errmsg *e)
{
	if (h->magic != STATS_SEGMENT_MAGIC)
		return errmsg_set(e, "not made by tlsecho");
	if (h->version != STATS_SEGMENT_VERSION)
		return errmsg_set(e,
		    "layout version %" PRIu32
		    ", and this program reads %d: use the server's own release",
		    h->version, STATS_SEGMENT_VERSION);
	if (h->size != file_size)
		return errmsg_set(e,
		    "damaged: it has %" PRIu64 " of %" PRIu64 " bytes",
		    file_size, h->size);
	if (h->pid <= 0 || !is_text(h->program, sizeof h->program))
		return errmsg_set(e, "damaged: it does not say whose it is");
	if (!is_time(h->start_ns) || !is_time(h->start_wall_ns))
		return errmsg_set(
		    e, "damaged: it does not say when its server started");
	if (check_count(h->field_count, STATS_SEGMENT_FIELDS_MAX, "fields", e) <
	    0)
		return -1;
	if (h->field_size < sizeof(struct stats_field) ||
	    !fits(h->field_offset, h->field_count, h->field_size, file_size))
		return errmsg_set(e, "damaged: fields do not fit in it");
	if (!is_aligned(h->more_offset, sizeof(uint64_t)) ||
	    !fits(h->more_offset, 1, h->more_size, file_size))
		return errmsg_set(e, "damaged: sections are not in it");
	return check_slots(h, file_size, e);
}

/* Its offset is of 64 bits: nothing that is added to it may overflow. */
static bool
section_fits(const struct stats_header *h, const struct stats_section *s,
    size_t entry_size)
{
	return s->size >= entry_size && s->size % STATS_CACHE_LINE == 0 &&
	    s->offset % STATS_CACHE_LINE == 0 && s->offset <= h->size &&
	    fits(0, s->count, s->size, h->size - s->offset);
}

static int
check_section(const struct stats_header *h, const struct stats_section *s,
    size_t entry_size, uint32_t max, const char *what, struct errmsg *e)
{
	if (s->count == 0)
		return 0;
	if (check_count(s->count, max, what, e) < 0)
		return -1;
	if (s->per_slot == 0 ||
	    (s->count - 1) / s->per_slot + 1 >= h->slot_count)
		return errmsg_set(e, "damaged: %s of no slot", what);
	if (!section_fits(h, s, entry_size))
		return errmsg_set(e, "damaged: %s do not fit in it", what);
	return 0;
}

static int
check_answers(const struct stats_header *h, const struct stats_section *s,
    struct errmsg *e)
{
	if (s->count > 1)
		return errmsg_set(
		    e, "damaged: more than one section of answers");
	if (s->count == 1 && !section_fits(h, s, sizeof(struct stats_answers)))
		return errmsg_set(e, "damaged: answers do not fit in it");
	return 0;
}

int
stats_segment_check_more(const struct stats_header *h,
    const struct stats_more *more, struct errmsg *e)
{
	if (check_section(h, &more->rows, sizeof(struct stats_row),
		STATS_SEGMENT_ROWS_MAX, "rows", e) < 0)
		return -1;
	if (check_section(h, &more->offenders, sizeof(struct stats_offender),
		STATS_SEGMENT_OFFENDERS_MAX, "offenders", e) < 0)
		return -1;
	return check_answers(h, &more->answers, e);
}

static bool
is_total(const struct stats_header *h, const struct stats_field *fields,
    uint32_t index)
{
	return index < h->field_count && fields[index].kind == STATS_KIND_TOTAL;
}

/* Does what the field points to lie in the shard, or among the totals? */
static int
check_place(const struct stats_header *h, const struct stats_field *fields,
    const struct stats_field *f, struct errmsg *e)
{
	uint64_t words = 1;

	switch (f->kind) {
	case STATS_KIND_DIFFERENCE:
		if (!is_total(h, fields, f->plus) ||
		    !is_total(h, fields, f->minus))
			return errmsg_set(e,
			    "damaged: %s is not a difference of totals",
			    f->name);
		return 0;
	case STATS_KIND_HIST:
		words = HIST_WORDS + (uint64_t)h->hist_buckets;
		break;
	case STATS_KIND_TOTAL:
	case STATS_KIND_GAUGE:
		break;
	default:
		return errmsg_set(
		    e, "%s: of a kind that is not known here", f->name);
	}
	if (!is_aligned(f->offset, sizeof(uint64_t)) ||
	    !fits(f->offset, words, sizeof(uint64_t), h->shard_size))
		return errmsg_set(
		    e, "damaged: %s does not fit in a shard", f->name);
	return 0;
}

int
stats_segment_check_fields(
    const struct stats_header *h, struct stats_field *fields, struct errmsg *e)
{
	ASSERT(h->field_count <= STATS_SEGMENT_FIELDS_MAX);
	for (uint32_t i = 0; i < h->field_count; i++) {
		struct stats_field *f = &fields[i];

		if (!is_text(f->name, sizeof f->name) ||
		    !is_text(f->help, sizeof f->help) ||
		    !is_field_name(f->name))
			return errmsg_set(e,
			    "damaged: field %" PRIu32 " has no proper name", i);
		if (check_place(h, fields, f, e) < 0)
			return -1;
		if (f->unit > STATS_UNIT_DATE)
			f->unit = STATS_UNIT_COUNT;
		if (f->level > STATS_LEVEL_DETAIL)
			f->level = STATS_LEVEL_DETAIL;
	}
	return 0;
}
