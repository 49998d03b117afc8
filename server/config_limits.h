/*
 * config_limits: limits on clients, and set() of their options; see
 * args_option.h.
 */
#ifndef SERVER_CONFIG_LIMITS_H
#define SERVER_CONFIG_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/errmsg.h"

/* A token bucket. */
struct config_rate {
	int64_t interval_ns; /* between two tokens; 0: no limit */
	uint64_t burst;      /* tokens that it holds, at least 1 */
};

struct config_network {
	uint64_t max;   /* connections of each network; 0: no limit */
	uint8_t v4, v6; /* bits of its prefix */
};

enum {
	CONFIG_RATE_TEXT = 64
};

/* N[/V4[/V6]]: connections of a network, and how long its prefixes are. */
int config_set_network_limit(void *target, const char *value, struct errmsg *e);

/* N[/s|/m|/h][:BURST], N and BURST from 1 to a million. */
int config_set_handshake_rate(
    void *target, const char *value, struct errmsg *e);
int config_set_address_rate(void *target, const char *value, struct errmsg *e);

/* 4 KiB to 1 GiB. */
int config_set_max_tx_buffer(void *target, const char *value, struct errmsg *e);

/* 0, or 1 MiB and more. */
int config_set_max_memory(void *target, const char *value, struct errmsg *e);

/* "one in 10.0 ms, 500 at once" */
const char *config_format_rate(
    const struct config_rate *rate, char text[static CONFIG_RATE_TEXT]);

#endif
