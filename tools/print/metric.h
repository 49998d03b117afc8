/*
 * metric: what a field is called as a Prometheus metric: the table of
 * print/prometheus.def, and the rule for fields that are not in it, such as
 * those of a server of another release.
 *
 * Use:
 *	metric_name(field, &metric);
 *	printf("%s{%s=\"%s\"}", metric.name, metric.label, metric.value);
 */
#ifndef TOOLS_PRINT_METRIC_H
#define TOOLS_PRINT_METRIC_H

#include "common/stats/field.h"

enum {
	METRIC_NAME = 96,
	METRIC_FLOAT = 32
};

enum metric_type {
	METRIC_COUNTER,
	METRIC_GAUGE,
	METRIC_HISTOGRAM
};

struct metric {
	char name[METRIC_NAME]; /* "tlsecho_handshake_failures_total" */
	enum metric_type type;
	const char *help;  /* points into the field, or is static */
	const char *label; /* static, as is value; NULL: none */
	const char *value;
};

/* Of any field, whose name and help have been checked by stats/segment.h. */
void metric_name(const struct stats_field *field, struct metric *metric);

/*
 * The shortest text that is read as this number, spelled as Go's strconv does
 * with 'g' and -1: "0.25", "1.048576e+06"; of an edge of a bucket with the ".0"
 * of "1.0" and "16.0", as Prometheus 3 spells it.
 */
const char *metric_float(double value, char text[static METRIC_FLOAT]);
const char *metric_edge(double value, char text[static METRIC_FLOAT]);

#endif
