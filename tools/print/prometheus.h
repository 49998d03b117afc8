/*
 * prometheus: samples of one or several servers in Prometheus's text format
 * 0.0.4, in a form that its servers from 2.42 to 3.5 take and promtool finds
 * nothing wrong with: HELP and TYPE once for each metric, all series of a
 * metric together, base units, "# EOF" at the end.
 *
 * Every series has the label "server", the name of the segment. Those of
 * workers have "worker", too: its number, from 0. Names are in print/metric.h.
 *
 * Use:
 *	struct prometheus_source sources[] = { { "default", sample } };
 *	if (prometheus_print(sources, 1, out) < 0) ...
 */
#ifndef TOOLS_PRINT_PROMETHEUS_H
#define TOOLS_PRINT_PROMETHEUS_H

#include <stddef.h>
#include <stdio.h>

#include "tools/sample/sample.h"

#define PROMETHEUS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct prometheus_source {
	const char *name;
	const struct sample *sample; /* NULL: there is no such server */
};

/*
 * Of a server that is not there, only tlsecho_up, which is 0. Of a dead one
 * that, and its last totals and histograms, but no gauges: nothing of what they
 * say is so any more. 0, or -1: there is no memory, and nothing was printed.
 */
int prometheus_print(
    const struct prometheus_source *sources, size_t count, FILE *out);

#endif
