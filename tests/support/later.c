/* later: takes the place of time(2); see the header. */
#include "tests/support/later.h"

#include <stdatomic.h>
#include <time.h>

static atomic_llong ahead_s;

void
later_by(int64_t seconds)
{
	atomic_store(&ahead_s, seconds);
}

/* As the C library's, on the same clock. */
time_t
time(time_t *out)
{
	struct timespec now;
	time_t result;

	(void)clock_gettime(CLOCK_REALTIME_COARSE, &now);
	result = now.tv_sec + (time_t)atomic_load(&ahead_s);
	if (out != NULL)
		*out = result;
	return result;
}
