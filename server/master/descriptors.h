/*
 * descriptors: all that the master has open, in one table: what of it a worker
 * has, too, and what the next program in this process gets (execve(2)). They
 * are close-on-exec otherwise.
 *
 * The process that writes the log keeps none of them (logger/logger.h).
 *
 * Use:
 *	descriptors_enter_worker(m, index);	// in the child
 *	descriptors_pass(m, true);
 *	... execve(2), which fails ...
 *	descriptors_pass(m, false);
 */
#ifndef SERVER_MASTER_DESCRIPTORS_H
#define SERVER_MASTER_DESCRIPTORS_H

#include <stdbool.h>

struct master;

/* In a worker's process, of this slot: closes what is not a worker's. */
void descriptors_enter_worker(const struct master *m, unsigned index);

/* Whether the next program gets what is for it. */
void descriptors_pass(const struct master *m, bool pass);

/*
 * How many the next program has that a rehearsal lacks: one opens inboxes, a
 * log, statistics and limits of its own.
 */
unsigned descriptors_count_passed(const struct master *m);

#endif
