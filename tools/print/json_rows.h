/*
 * json_rows: the open connections and the last failed handshakes of a sample,
 * as JSON; what their keys mean is in tlsecho-stat(1).
 *
 * Use:
 *	array = json_rows_connections(sample);
 */
#ifndef TOOLS_PRINT_JSON_ROWS_H
#define TOOLS_PRINT_JSON_ROWS_H

#include <jansson.h>

#include "tools/sample/sample.h"

/* For json_decref, as all of these; NULL: no memory. */
json_t *json_rows_connection(
    const struct sample *s, const struct sample_conn *conn);

/* Arrays. */
json_t *json_rows_connections(const struct sample *s);
json_t *json_rows_offenders(const struct sample *s);

#endif
