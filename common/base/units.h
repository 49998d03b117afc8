/*
 * units: numbers as people write them, and back.
 *
 * Durations: an integer or decimal with ns, us, ms, s, m, h, d or y (365 days);
 * without a unit it is seconds. Counts: decimal digits, and k, M or G for
 * powers of 1000. Sizes: bytes, with k, M or G for powers of 1024.
 * Parsers take the whole text or fail: 0, or -1 with the reason in e.
 *
 * Use:
 *	int64_t timeout_ns;
 *	if (units_parse_duration("1.5s", &timeout_ns, &e) < 0) ...
 */
#ifndef COMMON_BASE_UNITS_H
#define COMMON_BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"

enum {
	UNITS_TEXT = 32
};

/* 0 to 292 years; negative values and overflow are refused. */
int units_parse_duration(const char *text, int64_t *ns, struct errmsg *e);

int units_parse_count(const char *text, uint64_t *count, struct errmsg *e);

/*
 * A count that may have decimals: "0.25" is 25 with 2 of them, "1.5k" is 1500
 * with none.
 */
int units_parse_decimal(
    const char *text, uint64_t *value, unsigned *decimals, struct errmsg *e);

/* 10 to the power of n, up to 19. */
uint64_t units_power_of_10(unsigned n);

int units_parse_size(const char *text, uint64_t *bytes, struct errmsg *e);

/* Three significant digits: "850 ns", "12.3 us", "1.25 s", "2 h 05 min". */
const char *units_format_duration(int64_t ns, char text[static UNITS_TEXT]);

/* "999 B", "1.50 KiB", "12.3 MiB". */
const char *units_format_bytes(uint64_t bytes, char text[static UNITS_TEXT]);

/* Digits in groups of three: "1,800,000". */
const char *units_format_count(uint64_t count, char text[static UNITS_TEXT]);

/* The same with one decimal: "135,979.4"; not negative. */
const char *units_format_rate(double rate, char text[static UNITS_TEXT]);

/* The end of a noun: "1 worker", "2 workers". */
static inline const char *
units_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

#endif
