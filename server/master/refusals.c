/* refusals: reads the counters of all workers; see the header. */
#include "server/master/refusals.h"

#include <inttypes.h>

#include "common/base/units.h"
#include "common/stats/stats.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/master/totals.h"

static const char *const options[REFUSALS_LIMITS] = {
	[REFUSALS_ADDRESS] = "--max-connections-per-address",
	[REFUSALS_NETWORK] = "--max-connections-per-network",
	[REFUSALS_ADDRESS_RATE] = "--handshake-rate-per-address",
	[REFUSALS_RATE] = "--handshake-rate",
};

static void
tell_memory(uint64_t n, const struct config *config, struct stats_shm *stats)
{
	/* First: it is counted behind the other. */
	uint64_t ended = totals_sum(stats, STATS_ENDED);
	char limit[UNITS_TEXT], now[UNITS_TEXT];

	log_warn("%" PRIu64
		 " connection%s refused: --max-memory %s; the processes have "
		 "%s now, with %" PRIu64 " open",
	    n, units_plural(n), units_format_bytes(config->max_memory, limit),
	    units_format_bytes(totals_sum(stats, STATS_MEMORY), now),
	    totals_sum(stats, STATS_ACCEPTED) - ended);
}

static void
tell(enum refusals_limit limit, uint64_t n, const struct config *config,
    struct stats_shm *stats)
{
	const char *s = units_plural(n);

	switch (limit) {
	case REFUSALS_CONNECTIONS:
		log_warn("%" PRIu64
			 " connection%s refused: --max-connections %" PRIu64,
		    n, s, config->max_connections);
		break;
	case REFUSALS_DESCRIPTORS:
		log_warn("%" PRIu64
			 " connection%s refused: no descriptors left, see "
			 "ulimit -n",
		    n, s);
		break;
	case REFUSALS_MEMORY:
		tell_memory(n, config, stats);
		break;
	case REFUSALS_PRESSURE:
		log_warn("%" PRIu64
			 " connection%s refused: memory is short around the "
			 "server",
		    n, s);
		break;
	case REFUSALS_ADDRESS:
	case REFUSALS_NETWORK:
	case REFUSALS_ADDRESS_RATE:
	case REFUSALS_RATE:
		log_warn("%" PRIu64 " connection%s refused: %s", n, s,
		    options[limit]);
		break;
	case REFUSALS_HANDSHAKING:
		log_info("accepting paused %" PRIu64 " time%s: %" PRIu64
			 " connections of a worker without a handshake are "
			 "its share of --max-connections",
		    n, s, config->max_unopened);
		break;
	case REFUSALS_QUEUED:
		log_info("%" PRIu64 " handshake%s waited: --max-handshaking "
			 "%" PRIu64,
		    n, s, config->max_handshaking);
		break;
	case REFUSALS_LIMITS:
		break;
	}
}

static void
count(struct stats_shm *stats, uint64_t counts[static REFUSALS_LIMITS])
{
	/* First: it is counted behind its parts. */
	uint64_t refused = totals_sum(stats, STATS_REFUSED);
	uint64_t parts = 0;

	counts[REFUSALS_DESCRIPTORS] =
	    totals_sum(stats, STATS_REFUSED_NO_DESCRIPTOR);
	counts[REFUSALS_MEMORY] = totals_sum(stats, STATS_REFUSED_MEMORY);
	counts[REFUSALS_PRESSURE] = totals_sum(stats, STATS_REFUSED_PRESSURE);
	counts[REFUSALS_ADDRESS] = totals_sum(stats, STATS_REFUSED_ADDRESS);
	counts[REFUSALS_NETWORK] = totals_sum(stats, STATS_REFUSED_NETWORK);
	counts[REFUSALS_ADDRESS_RATE] =
	    totals_sum(stats, STATS_REFUSED_ADDRESS_RATE);
	counts[REFUSALS_RATE] = totals_sum(stats, STATS_REFUSED_RATE);
	for (int i = REFUSALS_DESCRIPTORS; i < REFUSALS_HANDSHAKING; i++)
		parts += counts[i];
	counts[REFUSALS_CONNECTIONS] = refused > parts ? refused - parts : 0;
	counts[REFUSALS_HANDSHAKING] =
	    totals_sum(stats, STATS_HANDSHAKING_PAUSES);
	counts[REFUSALS_QUEUED] = totals_sum(stats, STATS_HANDSHAKES_QUEUED);
}

void
refusals_begin(struct refusals *r, struct stats_shm *stats,
    const uint64_t told[static REFUSALS_LIMITS])
{
	*r = (struct refusals){ .told = { 0 } };
	count(stats, r->told);
	for (int i = 0; i < REFUSALS_LIMITS; i++)
		if (told[i] < r->told[i])
			r->told[i] = told[i];
}

void
refusals_tell(struct refusals *r, const struct config *config,
    struct stats_shm *stats, int64_t now_ns)
{
	uint64_t counts[REFUSALS_LIMITS];

	count(stats, counts);
	for (int i = 0; i < REFUSALS_LIMITS; i++) {
		if (counts[i] <= r->told[i] ||
		    !log_is_due(&r->quiet_until_ns[i], now_ns))
			continue;
		tell((enum refusals_limit)i, counts[i] - r->told[i], config,
		    stats);
		r->told[i] = counts[i];
	}
}
