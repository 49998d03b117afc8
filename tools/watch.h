/*
 * watch: takes samples of a segment and shows them, for as long as the options
 * say or the server lives.
 *
 * When the server goes away, the next one of that name is waited for a little
 * (a restart), and watched from then on.
 *
 * Errors:	-1 and the line for main(); what was shown before stays valid.
 */
#ifndef TOOLS_WATCH_H
#define TOOLS_WATCH_H

#include "common/base/errmsg.h"
#include "tools/options.h"

/* 0 also when a signal or the end of the reader stopped it. */
int watch_run(const struct options *options, struct errmsg *e);

#endif
