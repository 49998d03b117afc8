/*
 * quota: what falls to each of several workers: connection i belongs to worker
 * i % workers, and round trips are dealt out the same way.
 *
 * Use:
 *	count = quota_of(options->connections, options->workers, worker);
 */
#ifndef CLIENT_LOAD_QUOTA_H
#define CLIENT_LOAD_QUOTA_H

#include <stdint.h>

struct options;

/* Of so many, those that fall to this worker, from 0. */
uint64_t quota_of(uint64_t total, uint64_t workers, unsigned worker);

/*
 * Round trips, or transactions, of a worker's connections; UINT64_MAX: no
 * limit.
 */
uint64_t quota_round_trips(const struct options *options, unsigned worker);

#endif
