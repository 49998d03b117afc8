/*
 * options: the command line of tlsecho-client.
 *
 * Borrows:	argv, which the strings point into.
 * Errors:	-1 and a line for args_usage_error.
 * Use:
 *	if (options_parse(&options, argc, argv, &e) < 0)
 *		return args_usage_error(&options_program, &e);
 */
#ifndef CLIENT_OPTIONS_H
#define CLIENT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/creds/args.h"
#include "common/sys/addr.h"
#include "common/sys/args.h"
#include "common/sys/keepalive.h"
#include "common/sys/sources.h"

enum {
	OPTIONS_CONNECTIONS_MAX = 1000000,
	OPTIONS_WORKERS_MAX = 256,
	OPTIONS_PIPELINE_MAX = 1024,
	OPTIONS_RATE_MAX = 100000000, /* far beyond what can be sent */
	OPTIONS_RATE_DECIMALS = 3,
	OPTIONS_RATE_DECIMALS_MAX = 10000, /* the largest rate with decimals */
	OPTIONS_SIZE_MAX = 16 << 20,
	OPTIONS_HELLO_MIN = 512,
	OPTIONS_HELLO_MAX = 16384
};

struct options {
	const char *target; /* HOST:PORT */
	uint64_t connections;
	uint64_t workers;     /* at most connections */
	int64_t duration_ns;  /* 0: until round_trips are made */
	uint64_t round_trips; /* or transactions, of all; 0: for duration_ns */
	uint64_t pipeline;    /* messages under way on each connection */
	size_t size_min, size_max;
	struct tls_files files;
	struct sources sources;
	const char *priority;
	int64_t connect_timeout_ns;
	int64_t handshake_timeout_ns;
	int64_t timeout_ns; /* of a round trip */
	struct keepalive keepalive;
	const char *json;       /* NULL: none; "-": standard output */
	int steps_fd;           /* -1: none */
	uint64_t rate;          /* of an open loop, a second; 0: closed loop */
	unsigned rate_decimals; /* so many digits of it are a fraction */
	int64_t late_limit_ns;  /* of the open loop's p99 */
	int64_t grace_ns; /* after its end: for what could not begin in time */
	bool idle;
	bool handshakes; /* transactions: each has a connection of its own */
	bool resume;     /* they offer session tickets */
	bool interactive;
	bool quiet;
	bool verbose;
	uint64_t hello_size; /* pads each ClientHello to it; 0: no */
	bool splits_hello;   /* sends it in two segments */
	bool whoami;         /* the server greets with a line */
	/* The name that the server's certificate must bear: a DNS name or an
	 * IP address, without brackets, scope and trailing dot. */
	char peer_name[ADDR_HOST];
};

extern const struct args_program options_program;

/* The rate as a number; 0 for a closed loop. */
double options_rate(const struct options *options);

/* How long the run is to take; 0: as long as its round trips take. */
int64_t options_length_ns(const struct options *options);

int options_parse(
    struct options *options, int argc, char **argv, struct errmsg *e);

#endif
