/* admission: what is refused, and how it is counted; see the header. */
#include "server/worker/admission.h"

#include <malloc.h>

#include "common/base/clock.h"
#include "common/stats/stats.h"
#include "server/config.h"
#include "server/limits/limits.h"
#include "server/worker/session.h"

static void
refuse(struct admission *a, enum stats_counter limit)
{
	stats_add(a->shard, limit, 1);
	stats_add(a->shard, STATS_REFUSED, 1);
}

/*
 * What connections that have ended gave back may still be in the heap, and
 * counts as the process's. A busy process does not trim it (conn/loop.c), but
 * while it refuses clients, that is worth the milliseconds.
 */
static void
trim(struct admission *a, int64_t now_ns)
{
	if (now_ns - a->trim_ns <= CLOCK_NS_PER_S)
		return;
	a->trim_ns = now_ns;
	(void)malloc_trim(0);
}

bool
admission_has_memory(struct admission *a, int64_t now_ns)
{
	const _Atomic uint64_t *gauges = a->master->counters;
	uint64_t max = a->config->max_memory;

	if (counter_get(&gauges[STATS_MEMORY_PRESSURE]) != 0)
		refuse(a, STATS_REFUSED_PRESSURE);
	else if (max > 0 && counter_get(&gauges[STATS_MEMORY]) > max)
		refuse(a, STATS_REFUSED_MEMORY);
	else
		return true;
	trim(a, now_ns);
	return false;
}

/* Behind a proxy that is asked when its header has come: see proxied_read. */
bool
admission_of_client(
    struct admission *a, struct session *session, int64_t now_ns)
{
	enum close_reason reason;

	session->limits = a->limits;
	if (a->config->proxy_protocol)
		return true;
	reason = session_admit(session, &session->peer, now_ns);
	if (reason == REASON_NONE)
		return true;
	refuse(a, limits_counter(reason));
	return false;
}
