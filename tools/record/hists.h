/*
 * hists: the histograms of all slots, written as what has changed since an
 * earlier sample.
 *
 * Use:
 *	if (hists_put(&section, now, before) > RECORD_HISTS_MAX) ...
 */
#ifndef TOOLS_RECORD_HISTS_H
#define TOOLS_RECORD_HISTS_H

#include "tools/record/format.h"
#include "tools/sample/sample.h"

/* before may be NULL. How many histograms there are. */
unsigned hists_put(struct record_buffer *b, const struct sample *now,
    const struct sample *before);

/*
 * Adds the histograms to a sample that has none yet. False: there is no memory;
 * what else is wrong has failed the cursor.
 */
bool hists_get(
    struct record_cursor *c, struct sample *s, const struct sample *before);

#endif
