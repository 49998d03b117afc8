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
	STATS_SEGMENT_FIELDS_MAX = 1024 /* that a viewer reads */
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
};

/* Size of this program's segment with slots slots, 1 to the maximum. */
size_t stats_segment_size(unsigned slots);

/* Fills in all but ready, pid, program and the times. */
void stats_segment_fill(struct stats_header *header, unsigned slots);

/*
 * 0 if everything lies inside file_size bytes, aligned, and can be printed;
 * else -1. The shape of histograms may be any: who reads them compares it.
 */
int stats_segment_check_header(
    const struct stats_header *header, uint64_t file_size, struct errmsg *e);

/*
 * The same for the fields of a header that passed, header->field_count of them.
 * Units and levels that this program does not know become COUNT and DETAIL.
 */
int stats_segment_check_fields(const struct stats_header *header,
    struct stats_field *fields, struct errmsg *e);

#endif
