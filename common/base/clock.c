/* clock: clock_gettime as one number; see the header. */
#include "common/base/clock.h"

#include <time.h>

#include "common/base/assertion.h"

static int64_t
read_ns(clockid_t id)
{
	struct timespec t;

	ASSERT(clock_gettime(id, &t) == 0);
	return (int64_t)t.tv_sec * CLOCK_NS_PER_S + t.tv_nsec;
}

int64_t
clock_now_ns(void)
{
	return read_ns(CLOCK_MONOTONIC);
}

int64_t
clock_wall_ns(void)
{
	return read_ns(CLOCK_REALTIME);
}
