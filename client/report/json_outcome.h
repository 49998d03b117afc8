/*
 * json_outcome: how connections went, as parts of the JSON report: by reason
 * and alert, what was negotiated, the first that failed, and a wrong echo.
 */
#ifndef CLIENT_REPORT_JSON_OUTCOME_H
#define CLIENT_REPORT_JSON_OUTCOME_H

#include <jansson.h>

struct json_maker;

/* Objects: how many connections failed, by word of the reason; by alert. */
json_t *json_errors(struct json_maker *m);
json_t *json_alerts(struct json_maker *m);

/* A list: an object for each set of parameters. */
json_t *json_negotiated(struct json_maker *m);

/* Objects, or null if there is none. */
json_t *json_first_failure(struct json_maker *m);
json_t *json_mismatch(struct json_maker *m);

#endif
