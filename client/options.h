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

#include "client/goal.h"
#include "client/options_limits.h"
#include "client/part.h"
#include "client/steps_mode.h"
#include "common/creds/args.h"
#include "common/creds/creds.h"
#include "common/sys/addr.h"
#include "common/sys/args.h"
#include "common/sys/keepalive.h"
#include "common/sys/sources.h"

/* What the first operand asks for. */
enum options_command {
	OPTIONS_RUN,    /* HOST:PORT: a run */
	OPTIONS_MERGE,  /* "merge": files of runs */
	OPTIONS_COMPARE /* "compare": two sides of files of runs */
};

struct options {
	enum options_command command;
	char **runs; /* operands behind the command; a run has none */
	int runs_count;
	bool allow_missing;       /* parts of a load, in a union */
	double threshold_percent; /* of a comparison */
	const char *target;       /* HOST:PORT; NULL for another command */
	struct part part; /* the rate is of all parts, the rest is its share */
	uint64_t all_connections, all_round_trips, all_connect_rate;
	uint64_t connections, workers; /* at least one for each worker */
	int64_t warmup_ns;    /* of load that is not counted, before it */
	int64_t duration_ns;  /* 0: until round_trips are made */
	uint64_t round_trips; /* or transactions, of all; 0: for duration_ns */
	uint64_t pipeline;    /* messages under way on each connection */
	size_t size_min, size_max;
	struct tls_files files;
	const char *identities; /* a directory or a list; NULL: files */
	const char *expect;     /* how they are to come out; NULL: anyhow */
	struct sources sources;
	const char *priority;
	const char *alpn[TLS_ALPN_MAX]; /* in order; NULL ends it early */
	char alpn_text[TLS_ALPN_MAX][TLS_ALPN_NAME];
	const char *keylog;           /* NULL: none */
	int64_t connect_timeout_ns;   /* of TCP and TLS together */
	int64_t handshake_timeout_ns; /* of TLS alone */
	int64_t timeout_ns;           /* of a round trip */
	struct keepalive keepalive;
	/* NULL: none; "-": standard output */
	const char *json, *hgrm, *hlog, *html;
	const char *server_stats; /* its segment; NULL: none */
	enum steps_mode steps;
	int steps_fd;           /* of STEPS_FD */
	uint64_t rate;          /* of an open loop, a second; 0: closed loop */
	unsigned rate_decimals; /* so many digits of it are a fraction */
	int64_t late_limit_ns;  /* of the open loop's p99 */
	int64_t grace_ns; /* after its end: for what could not begin in time */
	bool idle;
	bool handshakes;    /* transactions: each has a connection of its own */
	uint64_t reconnect; /* after so many round trips; 0: never */
	uint64_t connect_rate;   /* connects a second, at most; 0: no limit */
	uint64_t resume_percent; /* of them offer a session ticket; 0: none */
	bool no_echo;        /* nothing is sent, so any TLS server will do */
	bool ping;           /* instead of a load */
	bool pipe;           /* the same: standard input and output */
	int64_t interval_ns; /* of the ping */
	bool progress;       /* in lines, on a terminal, too */
	bool interactive, quiet, verbose;
	uint64_t hello_size; /* pads each ClientHello to it; 0: no */
	bool splits_hello;   /* sends it in two segments */
	bool find_rate;      /* the highest that meets the goals */
	struct goals goals;  /* to judge the run by */
	bool whoami;         /* the server greets with a line */
	bool explain;        /* one connection, told step by step */
	/* The name that the server's certificate must bear: a DNS name or an
	 * IP address, without brackets, scope and trailing dot. */
	char peer_name[ADDR_HOST];
};

extern const struct args_program options_program;

/* Whether connections have a certificate to present. */
static inline bool
options_have_certificate(const struct options *o)
{
	return o->identities != NULL || tls_files_have_own(&o->files);
}

/* Connections are closed, and opened again, while the load runs. */
bool options_reopen(const struct options *options);

/* This part's share of the rate; 0 for a closed loop. */
double options_rate(const struct options *options);
/* Messages begin when they are due, not when an earlier one is over. */
bool options_is_open_loop(const struct options *options);

/* How long the run is to take; 0: as long as its round trips take. */
int64_t options_length_ns(const struct options *options);

int options_parse(
    struct options *options, int argc, char **argv, struct errmsg *e);

#endif
