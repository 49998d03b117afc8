/*
 * live: the last 40 seconds of a run as sparklines, for a terminal.
 *
 * Use:
 *	live_init(&live);
 *	... each second: live_add(&live, values) ...
 *	live_spark(&live, LIVE_RATE, text);
 */
#ifndef CLIENT_REPORT_LIVE_H
#define CLIENT_REPORT_LIVE_H

#include <stdbool.h>

enum live_row {
	LIVE_RATE,
	LIVE_P50,
	LIVE_P99,
	LIVE_ERRORS,
	LIVE_ROWS
};

enum {
	LIVE_CELLS = 40, /* of a sparkline, one for each second */
	LIVE_TEXT = 3 * LIVE_CELLS + 1
};

struct live {
	bool is_utf8;
	unsigned count; /* of values in each row; at most LIVE_CELLS */
	double rows[LIVE_ROWS][LIVE_CELLS]; /* the oldest first */
};

/* Bars are of UTF-8 if LC_ALL, LC_CTYPE or LANG says so, else of ASCII. */
void live_init(struct live *live);

/* Not negative. */
void live_add(struct live *live, const double values[static LIVE_ROWS]);

/* The largest value is a full bar, and only 0 is a blank. */
const char *live_spark(
    const struct live *live, enum live_row row, char text[static LIVE_TEXT]);

#endif
