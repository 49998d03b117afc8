/* fake_time: stands in for time(2) and clock_gettime(2); see the header. */
#include "tests/support/fake_time.h"

#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

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

int
clock_gettime(clockid_t clock, struct timespec *now)
{
	int result = (int)syscall(SYS_clock_gettime, clock, now);

	if (result == 0 && clock == CLOCK_REALTIME)
		now->tv_sec += (time_t)atomic_load(&ahead_s);
	return result;
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
