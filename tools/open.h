/* open: where the samples come from that the command line asks for. */
#ifndef TOOLS_OPEN_H
#define TOOLS_OPEN_H

#include "tools/options.h"
#include "tools/sample/source.h"

/* A recording (--replay), or the server of a name. NULL with the reason. */
struct source *open_source(const struct options *options, struct errmsg *e);

#endif
