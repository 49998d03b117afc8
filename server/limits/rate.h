/*
 * rate: a token bucket in one word: the time at which the bucket will be full
 * again (the generic cell rate algorithm of ITU-T I.371).
 *
 * Use:
 *	if (rate_allows(&rate, next_ns, now_ns))
 *		next_ns = rate_take(&rate, next_ns, now_ns);
 */
#ifndef SERVER_LIMITS_RATE_H
#define SERVER_LIMITS_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "server/config.h"

/* full_ns is 0 at first. A rate without an interval allows all. */
static inline bool
rate_allows(const struct config_rate *rate, int64_t full_ns, int64_t now_ns)
{
	return full_ns - now_ns <=
	    (int64_t)(rate->burst - 1) * rate->interval_ns ||
	    rate->interval_ns == 0;
}

/* The new full_ns, when one token is gone. */
static inline int64_t
rate_take(const struct config_rate *rate, int64_t full_ns, int64_t now_ns)
{
	return (full_ns > now_ns ? full_ns : now_ns) + rate->interval_ns;
}

#endif
