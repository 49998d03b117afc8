/* compare: shows what has changed from one moment to another (--diff). */
#ifndef TOOLS_COMPARE_H
#define TOOLS_COMPARE_H

#include "common/base/errmsg.h"
#include "tools/options.h"

/* 0, or -1 with the reason: there is no such server or recording. */
int compare_run(const struct options *options, struct errmsg *e);

#endif
