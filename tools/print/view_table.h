/*
 * view_table: a sample as aligned text: header, counters, histograms.
 *
 * Use:
 *	if (view_table_print(&view, out, 80) < 0) ...
 */
#ifndef TOOLS_PRINT_VIEW_TABLE_H
#define TOOLS_PRINT_VIEW_TABLE_H

#include <stdio.h>

#include "tools/print/view.h"

/*
 * Columns of workers that do not fit into width (0: no limit) are left out, and
 * a line says so. 0, or -1 when there was no memory.
 */
int view_table_print(const struct view *v, FILE *out, unsigned width);

#endif
