/* list: --list: what there is to count: name, kind, unit, level and help. */
#ifndef TOOLS_LIST_H
#define TOOLS_LIST_H

#include "common/base/errmsg.h"
#include "tools/options.h"

/*
 * One line each on standard output, under a line of titles: the counters of
 * this release or, with --stats, those of a segment. 0, or -1 with the reason.
 */
int list_run(const struct options *options, struct errmsg *e);

#endif
