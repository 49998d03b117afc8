/*
 * job: what is to be run, against whom, and where what happens is counted. Main
 * makes it, and it is handed down unchanged to the master, its workers, and the
 * connections of each.
 *
 * A worker that warms up counts into a tally of its own. The sums below hold
 * what the run must not miss of it: how connections fare, and failures. What is
 * measured is in the other tally alone.
 *
 * Borrows:	all that it points to, which outlives the run.
 * Threads:	the sums may be asked for while the workers count.
 */
#ifndef CLIENT_JOB_H
#define CLIENT_JOB_H

#include <stdint.h>

struct addr_list;
struct identities;
struct options;
struct outcomes;
struct tally;
struct tls_creds;

struct job {
	const struct options *options;
	const struct addr_list *addrs; /* of the server; tried in order */
	struct tls_creds *creds;
	const struct identities *identities; /* NULL: that of creds */
	struct outcomes *outcomes;           /* theirs; NULL likewise */
	struct tally *tallies;               /* of each worker */
	struct tally *warmups; /* likewise, behind those; with --warmup */
	struct tally *totals;  /* their sum, when all workers are gone */
	int text_fd;           /* for prompts and, with --verbose, sessions */
};

/* Connections that are open now, and that ended by an error; warm-up or not. */
uint64_t job_open(const struct job *job);
uint64_t job_errors(const struct job *job);

/* Connects that this address, counted from 0, did not answer. */
uint64_t job_unanswered(const struct job *job, int address);

/* Connections of a worker that were asked for and are not over. */
uint64_t job_not_over(const struct job *job, unsigned worker);

/* Into totals, which are zero, when all workers are gone. */
void job_add_up(const struct job *job);

#endif
