/*
 * metrics: all servers that are watched, in Prometheus's text format.
 *
 * Use:
 *	metrics_print(servers, out);
 */
#ifndef TOOLS_HTTP_METRICS_H
#define TOOLS_HTTP_METRICS_H

#include <stdio.h>

#include "tools/http/servers.h"
#include "tools/print/prometheus.h"

/* 0, or -1: no memory. */
int metrics_print(struct servers *servers, FILE *out);

#endif
