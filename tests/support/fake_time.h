/*
 * fake_time: what time it is, for our code and for GnuTLS alike.
 *
 * The test program has a time(2) of its own, which is the one that libraries
 * find, too. Other clocks go on as they are.
 *
 * Use:
 *	fake_time_shift(3600);
 *	... an hour has gone ...
 *	fake_time_shift(0);
 */
#ifndef TESTS_SUPPORT_FAKE_TIME_H
#define TESTS_SUPPORT_FAKE_TIME_H

#include <stdint.h>

/* From now on time(2) is so many seconds ahead, or behind. */
void fake_time_shift(int64_t seconds);

/* And each call of it puts it so many seconds further ahead. */
void fake_time_shift_each_call(int64_t seconds);

#endif
