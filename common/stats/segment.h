/*
 * segment: where things lie in a segment: laid out, and verified.
 *
 * A viewer trusts nothing that it reads: the segment may be of another release,
 * cut short, or made by somebody who wants the viewer to crash. So header and
 * fields are copied out first, the copies are checked here, and only they are
 * used afterwards. Whatever passes these checks can be read without leaving the
 * segment, be misaligned, or put control bytes on a terminal.
 *
 * Owns:	nothing.
 * Errors:	-1 and words that make sense behind "segment 'default': ".
 * Use:
 *	if (stats_layout_check_header(&copy, file_size, &e) < 0) ...
 */
#ifndef COMMON_STATS_SEGMENT_H
#define COMMON_STATS_SEGMENT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"
#include "common/stats/shm.h"
#include "common/stats/stats.h"

/* Bytes that a segment of this program with so many slots needs. */
size_t stats_layout_size(unsigned slots);

/* Fills in all but ready, pid, program and the times. */
void stats_layout_fill(struct stats_header *header, unsigned slots);

/* Is everything inside of a file of so many bytes, aligned, and printable? */
int stats_layout_check_header(
    const struct stats_header *header, uint64_t file_size, struct errmsg *e);

/*
 * The same for header->field_count fields. Units and levels that this program
 * does not know are replaced by the plainest: COUNT and DETAIL.
 */
int stats_layout_check_fields(const struct stats_header *header,
    struct stats_field *fields, struct errmsg *e);

#endif
