/* await: a deadline and short sleeps; see the header. */
#include "tests/support/await.h"

#include <check.h>
#include <time.h>

#include "common/base/clock.h"
#include "tests/support/suite.h"

int64_t
await_deadline_ns(void)
{
	return clock_now_ns() +
	    8 * CLOCK_NS_PER_S * (SUITE_IS_SANITIZED ? 5 : 1);
}

void
await_pause(int64_t deadline_ns, const char *words)
{
	const struct timespec pause = { .tv_nsec = 2 * CLOCK_NS_PER_MS };

	if (clock_now_ns() > deadline_ns)
		ck_abort_msg("this did not become true: %s", words);
	(void)nanosleep(&pause, NULL);
}

int
await_left_ms(int64_t deadline_ns)
{
	int64_t left_ns = deadline_ns - clock_now_ns();

	return left_ns > 0 ? (int)(left_ns / CLOCK_NS_PER_MS) + 1 : 0;
}
