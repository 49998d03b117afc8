/*
 * view_json: a sample as one JSON object on one line; its keys are described
 * in tlsecho-stat(1).
 *
 * Use:
 *	if (view_json_print(&view, out) < 0) ...
 */
#ifndef TOOLS_PRINT_VIEW_JSON_H
#define TOOLS_PRINT_VIEW_JSON_H

#include <stdio.h>

#include "tools/print/view.h"

/* Prints all counters, whatever v->all says. 0, or -1: no memory. */
int view_json_print(const struct view *v, FILE *out);

#endif
