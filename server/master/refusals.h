/*
 * refusals: says in the log that a limit acts, and how often it did since the
 * last line about it; at most one line in 10 seconds for each limit.
 *
 * Use:
 *	... each second: refusals_tell(&r, config, stats, clock_now_ns());
 *	refusals_tell(&r, config, stats, INT64_MAX);	// what is left
 */
#ifndef SERVER_MASTER_REFUSALS_H
#define SERVER_MASTER_REFUSALS_H

#include <stdint.h>

struct config;
struct stats_shm;

/* By these numbers one program tells the next: add at the end only. */
enum refusals_limit {
	REFUSALS_CONNECTIONS, /* --max-connections */
	REFUSALS_DESCRIPTORS, /* no more of them */
	REFUSALS_MEMORY,      /* --max-memory */
	REFUSALS_PRESSURE,    /* memory is short: master/pressure.h */
	REFUSALS_ADDRESS,     /* --max-connections-per-address */
	REFUSALS_NETWORK,
	REFUSALS_ADDRESS_RATE, /* --handshake-rate-per-address */
	REFUSALS_RATE,
	/* Those above are parts of `refused`; these wait. */
	REFUSALS_HANDSHAKING, /* half of --max-connections, in the backlog */
	REFUSALS_QUEUED,      /* --max-handshaking */
	REFUSALS_LIMITS
};

/* All zero at first. */
struct refusals {
	uint64_t told[REFUSALS_LIMITS]; /* how often, in all lines so far */
	int64_t quiet_until_ns[REFUSALS_LIMITS];
};

/*
 * After a program that has counted, too: told is how often it has said of each;
 * UINT64_MAX: it does not tell, and so has said all.
 */
void refusals_begin(struct refusals *r, struct stats_shm *stats,
    const uint64_t told[static REFUSALS_LIMITS]);

void refusals_tell(struct refusals *r, const struct config *config,
    struct stats_shm *stats, int64_t now_ns);

#endif
