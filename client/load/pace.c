/* pace: division of seconds; see the header. */
#include "client/load/pace.h"

#include "common/base/clock.h"

static const uint64_t second = CLOCK_NS_PER_S;

/* Whole seconds apart: a product of the rest fits into 64 bits. */
int64_t
pace_time(const struct pace *p, uint64_t n)
{
	uint64_t i = p->worker + n * p->workers;

	return p->start_ns +
	    (int64_t)(i / p->rate * second + i % p->rate * second / p->rate);
}

/* Event i is due at the end of nanosecond e if i * second < (e + 1) * rate. */
static uint64_t
due_of_all(const struct pace *p, uint64_t elapsed_ns)
{
	uint64_t end = elapsed_ns + 1;

	return end / second * p->rate +
	    (end % second * p->rate + second - 1) / second;
}

uint64_t
pace_due(const struct pace *p, int64_t now_ns)
{
	uint64_t all;

	if (now_ns < p->start_ns)
		return 0;
	all = due_of_all(p, (uint64_t)(now_ns - p->start_ns));
	return all > p->worker ? (all - p->worker + p->workers - 1) / p->workers
			       : 0;
}
