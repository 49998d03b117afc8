/* view: what view_table and view_json are to show. */
#ifndef TOOLS_VIEW_H
#define TOOLS_VIEW_H

#include <stdbool.h>

#include "common/stats/reader.h"
#include "tools/sample.h"

struct view {
	const char *name; /* of the segment */
	const struct stats_shm *shm;
	const struct sample *now;
	const struct sample *before; /* NULL: there are no rates yet */
	bool all;                    /* also zero and detail counters */
};

#endif
