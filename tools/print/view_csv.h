/*
 * view_csv: a sample as a line of comma-separated values (RFC 4180, but that
 * lines end with LF alone).
 *
 * Columns are "time" (RFC 3339, UTC), "server", the totals of counters and
 * gauges, and of each histogram NAME_count and, in its unit, NAME_p50_ns,
 * NAME_p99_ns and NAME_max_ns, or _bytes. Where a histogram has buckets that
 * this release does not know, these three are empty.
 *
 * Use:
 *	if (view_csv_print(&view, is_first, out) < 0) ...
 */
#ifndef TOOLS_PRINT_VIEW_CSV_H
#define TOOLS_PRINT_VIEW_CSV_H

#include <stdbool.h>
#include <stdio.h>

#include "tools/print/view.h"

/*
 * All counters that the filters pick, whatever v->all says; with_titles: after
 * a line of titles. 0, as there is nothing that can fail here.
 */
int view_csv_print(const struct view *v, bool with_titles, FILE *out);

#endif
