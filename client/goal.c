/* goal: the grammar of --goal; see the header. */
#include "client/goal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/hist.h"
#include "common/base/units.h"

static const struct {
	const char *name;
	enum goal_metric metric;
	enum goal_unit unit;
} metrics[] = {
	{ "rate", GOAL_RATE, GOAL_PER_SECOND },
	{ "kept", GOAL_KEPT, GOAL_PERCENT },
	{ "errors", GOAL_ERRORS, GOAL_COUNT },
	{ "error_rate", GOAL_ERROR_RATE, GOAL_PERCENT },
	{ "cpu", GOAL_CPU, GOAL_NS },
	{ "resumed", GOAL_RESUMED, GOAL_PERCENT },
};

static const struct {
	const char *name;
	enum goal_metric metric;
} latencies[] = {
	{ "min", GOAL_MIN },
	{ "mean", GOAL_MEAN },
	{ "max", GOAL_MAX },
};

/* One that begins like another one stands before it. */
static const struct {
	const char *text;
	enum goal_operator operator;
} operators[] = {
	{ "<=", GOAL_AT_MOST },
	{ "<", GOAL_BELOW },
	{ "==", GOAL_EQUAL },
	{ ">=", GOAL_AT_LEAST },
	{ ">", GOAL_ABOVE },
};

enum {
	METRICS = sizeof metrics / sizeof *metrics,
	LATENCIES = sizeof latencies / sizeof *latencies,
	OPERATORS = sizeof operators / sizeof *operators,
	WORD = 64
};

static const char *
skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* Digits and at most one point: strtod(3) alone takes "inf" and "0x1p3". */
static int
parse_number(const char *text, double *number)
{
	if (text[strspn(text, "0123456789.")] != '\0' ||
	    !isdigit((unsigned char)text[0]) ||
	    strchr(text, '.') != strrchr(text, '.'))
		return -1;
	*number = strtod(text, NULL);
	return 0;
}

/* "p99", "mean". */
static int
parse_latency(struct goal *g, const char *word)
{
	double percent;

	g->unit = GOAL_NS;
	for (unsigned i = 0; i < LATENCIES; i++) {
		g->metric = latencies[i].metric;
		if (strcmp(word, latencies[i].name) == 0)
			return 0;
	}
	g->metric = GOAL_QUANTILE;
	if (word[0] != 'p' || parse_number(word + 1, &percent) < 0 ||
	    percent <= 0 || percent > 100)
		return -1;
	g->quantile = percent / 100;
	return 0;
}

/* The histogram whose key these characters are. */
static int
find_hist(struct goal *g, const char *key, size_t len)
{
	g->hist = GOAL_HIST_HANDSHAKE;
	if (len == strlen("handshake") && memcmp(key, "handshake", len) == 0)
		return 0;
	for (g->hist = 0; g->hist < TALLY_HISTS; g->hist++) {
		const char *other = tally_hist_key((enum tally_hist)g->hist);

		if (strlen(other) == len && memcmp(key, other, len) == 0)
			return 0;
	}
	return -1;
}

static int
find_metric(struct goal *g, const char *word)
{
	const char *end = strrchr(word, '_');

	for (unsigned i = 0; i < METRICS; i++) {
		g->metric = metrics[i].metric;
		g->unit = metrics[i].unit;
		if (strcmp(word, metrics[i].name) == 0)
			return 0;
	}
	if (end == NULL)
		return parse_latency(g, word);
	if (find_hist(g, word, (size_t)(end - word)) < 0)
		return -1;
	return parse_latency(g, end + 1);
}

/* All that there are. */
static int
explain_metric(const char *word, struct errmsg *e)
{
	char hists[256] = "handshake_";
	char others[128] = "";
	size_t used = strlen(hists);

	for (int i = 0; i < TALLY_HISTS && used < sizeof hists; i++)
		used += (size_t)snprintf(hists + used, sizeof hists - used,
		    ", %s_", tally_hist_key((enum tally_hist)i));
	used = 0;
	for (unsigned i = 0; i < METRICS; i++)
		used += (size_t)snprintf(others + used, sizeof others - used,
		    ", %s", metrics[i].name);
	ASSERT(used < sizeof others);
	return errmsg_set(e,
	    "unknown metric '%s': use p50, p99.9 or another quantile, min, "
	    "mean, max (of the response time, or behind %s)%s",
	    word, hists, others);
}

static int
parse_metric(
    struct goal *g, const char *text, const char *end, struct errmsg *e)
{
	char word[WORD];
	size_t len;

	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	len = (size_t)(end - text);
	if (len >= sizeof word)
		return errmsg_set(e, "'%s': too long", text);
	memcpy(word, text, len);
	word[len] = '\0';
	return find_metric(g, word) == 0 ? 0 : explain_metric(word, e);
}

static int
parse_percent(const char *text, double *percent, struct errmsg *e)
{
	size_t len = strlen(text);
	char number[WORD];

	if (len == 0 || len >= sizeof number || text[len - 1] != '%')
		return errmsg_set(
		    e, "'%s' is not a percentage, such as 0.1%%", text);
	memcpy(number, text, len - 1);
	number[len - 1] = '\0';
	if (parse_number(number, percent) == 0 && *percent <= 100)
		return 0;
	return errmsg_set(e, "'%s' is not between 0%% and 100%%", text);
}

/* A second is too long for most latencies to be what a bare number means. */
static int
parse_time(const char *text, double *bound, struct errmsg *e)
{
	double number;
	int64_t ns;

	if (parse_number(text, &number) == 0)
		return errmsg_set(e,
		    "'%s' has no unit: write %sms, %sus or %ss", text, text,
		    text, text);
	if (units_parse_duration(text, &ns, e) < 0)
		return -1;
	*bound = (double)ns;
	return 0;
}

static int
parse_bound(struct goal *g, const char *text, struct errmsg *e)
{
	unsigned decimals = 0;
	uint64_t count;

	if (g->unit == GOAL_NS)
		return parse_time(text, &g->bound, e);
	if (g->unit == GOAL_PERCENT)
		return parse_percent(text, &g->bound, e);
	if (g->unit == GOAL_COUNT
		? units_parse_count(text, &count, e) < 0
		: units_parse_decimal(text, &count, &decimals, e) < 0)
		return -1;
	g->bound = (double)count / (double)units_power_of_10(decimals);
	return 0;
}

static int
parse(struct goal *g, const char *text, struct errmsg *e)
{
	const char *at = text + strcspn(text, "<>=");

	*g = (struct goal){ .text = text, .hist = GOAL_HIST_RESPONSE };
	text = skip_blanks(text);
	for (unsigned i = 0; i < OPERATORS; i++) {
		size_t len = strlen(operators[i].text);

		g->operator= operators[i].operator;
		if (strncmp(at, operators[i].text, len) != 0)
			continue;
		if (parse_metric(g, text, at, e) < 0)
			return -1;
		return parse_bound(g, skip_blanks(at + len), e);
	}
	return errmsg_set(e,
	    "neither <, <=, ==, >= nor > in it: write it as 'p99<2ms' or "
	    "'errors==0'");
}

int
goals_add(struct goals *goals, const char *text, struct errmsg *e)
{
	if (goals->count == GOALS_MAX)
		return errmsg_set(
		    e, "may be given %d times at most", GOALS_MAX);
	if (parse(&goals->of[goals->count], text, e) < 0)
		return errmsg_prepend(e, "'%s'", text);
	goals->count++;
	return 0;
}

bool
goals_have(const struct goals *goals, enum goal_metric metric)
{
	for (unsigned i = 0; i < goals->count; i++)
		if (goals->of[i].metric == metric)
			return true;
	return false;
}

uint64_t
goal_values_needed(const struct goal *g)
{
	if (g->metric == GOAL_QUANTILE)
		return hist_quantile_needs(g->quantile);
	return g->metric <= GOAL_MAX;
}

bool
goal_is_met(const struct goal *g, double value)
{
	switch (g->operator) {
	case GOAL_BELOW:
		return value < g->bound;
	case GOAL_AT_MOST:
		return value <= g->bound;
	case GOAL_EQUAL:
		return value >= g->bound && value <= g->bound;
	case GOAL_AT_LEAST:
		return value >= g->bound;
	case GOAL_ABOVE:
		return value > g->bound;
	}
	return false;
}
