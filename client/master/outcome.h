/*
 * outcome: what the tallies of all workers come to when they are gone.
 *
 * Borrows:	the job; the report borrows it, too.
 * Use:
 *	outcome_fill(&report, job, &workers, started_ns);
 */
#ifndef CLIENT_MASTER_OUTCOME_H
#define CLIENT_MASTER_OUTCOME_H

#include <stdint.h>

struct job;
struct report;
struct workers;

/*
 * Adds the tallies to the job's totals, and sets in the report what follows
 * from them; the rest of it becomes zero. started_ns: when the workers were
 * told to start; 0: they were not.
 */
void outcome_fill(struct report *report, const struct job *job,
    const struct workers *workers, int64_t started_ns);

#endif
