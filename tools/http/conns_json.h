/*
 * conns_json: open connections as a JSON object: "total", "matched" and
 * "connections", an array of objects: those of json_rows with two rates more.
 *
 * Use:
 *	conns_json_print(now, before, &query, out);
 */
#ifndef TOOLS_HTTP_CONNS_JSON_H
#define TOOLS_HTTP_CONNS_JSON_H

#include <stdio.h>

#include "tools/sample/conns.h"

/* now may be NULL: there are none. 0, or -1: no memory. */
int conns_json_print(const struct sample *now, const struct sample *before,
    const struct conns_query *query, FILE *out);

#endif
