/*
 * format: numbers in few columns, for people.
 *
 * Use:
 *	char text[FORMAT_TEXT];
 *	format_value(STATS_UNIT_BYTES, 6983516, text);	"6.66 MiB"
 */
#ifndef TOOLS_TERM_FORMAT_H
#define TOOLS_TERM_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/units.h"
#include "common/stats/field.h"

enum {
	FORMAT_TEXT = UNITS_TEXT
};

/* At most 7 columns: "0", "0.03", "3.5", "9,999", "12.3k", "138k", "1.25M". */
const char *format_count(double count, char text[static FORMAT_TEXT]);

/* A value of a unit; rates of bytes are bytes, too. A date is one of UTC. */
const char *format_value(
    enum stats_unit unit, double value, char text[static FORMAT_TEXT]);

/* "12 d", "3 h", "5 min", "7 s", "0.4 s": one unit, rounded down. */
const char *format_span(int64_t ns, char text[static FORMAT_TEXT]);

/* "12:03:05" of wall-clock time, UTC. */
const char *format_clock(int64_t wall_ns, char text[static FORMAT_TEXT]);

#endif
