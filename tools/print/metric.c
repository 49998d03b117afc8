/* metric: names by table or by rule, numbers as Go has them; see the header. */
#include "tools/print/metric.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	DIGITS_MAX = 17 /* that tell any two doubles apart */
};

struct row {
	const char *field;
	const char *name;
	const char *help;
	const char *label;
	const char *value;
};

static const struct row rows[] = {
#define METRIC(field, name, help)     { #field, name, help, NULL, NULL },
#define BY(field, name, label, value) { #field, name, NULL, label, value },
#include "tools/print/prometheus.def"
};

static const struct row families[] = {
#define FAMILY(name, help) { NULL, name, help, NULL, NULL },
#include "tools/print/prometheus.def"
};

static const enum metric_type types[] = {
	[STATS_KIND_TOTAL] = METRIC_COUNTER,
	[STATS_KIND_DIFFERENCE] = METRIC_GAUGE,
	[STATS_KIND_HIST] = METRIC_HISTOGRAM,
	[STATS_KIND_GAUGE] = METRIC_GAUGE,
};

static const char *const units[] = {
	[STATS_UNIT_COUNT] = "",
	[STATS_UNIT_BYTES] = "_bytes",
	[STATS_UNIT_NS] = "_seconds",
	[STATS_UNIT_DATE] = "_timestamp_seconds",
};

static const struct row *
find_row(const char *field)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].field, field) == 0)
			return &rows[i];
	return NULL;
}

static const char *
family_help(const char *name)
{
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (strcmp(families[i].name, name) == 0)
			return families[i].help;
	return NULL;
}

void
metric_name(const struct stats_field *field, struct metric *metric)
{
	const struct row *row = find_row(field->name);
	const char *name = row != NULL ? row->name : field->name;
	const char *help = row != NULL ? row->help : NULL;

	if (row != NULL && row->label != NULL)
		help = family_help(name);
	metric->type = types[field->kind];
	metric->help = help != NULL ? help : field->help;
	metric->label = row != NULL ? row->label : NULL;
	metric->value = row != NULL ? row->value : NULL;
	(void)snprintf(metric->name, sizeof metric->name, "tlsecho_%s%s%s",
	    name, units[field->unit],
	    metric->type == METRIC_COUNTER ? "_total" : "");
}

/* Digits after the first that it takes to read the same number. */
static int
digits_of(double value, char text[static METRIC_FLOAT])
{
	int digits = 0;

	for (; digits < DIGITS_MAX - 1; digits++) {
		(void)snprintf(text, METRIC_FLOAT, "%.*e", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	return digits;
}

/* Go's strconv writes an exponent below -4 and from 6 on. */
const char *
metric_float(double value, char text[static METRIC_FLOAT])
{
	int digits = digits_of(value, text);
	long exponent = strtol(strchr(text, 'e') + 1, NULL, 10);

	if (exponent >= -4 && exponent < 6)
		(void)snprintf(text, METRIC_FLOAT, "%.*f",
		    digits > exponent ? digits - (int)exponent : 0, value);
	return text;
}

const char *
metric_edge(double value, char text[static METRIC_FLOAT])
{
	(void)metric_float(value, text);
	if (strpbrk(text, ".e") == NULL)
		strcat(text, ".0");
	return text;
}
