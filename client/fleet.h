/*
 * fleet: the parent of the workers. It forks them, starts them together when
 * all have connected, passes on what signals and keys mean, and sees them out.
 *
 * Borrows:	everything in the task.
 * Errors:	-1 and a line when the workers cannot be started. What happens
 *		to workers and connections then is in the report.
 * Use:
 *	if (fleet_run(&task, &report, &e) < 0) ...
 */
#ifndef CLIENT_FLEET_H
#define CLIENT_FLEET_H

#include "common/errmsg.h"

struct addr_list;
struct options;
struct report;
struct tally;
struct tls_creds;

struct fleet_task {
	const struct options *options;
	const struct addr_list *addrs;
	struct tls_creds *creds;
	struct tally *tallies; /* of each worker */
	int text_fd;           /* for facts and prompts */
};

/* Fills in all of the report but its options and totals. */
int fleet_run(
    const struct fleet_task *task, struct report *report, struct errmsg *e);

#endif
