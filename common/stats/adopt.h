/*
 * adopt: a segment that goes from one program to the next in the same process
 * (execve(2)), which keeps the lock on it.
 *
 * Use:
 *	stats_shm_adopt(&old, fd, "default", &e);
 *	if (!stats_shm_is_like(old, &options)) {
 *		stats_shm_step_aside(old, &e);
 *		stats_shm_create(&shm, &options, &e);
 *		stats_shm_carry_totals(shm, old);
 *	}
 */
#ifndef COMMON_STATS_ADOPT_H
#define COMMON_STATS_ADOPT_H

#include <stdbool.h>

#include "common/stats/shm.h"

/* The descriptor becomes the struct's, also on failure. */
int stats_shm_adopt(
    struct stats_shm **shm, int fd, const char *name, struct errmsg *e);

/* Whether it is what this program would create, so that it can be used. */
bool stats_shm_is_like(
    const struct stats_shm *shm, const struct stats_shm_options *options);
/* What is unlike, such as "other counters". */
const char *stats_shm_difference(
    const struct stats_shm *shm, const struct stats_shm_options *options);
void stats_shm_set_program(struct stats_shm *shm, const char *program);

/*
 * Totals and histograms of all slots, by their names, go to the first slot's
 * last shard. What was open counts as ended.
 */
void stats_shm_carry_totals(struct stats_shm *to, const struct stats_shm *from);

/* Its descriptor, which stays its own. */
int stats_shm_fd(const struct stats_shm *shm);

#endif
