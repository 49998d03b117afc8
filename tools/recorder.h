/*
 * recorder: takes samples of a segment and appends them to a recording
 * (--record), whatever becomes of the server: a dead one is recorded once, and
 * the next one of its name is recorded from then on.
 */
#ifndef TOOLS_RECORDER_H
#define TOOLS_RECORDER_H

#include "common/base/errmsg.h"
#include "tools/options.h"

/*
 * 0, also when a signal ended it, or nobody reads the pipe that it writes to
 * any more. -1 with the reason: no server at the start, or no room on the disk.
 */
int recorder_run(const struct options *options, struct errmsg *e);

#endif
