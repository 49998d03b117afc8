/*
 * memory: how much memory the processes of the server take, against
 * --max-memory; workers compare the gauge `memory` with it.
 *
 * Counted is what belongs to a process alone: resident pages less shared ones
 * (statm of proc(5)), which is read in microseconds however much there is. Of
 * all workers: those that were added or that an upgrade has left, too.
 *
 * Use:		next_ns = now_ns + memory_watch(&memory, &workers, shard);
 */
#ifndef SERVER_MASTER_MEMORY_H
#define SERVER_MASTER_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/errmsg.h"

struct config;
struct stats_shard;
struct workers;

struct memory {
	bool told; /* the log has said that workers cannot be measured */
};

/* 0; or -1: with --max-memory, and it cannot be measured. */
int memory_check(const struct config *config, struct errmsg *e);

/* Sets the gauge in the master's shard; how long until the next time. */
int64_t memory_watch(
    struct memory *m, const struct workers *w, struct stats_shard *shard);

/*
 * Warns when the idle server's bytes are more than --max-memory, so that nobody
 * would come in.
 */
void memory_warn_if_idle_exceeds(const struct config *config, uint64_t bytes);

/* What the idle server will have, to judge by this process, which has loaded
 * the same: a little less than it is. 0: it cannot be measured. */
uint64_t memory_estimate_idle(const struct config *config);

#endif
