/*
 * ages: how old the processes of slots are. An age grows as time does, so only
 * those are written that did not: of a new process, or of one that is gone.
 * What is read back is exact to AGES_SLACK_NS, which is more than the kernel's
 * clock ticks and the time that a sample takes make.
 *
 * Use:
 *	ages_put(&section, now, before);
 *	ages_get(&cursor, sample, before);
 */
#ifndef TOOLS_RECORD_AGES_H
#define TOOLS_RECORD_AGES_H

#include "common/base/clock.h"
#include "tools/record/format.h"
#include "tools/sample/sample.h"

#define AGES_SLACK_NS (100 * CLOCK_NS_PER_MS)

/* before is NULL, or has as many slots; now as well. */
void ages_put(struct record_buffer *b, const struct sample *now,
    const struct sample *before);

/* Of a sample that has its times. An age that cannot be fails the cursor; an
 * empty one, as of a release that wrote none, is well. */
void ages_get(
    struct record_cursor *c, struct sample *s, const struct sample *before);

#endif
