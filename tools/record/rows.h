/*
 * rows: lists of connections and of failed handshakes, written as what has
 * changed since an earlier list.
 *
 * Use:
 *	rows_put(&section, &rows_conns, now, count, earlier, earlier_count);
 */
#ifndef TOOLS_RECORD_ROWS_H
#define TOOLS_RECORD_ROWS_H

#include "tools/record/format.h"
#include "tools/sample/sample.h"

/* What a row is made of; see the file. */
struct rows_kind;

extern const struct rows_kind rows_conns;     /* struct sample_conn */
extern const struct rows_kind rows_offenders; /* struct stats_offender */

void rows_put(struct record_buffer *b, const struct rows_kind *kind,
    const void *now, size_t count, const void *before, size_t before_count);

/*
 * Calls add with each row, in order. What has failed is in the cursor: bytes
 * that make no sense, or add returned -1.
 */
void rows_get(struct record_cursor *c, const struct rows_kind *kind,
    const void *before, size_t before_count,
    int (*add)(void *arg, const void *row), void *arg);

#endif
