/* totals: what a server has done, printed when it ends, or when asked for. */
#ifndef SERVER_MASTER_TOTALS_H
#define SERVER_MASTER_TOTALS_H

#include <stdint.h>

#include "common/stats/stats.h"

struct stats_shm;

/* A counter over all slots. */
uint64_t totals_sum(struct stats_shm *stats, enum stats_counter counter);

/* Lines on stdout: connections, handshakes, operations, bytes. 0 or -1. */
int totals_print(struct stats_shm *stats);

/* One line of key=value pairs in the log; keys are the counters' names. */
void totals_log(struct stats_shm *stats);

#endif
