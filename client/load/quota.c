/* quota: quotients, and who gets the rest; see the header. */
#include "client/load/quota.h"

#include "client/options.h"

uint64_t
quota_of(uint64_t total, uint64_t workers, unsigned worker)
{
	return total / workers + (worker < total % workers ? 1 : 0);
}

/*
 * Every connection gets as many, and the first ones one more each, so that with
 * fewer round trips than connections all are made by different ones.
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
