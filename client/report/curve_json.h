/*
 * curve_json: the search for the highest rate as JSON.
 *
 * Use:
 *	json_object_set_new(root, "search", curve_json(&curve));
 */
#ifndef CLIENT_REPORT_CURVE_JSON_H
#define CLIENT_REPORT_CURVE_JSON_H

#include <jansson.h>

struct curve;

/* The caller's; NULL if there is no memory. */
json_t *curve_json(const struct curve *curve);

#endif
