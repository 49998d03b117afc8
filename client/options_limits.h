/* options_limits: how large the values of options may be. */
#ifndef CLIENT_OPTIONS_LIMITS_H
#define CLIENT_OPTIONS_LIMITS_H

enum {
	OPTIONS_CONNECTIONS_MAX = 1000000,
	OPTIONS_WORKERS_MAX = 256,
	OPTIONS_PIPELINE_MAX = 1024,
	OPTIONS_RATE_MAX = 100000000, /* far beyond what can be sent */
	OPTIONS_RATE_DECIMALS = 3,
	OPTIONS_RATE_DECIMALS_MAX = 10000, /* the largest rate with decimals */
	OPTIONS_STEP_MIN = 10, /* events of a step: fewer have no quantiles */
	OPTIONS_SIZE_MAX = 16 << 20,
	OPTIONS_FILES_MAX = 10000,
	OPTIONS_PARTS_MAX = 10000,
	OPTIONS_THRESHOLD_MAX = 1000, /* percent */
	OPTIONS_HELLO_MIN = 512,
	OPTIONS_HELLO_MAX = 16384
};

#endif
