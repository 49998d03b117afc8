/*
 * job: what is to be run, against whom, and where what happens is counted. Main
 * makes it, and it is handed down unchanged to the master, its workers, and the
 * connections of each.
 *
 * Borrows:	all that it points to, which outlives the run.
 */
#ifndef CLIENT_JOB_H
#define CLIENT_JOB_H

struct addr_list;
struct options;
struct tally;
struct tls_creds;

struct job {
	const struct options *options;
	const struct addr_list *addrs; /* of the server; tried in order */
	struct tls_creds *creds;
	struct tally *tallies; /* of each worker */
	struct tally *totals;  /* their sum, when all workers are gone */
	int text_fd;           /* for prompts and, with --verbose, sessions */
};

#endif
