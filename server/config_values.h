/*
 * config_values: sets option values that are more than a number or a name.
 *
 * Each is a struct args_option's set(): target is a struct config. Values are
 * borrowed. 0, or -1 with a message to which the caller prepends the option's
 * name.
 */
#ifndef SERVER_CONFIG_VALUES_H
#define SERVER_CONFIG_VALUES_H

#include "common/base/errmsg.h"
#include "common/sys/log.h"

int config_set_listen(void *target, const char *value, struct errmsg *e);
int config_set_workers(void *target, const char *value, struct errmsg *e);
int config_set_cpu_affinity(void *target, const char *value, struct errmsg *e);
int config_set_priority(void *target, const char *value, struct errmsg *e);
int config_set_stats_name(void *target, const char *value, struct errmsg *e);
int config_set_stats_mode(void *target, const char *value, struct errmsg *e);
int config_set_stats_group(void *target, const char *value, struct errmsg *e);
int config_set_connection_table(
    void *target, const char *value, struct errmsg *e);
int config_set_log_level(void *target, const char *value, struct errmsg *e);
int config_set_log_format(void *target, const char *value, struct errmsg *e);
int config_set_ready_fd(void *target, const char *value, struct errmsg *e);
int config_set_client_auth(void *target, const char *value, struct errmsg *e);
int config_set_client_purpose(
    void *target, const char *value, struct errmsg *e);
int config_set_open_sessions(void *target, const char *value, struct errmsg *e);
int config_set_allow_cn(void *target, const char *value, struct errmsg *e);
int config_set_allow_san(void *target, const char *value, struct errmsg *e);
int config_set_allow_pin(void *target, const char *value, struct errmsg *e);
int config_set_alpn(void *target, const char *value, struct errmsg *e);
int config_set_keepalive(void *target, const char *value, struct errmsg *e);
int config_set_sandbox(void *target, const char *value, struct errmsg *e);
int config_set_memory_pressure(
    void *target, const char *value, struct errmsg *e);
int config_set_user(void *target, const char *value, struct errmsg *e);
int config_set_tickets(void *target, const char *value, struct errmsg *e);

/* The level that the first line of a file names. */
int config_read_log_level(
    const char *path, enum log_level *level, struct errmsg *e);

#endif
