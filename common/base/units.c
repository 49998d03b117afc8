/* units: numbers with units, read and written; see the header. */
#include "common/base/units.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/clock.h"

#define DIGITS "0123456789"

struct unit {
	const char *suffix;
	uint64_t factor;
};

static const struct unit duration_units[] = {
	{ "", 1000000000 },
	{ "ns", 1 },
	{ "us", 1000 },
	{ "ms", 1000000 },
	{ "s", 1000000000 },
	{ "m", UINT64_C(60) * 1000000000 },
	{ "h", UINT64_C(3600) * 1000000000 },
	{ "d", UINT64_C(86400) * 1000000000 },
	{ "y", UINT64_C(365) * 86400 * 1000000000 },
	{ NULL, 0 },
};

static const struct unit count_units[] = {
	{ "", 1 },
	{ "k", 1000 },
	{ "M", 1000000 },
	{ "G", 1000000000 },
	{ NULL, 0 },
};

static const struct unit size_units[] = {
	{ "", 1 },
	{ "k", 1 << 10 },
	{ "M", 1 << 20 },
	{ "G", 1 << 30 },
	{ NULL, 0 },
};

static const struct unit *
find_unit(const struct unit *units, const char *suffix)
{
	for (; units->suffix != NULL; units++)
		if (strcmp(units->suffix, suffix) == 0)
			return units;
	return NULL;
}

/*
 * The share of a unit that the digits after a decimal point make, in tenths
 * until it is rounded. Not strtod(3), which takes hexadecimal and, after
 * setlocale(3), wants a comma. A year in tenths of ns times 9 fits.
 */
static uint64_t
scale_fraction(const char *digits, size_t count, uint64_t factor)
{
	uint64_t tenths = 0;

	while (count-- > 0)
		tenths =
		    ((uint64_t)(digits[count] - '0') * factor * 10 + tenths) /
		    10;
	return (tenths + 5) / 10;
}

int
units_parse_duration(const char *text, int64_t *ns, struct errmsg *e)
{
	size_t whole_len = strspn(text, DIGITS);
	const char *fraction = text + whole_len;
	size_t fraction_len = 0;
	const struct unit *unit;
	uint64_t value;

	if (*fraction == '.')
		fraction_len = strspn(++fraction, DIGITS);
	unit = find_unit(duration_units, fraction + fraction_len);
	if (whole_len == 0 || unit == NULL ||
	    (fraction[-1] == '.' && fraction_len == 0))
		return errmsg_set(e,
		    "'%s' is not a duration: use a number with "
		    "ns, us, ms, s, m, h, d or y",
		    text);
	/* On overflow strtoull gives its maximum, which overflows here, too. */
	value = strtoull(text, NULL, 10);
	if (__builtin_mul_overflow(value, unit->factor, &value) ||
	    __builtin_add_overflow(value,
		scale_fraction(fraction, fraction_len, unit->factor), ns))
		return errmsg_set(e, "'%s' is longer than 292 years", text);
	return 0;
}

static int
parse_whole(const char *text, const struct unit *units, uint64_t *value,
    struct errmsg *e)
{
	size_t len = strspn(text, DIGITS);
	const struct unit *unit = find_unit(units, text + len);

	if (len == 0 || unit == NULL)
		return errmsg_set(e,
		    "'%s' is not a whole number (k, M and G may follow)", text);
	errno = 0;
	*value = strtoull(text, NULL, 10);
	if (errno == ERANGE ||
	    __builtin_mul_overflow(*value, unit->factor, value))
		return errmsg_set(e, "'%s' is too large", text);
	return 0;
}

int
units_parse_count(const char *text, uint64_t *count, struct errmsg *e)
{
	return parse_whole(text, count_units, count, e);
}

uint64_t
units_power_of_10(unsigned n)
{
	uint64_t power = 1;

	ASSERT(n <= 19);
	while (n-- > 0)
		power *= 10;
	return power;
}

/* The digits of text, across its decimal point. -1: they are too many. */
static int
read_digits(const char *text, size_t len, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < len; i++)
		if (text[i] != '.' &&
		    (__builtin_mul_overflow(*value, 10, value) ||
			__builtin_add_overflow(
			    *value, (uint64_t)(text[i] - '0'), value)))
			return -1;
	return 0;
}

/* As few decimals as there can be. -1: the value is too large. */
static int
scale(uint64_t *value, size_t *decimals, uint64_t factor)
{
	for (; *decimals > 0 && factor > 1; factor /= 10)
		--*decimals;
	if (__builtin_mul_overflow(*value, factor, value))
		return -1;
	for (; *decimals > 0 && *value % 10 == 0; --*decimals)
		*value /= 10;
	return 0;
}

int
units_parse_decimal(
    const char *text, uint64_t *value, unsigned *decimals, struct errmsg *e)
{
	size_t whole_len = strspn(text, DIGITS);
	size_t len = whole_len;
	size_t fraction_len = 0;
	const struct unit *unit;

	if (text[len] == '.') {
		fraction_len = strspn(text + len + 1, DIGITS);
		len += 1 + fraction_len;
	}
	unit = find_unit(count_units, text + len);
	if (whole_len == 0 || unit == NULL || text[len - 1] == '.')
		return errmsg_set(
		    e, "'%s' is not a number (k, M and G may follow)", text);
	if (read_digits(text, len, value) < 0 ||
	    scale(value, &fraction_len, unit->factor) < 0)
		return errmsg_set(e, "'%s' has too many digits", text);
	*decimals = (unsigned)fraction_len;
	return 0;
}

int
units_parse_size(const char *text, uint64_t *bytes, struct errmsg *e)
{
	return parse_whole(text, size_units, bytes, e);
}

static const char *
three_digits(double value, const char *unit, char text[static UNITS_TEXT])
{
	int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;

	(void)snprintf(text, UNITS_TEXT, "%.*f %s", decimals, value, unit);
	return text;
}

const char *
units_format_duration(int64_t ns, char text[static UNITS_TEXT])
{
	int64_t minutes = ns / (60 * CLOCK_NS_PER_S);

	if (ns < 1000) {
		(void)snprintf(text, UNITS_TEXT, "%" PRId64 " ns", ns);
		return text;
	}
	if (ns < 999500)
		return three_digits((double)ns / 1e3, "us", text);
	if (ns < 999500000)
		return three_digits((double)ns / 1e6, "ms", text);
	if (minutes < 1)
		return three_digits((double)ns / 1e9, "s", text);
	if (minutes < 60)
		(void)snprintf(text, UNITS_TEXT, "%" PRId64 " min %02d s",
		    minutes, (int)(ns / CLOCK_NS_PER_S % 60));
	else
		(void)snprintf(text, UNITS_TEXT, "%" PRId64 " h %02d min",
		    minutes / 60, (int)(minutes % 60));
	return text;
}

const char *
units_format_bytes(uint64_t bytes, char text[static UNITS_TEXT])
{
	static const char *const names[] = { "KiB", "MiB", "GiB", "TiB", "PiB",
		"EiB" };
	double value = (double)bytes / 1024;
	size_t i = 0;

	if (bytes < 1024) {
		(void)snprintf(text, UNITS_TEXT, "%" PRIu64 " B", bytes);
		return text;
	}
	for (; value >= 999.5 && i < sizeof names / sizeof *names - 1; i++)
		value /= 1024;
	return three_digits(value, names[i], text);
}

const char *
units_format_count(uint64_t count, char text[static UNITS_TEXT])
{
	char digits[UNITS_TEXT];
	int n = snprintf(digits, sizeof digits, "%" PRIu64, count);
	char *out = text;

	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			*out++ = ',';
		*out++ = digits[i];
	}
	*out = '\0';
	return text;
}

const char *
units_format_rate(double rate, char text[static UNITS_TEXT])
{
	uint64_t tenths = (uint64_t)(rate * 10 + 0.5);
	size_t n = strlen(units_format_count(tenths / 10, text));

	(void)snprintf(
	    text + n, UNITS_TEXT - n, ".%u", (unsigned)(tenths % 10));
	return text;
}
