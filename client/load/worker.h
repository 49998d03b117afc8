/*
 * worker: a process that has connections: it opens them, reports that, waits
 * for the order to start, runs the load, reports that, holds the connections
 * until it is ordered to stop, and exits when all have ended. When the master
 * is dead, it exits at once.
 *
 * Borrows:	the setup, which crosses fork.
 * Use:
 *	In a child process: _exit(worker_run(&setup));
 */
#ifndef CLIENT_LOAD_WORKER_H
#define CLIENT_LOAD_WORKER_H

struct job;

struct worker_setup {
	const struct job *job;
	unsigned index; /* of this worker, from 0 */
	int control_fd; /* the worker's end; see client/control.h */
};

/* The exit status: 0, or 1 with the reason in its tally's trouble. */
int worker_run(const struct worker_setup *setup);

#endif
