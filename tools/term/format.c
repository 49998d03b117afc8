/* format: see the header. */
#include "tools/term/format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/utc.h"

/* From 10,000 on, in thousands: three digits and a letter. */
static const char *
format_large(double count, char text[static FORMAT_TEXT])
{
	static const char letters[] = "kMGTPE";
	size_t i = 0;

	for (count /= 1000; count >= 999.5 && letters[i + 1] != '\0'; i++)
		count /= 1000;
	(void)snprintf(text, FORMAT_TEXT, "%.*f%c",
	    count < 9.995       ? 2
		: count < 99.95 ? 1
				: 0,
	    count, letters[i]);
	return text;
}

const char *
format_count(double count, char text[static FORMAT_TEXT])
{
	if (count >= 9999.5)
		return format_large(count, text);
	if (count >= 9.95 || count <= 0 || count == floor(count))
		return units_format_count(
		    count > 0 ? (uint64_t)(count + 0.5) : 0, text);
	(void)snprintf(text, FORMAT_TEXT, "%.*f", count < 0.095 ? 2 : 1, count);
	return text;
}

static const char *
format_date(double value, char text[static FORMAT_TEXT])
{
	if (value <= 0 || value > INT32_MAX)
		return "-";
	(void)utc_format((int64_t)value, text);
	text[strcspn(text, "T")] = '\0';
	return text;
}

const char *
format_value(enum stats_unit unit, double value, char text[static FORMAT_TEXT])
{
	switch (unit) {
	case STATS_UNIT_BYTES:
		return units_format_bytes(
		    value < 1e18 ? (uint64_t)(value + 0.5) : UINT64_MAX, text);
	case STATS_UNIT_NS:
		return units_format_duration(
		    value < 9e18 ? (int64_t)value : INT64_MAX, text);
	case STATS_UNIT_DATE:
		return format_date(value, text);
	case STATS_UNIT_COUNT:
		break;
	}
	return format_count(value, text);
}

const char *
format_span(int64_t ns, char text[static FORMAT_TEXT])
{
	const int64_t s = ns / CLOCK_NS_PER_S;

	if (ns < CLOCK_NS_PER_S)
		(void)snprintf(text, FORMAT_TEXT, "%.1f s",
		    (double)(ns > 0 ? ns : 0) / (double)CLOCK_NS_PER_S);
	else if (s < 60)
		(void)snprintf(text, FORMAT_TEXT, "%d s", (int)s);
	else if (s < 3600)
		(void)snprintf(text, FORMAT_TEXT, "%d min", (int)(s / 60));
	else if (s < 86400)
		(void)snprintf(text, FORMAT_TEXT, "%d h", (int)(s / 3600));
	else
		(void)snprintf(text, FORMAT_TEXT, "%d d", (int)(s / 86400));
	return text;
}

const char *
format_clock(int64_t wall_ns, char text[static FORMAT_TEXT])
{
	char full[UTC_TEXT];

	(void)utc_format(wall_ns / CLOCK_NS_PER_S, full);
	(void)snprintf(
	    text, FORMAT_TEXT, "%.8s", strlen(full) > 11 ? full + 11 : full);
	return text;
}
