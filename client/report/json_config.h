/*
 * json_config: which run this was: what its options came to, and on what it
 * ran. The keys are the names of the options, with '_' for '-', and _ns after
 * those of times; an option of the table is there without more ado.
 */
#ifndef CLIENT_REPORT_JSON_CONFIG_H
#define CLIENT_REPORT_JSON_CONFIG_H

#include <jansson.h>

struct json_maker;
struct options;

/* Effective values; all but the path of a password file. NULL: no memory. */
json_t *json_configuration(struct json_maker *m);

/* A number: this part's share; 0 for a closed loop. */
json_t *json_rate(const struct options *options);

/* Versions, machine and host; see uname(2). */
json_t *json_environment(struct json_maker *m);

#endif
