/*
 * options_values: values of tlsecho-client's options that are more than a
 * number or a word, as calls of its table (common/sys/args_option.h).
 *
 * Errors:	-1 and words that can follow "--name: ".
 */
#ifndef CLIENT_OPTIONS_VALUES_H
#define CLIENT_OPTIONS_VALUES_H

#include <stdbool.h>

#include "common/base/errmsg.h"

struct options;

/* target is a struct options. */
int options_set_size(void *target, const char *value, struct errmsg *e);
int options_set_rate(void *target, const char *value, struct errmsg *e);
int options_set_resume(void *target, const char *value, struct errmsg *e);
int options_set_bind(void *target, const char *value, struct errmsg *e);
int options_set_keepalive(void *target, const char *value, struct errmsg *e);
int options_set_threshold(void *target, const char *value, struct errmsg *e);
int options_set_alpn(void *target, const char *value, struct errmsg *e);
int options_set_priority(void *target, const char *value, struct errmsg *e);
int options_set_server_name(void *target, const char *value, struct errmsg *e);
int options_add_goal(void *target, const char *value, struct errmsg *e);
int options_set_part(void *target, const char *value, struct errmsg *e);
int options_set_steps(void *target, const char *value, struct errmsg *e);
int options_set_steps_fd(void *target, const char *value, struct errmsg *e);

/* A word that begins with a digit and has no colon, as HOST:PORT has. */
bool options_is_share(const char *word);

/* name fits: a DNS name, or an address without brackets. */
void options_set_peer_name(struct options *options, const char *name);

#endif
