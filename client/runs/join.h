/*
 * join: adds the values of one document to those of another, as the table of
 * fields says.
 *
 * Errors:	-1 and a line that names the key; into is then half done.
 * Use:
 *	if (join_fields(into, from, field_table, &e) < 0) ...
 */
#ifndef CLIENT_RUNS_JOIN_H
#define CLIENT_RUNS_JOIN_H

#include <jansson.h>

#include "client/runs/fields.h"
#include "common/base/errmsg.h"

/* What into does not have yet it takes as it is. from has been checked. */
int join_fields(json_t *into, const json_t *from, const struct field *fields,
    struct errmsg *e);

/* Adds the count at a key of from to that of into. */
int join_count(
    json_t *into, const json_t *from, const char *key, struct errmsg *e);

/*
 * Adds a list of objects to another: the counts of those that have all other
 * keys in common are added, the rest is appended.
 */
int join_list(
    json_t *into, const json_t *from, const char *count_key, struct errmsg *e);

/* Sets a value, which it takes; -1 if that is NULL or there is no memory. */
int join_set(json_t *object, const char *key, json_t *value, struct errmsg *e);

#endif
