/*
 * utc: instants as RFC 3339 writes them, always in UTC.
 *
 * Use:
 *	char text[UTC_TEXT];
 *	puts(utc_format(time(NULL), text));
 */
#ifndef COMMON_BASE_UTC_H
#define COMMON_BASE_UTC_H

#include <stdint.h>

enum {
	UTC_TEXT = 32
};

/*
 * "2026-01-31T12:34:56Z" for seconds since 1970, which may be negative; "?" for
 * a year that struct tm cannot hold.
 */
const char *utc_format(int64_t unix_s, char text[static UTC_TEXT]);

/* "2026-01-31T12:34:56.789Z" for a time of clock_wall_ns, rounded down. */
const char *utc_format_ms(int64_t wall_ns, char text[static UTC_TEXT]);

#endif
