/*
 * watch: takes samples of a segment and shows them, as many as the options say,
 * while the server lives.
 *
 * When the server goes away, the next one of that name has a little time to
 * come, as in a restart, and is watched from then on.
 */
#ifndef TOOLS_WATCH_H
#define TOOLS_WATCH_H

#include "common/base/errmsg.h"
#include "tools/options.h"

/*
 * 0, also when a signal ended it or nobody reads its output any more. -1 with
 * the reason, which may be that the server is dead.
 */
int watch_run(const struct options *options, struct errmsg *e);

#endif
