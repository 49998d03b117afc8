/* refusals: reads the counters of all workers; see the header. */
#include "server/master/refusals.h"

#include <inttypes.h>

#include "common/base/units.h"
#include "common/stats/stats.h"
#include "common/sys/log.h"
#include "server/config.h"
#include "server/master/totals.h"

static void
tell(enum refusals_limit limit, uint64_t n, const struct config *config)
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
	case REFUSALS_HANDSHAKING:
		log_info("accepting paused %" PRIu64 " time%s: %" PRIu64
			 " handshakes in a worker, see --max-handshaking",
		    n, s, config->max_handshaking);
		break;
	case REFUSALS_LIMITS:
		break;
	}
}

void
refusals_tell(struct refusals *r, const struct config *config,
    struct stats_shm *stats, int64_t now_ns)
{
	/* In this order: the second is counted before the first (acceptor). */
	uint64_t refused = totals_sum(stats, STATS_REFUSED);
	uint64_t without_fd = totals_sum(stats, STATS_REFUSED_NO_DESCRIPTOR);
	const uint64_t counts[] = {
		[REFUSALS_CONNECTIONS] =
		    refused > without_fd ? refused - without_fd : 0,
		[REFUSALS_DESCRIPTORS] = without_fd,
		[REFUSALS_HANDSHAKING] =
		    totals_sum(stats, STATS_HANDSHAKING_PAUSES),
	};

	for (int i = 0; i < REFUSALS_LIMITS; i++) {
		if (counts[i] <= r->told[i] ||
		    !log_is_due(&r->quiet_until_ns[i], now_ns))
			continue;
		tell((enum refusals_limit)i, counts[i] - r->told[i], config);
		r->told[i] = counts[i];
	}
}
