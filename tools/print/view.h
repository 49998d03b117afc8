/* view: what the printers of this folder are to show. */
#ifndef TOOLS_PRINT_VIEW_H
#define TOOLS_PRINT_VIEW_H

#include <stdbool.h>

#include "tools/sample/sample.h"

struct view {
	const struct sample *now;
	const struct sample *before; /* NULL: there are no rates yet */
	const char *const *filters;  /* see print/filter.h; NULL: none */
	bool all;                    /* also zero and detail counters */
	bool connections;            /* as JSON: a row for each, too */
};

#endif
