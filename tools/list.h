/* list: prints name, kind, unit, level and help of each counter (--list). */
#ifndef TOOLS_LIST_H
#define TOOLS_LIST_H

#include "common/base/errmsg.h"
#include "tools/options.h"

/*
 * Prints a line of titles, and one for each counter of this release or, with
 * --stats, of a segment. 0, or -1 with the reason.
 */
int list_run(const struct options *options, struct errmsg *e);

#endif
