/* quota: quotients, and who gets the remainder; see the header. */
#include "client/quota.h"

#include "client/options.h"
#include "common/base/assertion.h"

uint64_t
quota_of(uint64_t total, uint64_t workers, unsigned worker)
{
	ASSERT(worker < workers);
	return total / workers + (worker < total % workers ? 1 : 0);
}

/*
 * Every connection gets the same number, and the first ones get one more each,
 * so that fewer round trips than connections go to different connections.
 */
uint64_t
quota_round_trips(const struct options *o, unsigned worker)
{
	if (o->round_trips == 0)
		return UINT64_MAX;
	return o->round_trips / o->connections *
	    quota_of(o->connections, o->workers, worker) +
	    quota_of(o->round_trips % o->connections, o->workers, worker);
}
