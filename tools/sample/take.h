/*
 * take: a sample of a segment, and of what /proc says of its processes.
 *
 * Use:
 *	now = sample_take(shm, clock_now_ns(), clock_wall_ns(), &e);
 */
#ifndef TOOLS_SAMPLE_TAKE_H
#define TOOLS_SAMPLE_TAKE_H

#include "common/base/errmsg.h"
#include "common/stats/reader.h"
#include "tools/sample/sample.h"

/*
 * Reads everything. The times, monotonic and wall-clock, are those that the
 * sample will tell. NULL with the reason: there is no memory, or the segment
 * was cut short. One thread at a time: SIGBUS is its own meanwhile.
 */
struct sample *sample_take(const struct stats_shm *shm, int64_t now_ns,
    int64_t wall_ns, struct errmsg *e);

#endif
