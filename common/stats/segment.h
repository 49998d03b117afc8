/*
 * segment: the layout of a statistics segment: how to compute it and how to
 * verify it.
 *
 * In this order (sizes and offsets are in the header, so that a viewer of one
 * release reads the server of another):
 *
 *	stats_header	who, which version, counts and sizes of what follows
 *	stats_field[]	one for each counter and histogram: name, kind, help
 *	stats_slot[]	slot 0 is the master's, slot 1 + i is worker i's
 *	stats_more	where further sections are, if there are any:
 *	stats_row[]	connections, so many for each worker (stats/row.h)
 *	stats_offender[]	handshakes that failed, the same
 *	stats_answers	what came of the last reload (stats/answer.h)
 *
 * Releases that do not know stats_more find all that they know where it was.
 *
 * A viewer trusts nothing that it reads: the segment may be of another release,
 * cut short, or made by somebody who wants the viewer to crash. So header and
 * fields are copied out first, the copies are checked here, and only they are
 * used afterwards. Whatever passes these checks can be read without leaving the
 * segment, be misaligned, or put control bytes on a terminal.
 *
 * Owns:	nothing.
 * Errors:	-1 and a message that can follow "segment 'default': ".
 * Use:
 *	if (stats_segment_check_header(&copy, file_size, &e) < 0) ...
 */
#ifndef COMMON_STATS_SEGMENT_H
#define COMMON_STATS_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/stats/field.h"

#define STATS_SEGMENT_MAGIC UINT64_C(0x6f6863656c735431) /* "1Tslecho" */

enum {
	/* Changes when header, field, slot or shard layouts change. */
	STATS_SEGMENT_VERSION = 1,
	STATS_SEGMENT_PROGRAM = 32,
	STATS_SEGMENT_SLOTS_MAX = 1024,
	STATS_SEGMENT_FIELDS_MAX = 1024, /* that a viewer reads */
	STATS_SEGMENT_ROWS_MAX = 1 << 24,
	STATS_SEGMENT_OFFENDERS_MAX = 4096
};

struct stats_header {
	uint64_t magic;
	uint32_t version;
	/* 1 when complete; stored last, with release. Load it before all else,
	 * with acquire: the checks below do not look at it. */
	_Atomic uint32_t ready;
	uint64_t size; /* of the whole segment */
	uint32_t field_count, field_size, field_offset;
	uint32_t slot_count, slot_size, slot_offset;
	uint32_t shard_count, shard_size, shard_offset; /* in the slot */
	uint32_t hist_buckets, hist_sub_bits;
	int32_t pid;                         /* of the master */
	int64_t start_wall_ns;               /* since 1970 */
	int64_t start_ns;                    /* CLOCK_MONOTONIC */
	char program[STATS_SEGMENT_PROGRAM]; /* "tlsecho-server 0.1.0" */
	/* Both 0: there is none. More than sizeof(struct stats_more): it is of
	 * a later release, and what is known of it comes first. */
	uint32_t more_offset, more_size;
};

/* Entry i is of slot 1 + i / per_slot. All 0: there are none. */
struct stats_section {
	uint64_t offset;
	uint32_t count, size; /* size: of an entry */
	uint32_t per_slot, reserved;
};

struct stats_more {
	struct stats_section rows, offenders;
	struct stats_section answers; /* one, of no slot */
};

/* Size of this program's segment with slots slots, 1 to the maximum. */
size_t stats_segment_size(unsigned slots);

/* Fills in all but ready, pid, program and the times. */
void stats_segment_fill(struct stats_header *header, unsigned slots);
/*
 * Then adds, for each slot but the first, so many rows and offenders; of both
 * together at most the maxima above. header->size is what it takes then.
 */
void stats_segment_fill_more(struct stats_header *header,
    struct stats_more *more, unsigned rows, unsigned offenders);
/* Then adds answers, if wanted: whether there are rows or not. */
void stats_segment_fill_answers(
    struct stats_header *header, struct stats_more *more, bool wanted);

/*
 * 0 if everything lies inside file_size bytes, aligned, and can be printed;
 * else -1. The shape of histograms may be any: who reads them compares it.
 */
int stats_segment_check_header(
    const struct stats_header *header, uint64_t file_size, struct errmsg *e);

/*
 * The same for header->field_count fields of a header that passed. Units and
 * levels that this program does not know are replaced by the plainest: COUNT
 * and DETAIL.
 */
int stats_segment_check_fields(const struct stats_header *header,
    struct stats_field *fields, struct errmsg *e);

/*
 * The same for the sections, of a header that passed. Copy header->more_size
 * bytes of them, or sizeof *more if that is less; the rest is 0.
 */
int stats_segment_check_more(const struct stats_header *header,
    const struct stats_more *more, struct errmsg *e);

#endif
