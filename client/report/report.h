/*
 * report: the outcome of a run, for people (report_text) and for programs
 * (report_json).
 */
#ifndef CLIENT_REPORT_REPORT_H
#define CLIENT_REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/close_reason.h"
#include "common/base/errmsg.h"

struct addr_list;
struct options;
struct tally;

struct report {
	const struct options *options;
	const struct addr_list *addrs; /* of the server */
	const struct tally *totals;
	int64_t elapsed_ns; /* from the start to the last echo; or 0 */
	double busiest;     /* largest share of a CPU that a worker used */
	bool interrupted;   /* by a signal */
	unsigned workers_died;
	struct errmsg first_death; /* "worker 1: killed by SIGKILL" */
	uint64_t cut_off;          /* connections that outlived their worker */
};

enum {
	REPORT_REASONS = 4 /* that can make a run invalid */
};

enum report_status {
	REPORT_OK = 0,
	REPORT_FAILED = 1,
	REPORT_INVALID = 3 /* 2 is a wrong command line */
};

/* Every connection was made and every byte came back right. */
bool report_is_good(const struct report *report);

/*
 * The figures are about the server, since the generator was neither late nor
 * saturated nor short of connections. How long the server
 * takes to echo does not matter. A closed loop is always valid: nothing is due.
 */
bool report_is_valid(const struct report *report);

/* How many reasons there are why not; the weightiest comes first. */
unsigned report_why_invalid(
    const struct report *report, struct errmsg why[static REPORT_REASONS]);

/* A worker used so much of a CPU that a faster client might do more. */
bool report_is_saturated(const struct report *report);

/* The exit status. */
enum report_status report_status(const struct report *report);

/* The same in one line, and why it is not REPORT_OK, if it is not. */
enum report_status report_explain(
    const struct report *report, struct errmsg *why);

/* Connections, or with --handshakes transactions, that were to be made. */
uint64_t report_asked(const struct report *report);

/* Connections that were neither made nor failed: the run ended too early. */
uint64_t report_not_made(const struct report *report);

/* close_reason_text, seen from the client. */
const char *report_reason(enum close_reason reason);

/* How many of count there were in a second; 0 when no time has elapsed. */
double report_rate(const struct report *report, uint64_t count);

/* The share of handshakes that resumed a session; 0 for none. */
double report_resumed_percent(const struct report *report);

/* CPU time of the workers divided by count, in ns; 0 for none. */
double report_cpu_for_each(const struct report *report, uint64_t count);

#endif
