/*
 * build: makes a sample, piece by piece; whatever a piece is not given is 0 or
 * not known.
 *
 * Errors:	NULL or -1: there is no memory.
 * Use:
 *	s = sample_new(&server, fields, field_count, slot_count);
 *	sample_set_times(s, now_ns, wall_ns);
 *	sample_set_value(s, slot, field, 7);
 *	sample_finish(s);
 */
#ifndef TOOLS_SAMPLE_BUILD_H
#define TOOLS_SAMPLE_BUILD_H

#include "tools/sample/sample.h"

/* Copies what it is given. Both counts are at least 1, and at most
 * STATS_SEGMENT_FIELDS_MAX and STATS_SEGMENT_SLOTS_MAX. */
struct sample *sample_new(const struct sample_server *server,
    const struct stats_field *fields, unsigned field_count,
    unsigned slot_count);

void sample_set_times(struct sample *s, int64_t now_ns, int64_t wall_ns);
struct sample_slot *sample_edit_slot(struct sample *s, unsigned slot);
void sample_set_value(
    struct sample *s, unsigned slot, unsigned field, uint64_t value);

/*
 * An empty histogram of a slot, to be filled by the caller. A field of kind
 * STATS_KIND_HIST of which no slot has one is merged to an empty one, unless
 * sample_drop_hist has said that its buckets are not known.
 */
struct hist *sample_make_hist(struct sample *s, unsigned slot, unsigned field);
void sample_drop_hist(struct sample *s, unsigned field);

int sample_add_conn(
    struct sample *s, unsigned slot, const struct stats_row *row);
int sample_add_offender(struct sample *s, const struct stats_offender *o);

/* Sums up, and merges histograms; the sample is then as sample.h says. */
int sample_finish(struct sample *s);

#endif
