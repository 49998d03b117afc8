/*
 * report: the outcome of a run, for people (report_text) and for programs
 * (report_json).
 */
#ifndef CLIENT_REPORT_REPORT_H
#define CLIENT_REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "client/identities/outcomes.h"
#include "common/base/close_reason.h"
#include "common/base/errmsg.h"

struct addr_list;
struct curve;
struct identities;
struct hist;
struct options;
struct series;
struct server_stats;
struct tally;

struct report {
	const struct options *options;
	const struct addr_list *addrs; /* of the server */
	const struct tally *totals;
	const struct curve *search;        /* that this run ends; NULL: none */
	struct series *series;             /* its own; NULL: no memory for it */
	const struct server_stats *server; /* NULL: not asked for */
	int64_t wall_ns;          /* of clock_wall_ns: when the run began */
	int64_t measured_wall_ns; /* when messages did; 0: they did not */
	int64_t elapsed_ns;       /* from the start to the last echo; or 0 */
	double busiest;   /* largest share of a CPU that a worker used */
	bool interrupted; /* by a signal */
	struct errmsg
	    lost; /* how the launcher of --steps was; "": it was not */
	unsigned workers_died;
	struct errmsg first_death; /* "worker 1: killed by SIGKILL" */
	uint64_t cut_off;          /* connections that outlived their worker */
	const struct identities *identities; /* NULL: one, or none */
	const struct outcomes *outcomes;     /* of identities; or NULL */
	struct outcomes_sum sum;             /* of outcomes */
};

enum {
	REPORT_REASONS = 7 /* that can make a run invalid */
};

enum report_status {
	REPORT_OK = 0,
	REPORT_FAILED = 1,
	REPORT_INVALID = 3, /* or too short for a goal; 2 is a wrong command
			     * line */
	REPORT_MISSED =
	    4 /* a goal, or what was expected; or B is worse than A */
};

/* Every connection was made and every byte came back right; or, with --expect,
 * was refused by an alert. */
bool report_is_good(const struct report *report);

/*
 * The figures are about the server, since the generator was neither late nor
 * saturated nor short of connections, and what was due could begin. How long
 * the server takes to echo does not matter. In a closed loop nothing is due.
 * Neither is valid if it was too short to try each identity of which something
 * is expected.
 */
bool report_is_valid(const struct report *report);

/* How many reasons there are why not; the weightiest comes first. */
unsigned report_why_invalid(
    const struct report *report, struct errmsg why[static REPORT_REASONS]);

/* It was late or saturated: what is slow may be this client itself. */
bool report_is_behind(const struct report *report);

/* A worker used so much of a CPU that a faster client might do more. */
bool report_is_saturated(const struct report *report);

/* The exit status. */
enum report_status report_status(const struct report *report);

/* The same in one line, and why it is not REPORT_OK, if it is not. */
enum report_status report_explain(
    const struct report *report, struct errmsg *why);

/* What the run is about: transactions with --handshakes, else round trips. */
uint64_t report_done(const struct report *report);
/* How long they took: their histogram, in ns. */
const struct hist *report_response(const struct report *report);

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
