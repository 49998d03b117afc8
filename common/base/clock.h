/*
 * clock: the two clocks of the program.
 *
 * Inside, time is int64_t nanoseconds of CLOCK_MONOTONIC (clock_gettime(2));
 * the wall clock is for certificates and for people.
 */
#ifndef COMMON_BASE_CLOCK_H
#define COMMON_BASE_CLOCK_H

#include <stdint.h>

#define CLOCK_NS_PER_S  INT64_C(1000000000)
#define CLOCK_NS_PER_MS INT64_C(1000000)
#define CLOCK_NS_PER_US INT64_C(1000)

/* Monotonic time in ns; positive, comparable between processes of one boot. */
int64_t clock_now_ns(void);

/* Seconds since 1970-01-01 UTC, as in time(2), in ns. */
int64_t clock_wall_ns(void);

#endif
