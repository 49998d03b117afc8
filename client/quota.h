/*
 * quota: how connections and round trips are divided among the workers:
 * connection i belongs to worker i % workers, and round trips likewise.
 *
 * Use:
 *	count = quota_of(options->connections, options->workers, worker);
 */
#ifndef CLIENT_QUOTA_H
#define CLIENT_QUOTA_H

#include <stdint.h>

struct options;

/*
 * How many of total fall to this worker, counted from 0. Worker 0 has the most.
 */
uint64_t quota_of(uint64_t total, uint64_t workers, unsigned worker);

/* Round trips, or transactions, of a worker; UINT64_MAX: no limit. */
uint64_t quota_round_trips(const struct options *options, unsigned worker);

#endif
