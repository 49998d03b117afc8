/* utc: gmtime_r(3) and strftime(3); see the header. */
#include "common/base/utc.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/clock.h"

const char *
utc_format(int64_t unix_s, char text[static UTC_TEXT])
{
	time_t seconds = (time_t)unix_s;
	struct tm utc;

	if (gmtime_r(&seconds, &utc) == NULL)
		return strcpy(text, "?");
	(void)strftime(text, UTC_TEXT, "%Y-%m-%dT%H:%M:%SZ", &utc);
	return text;
}

/* Seconds are rounded down before 1970, too. */
const char *
utc_format_ms(int64_t wall_ns, char text[static UTC_TEXT])
{
	int64_t rest_ns = wall_ns % CLOCK_NS_PER_S;
	const size_t used = sizeof "2026-01-31T12:34:56" - 1;

	if (rest_ns < 0)
		rest_ns += CLOCK_NS_PER_S;
	(void)utc_format((wall_ns - rest_ns) / CLOCK_NS_PER_S, text);
	(void)snprintf(text + used, UTC_TEXT - used, ".%03dZ",
	    (int)(rest_ns / CLOCK_NS_PER_MS));
	return text;
}
