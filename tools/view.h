/* view: what the views are given to show; see view_table.h and view_json.h. */
#ifndef TOOLS_VIEW_H
#define TOOLS_VIEW_H

#include <stdbool.h>

#include "common/stats/reader.h"
#include "tools/sample.h"

struct view {
	const char *name; /* of the segment */
	const struct stats_shm *shm;
	const struct sample *now;
	const struct sample *before; /* NULL: no rates yet */
	bool all;                    /* zero and detail counters too */
};

#endif
