/*
 * fake_time: what time it is, for our code and for GnuTLS alike.
 *
 * The test program has a time(2) and a clock_gettime(2) of its own, and
 * libraries find these, too. Only CLOCK_REALTIME is shifted.
 *
 * Use:
 *	fake_time_shift(3600);
 *	... an hour has gone ...
 *	fake_time_shift(0);
 */
#ifndef TESTS_SUPPORT_FAKE_TIME_H
#define TESTS_SUPPORT_FAKE_TIME_H

#include <stdint.h>

/* From now on the wall clock is so many seconds ahead, or behind. */
void fake_time_shift(int64_t seconds);

/* And each call of time(2) puts it so many seconds further ahead. */
void fake_time_shift_each_call(int64_t seconds);

#endif
