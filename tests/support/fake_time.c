/* fake_time: takes the place of time(2); see the header. */
#include "tests/support/fake_time.h"

#include <stdatomic.h>
#include <time.h>

static atomic_llong ahead_s;
static atomic_llong step_s;

void
fake_time_shift(int64_t seconds)
{
	atomic_store(&ahead_s, seconds);
}

void
fake_time_shift_each_call(int64_t seconds)
{
	atomic_store(&step_s, seconds);
}

/* As the C library's, on the same clock. */
time_t
time(time_t *out)
{
	struct timespec now;
	time_t result;

	(void)clock_gettime(CLOCK_REALTIME_COARSE, &now);
	result = now.tv_sec +
	    (time_t)atomic_fetch_add(&ahead_s, atomic_load(&step_s));
	if (out != NULL)
		*out = result;
	return result;
}
