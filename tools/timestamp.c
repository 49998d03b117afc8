/* timestamp: gmtime and strftime; see the header. */
#include "tools/timestamp.h"

#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"

/* Rounds down to seconds, before 1970 too; returns the nanoseconds left. */
static int64_t
put_seconds(int64_t wall_ns, char text[static TIMESTAMP_TEXT])
{
	int64_t rest = wall_ns % CLOCK_NS_PER_S;
	time_t seconds = wall_ns / CLOCK_NS_PER_S;
	struct tm utc;

	if (rest < 0) {
		rest += CLOCK_NS_PER_S;
		seconds--;
	}
	(void)gmtime_r(&seconds, &utc);
	(void)strftime(text, TIMESTAMP_TEXT, "%Y-%m-%dT%H:%M:%SZ", &utc);
	return rest;
}

const char *
timestamp_s(int64_t wall_ns, char text[static TIMESTAMP_TEXT])
{
	(void)put_seconds(wall_ns, text);
	return text;
}

const char *
timestamp_ms(int64_t wall_ns, char text[static TIMESTAMP_TEXT])
{
	int64_t rest = put_seconds(wall_ns, text);
	const size_t used = sizeof "2026-01-31T12:34:56" - 1;

	ASSERT(rest >= 0 && rest < CLOCK_NS_PER_S);
	(void)snprintf(text + used, TIMESTAMP_TEXT - used, ".%03dZ",
	    (int)(rest / CLOCK_NS_PER_MS));
	return text;
}
