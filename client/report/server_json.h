/*
 * server_json: both sides of each counter, as a part of the JSON report.
 */
#ifndef CLIENT_REPORT_SERVER_JSON_H
#define CLIENT_REPORT_SERVER_JSON_H

#include <jansson.h>

struct json_maker;

/* An object; null without --server-stats. */
json_t *server_json(struct json_maker *m);

#endif
