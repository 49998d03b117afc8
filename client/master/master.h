/*
 * master: the process that forks the workers, starts them together when all
 * have connected, stops them on a signal, and waits for their end.
 *
 * Borrows:	all that the job points to.
 * Errors:	-1 and a line when the workers cannot be started. What happens
 *		to workers and connections then is in the report.
 * Use:
 *	if (master_run(&job, &report, &e) < 0) ...
 */
#ifndef CLIENT_MASTER_MASTER_H
#define CLIENT_MASTER_MASTER_H

#include "common/base/errmsg.h"

struct job;
struct report;

/* Fills the report, and the job's totals. */
int master_run(const struct job *job, struct report *report, struct errmsg *e);

#endif
