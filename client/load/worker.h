/*
 * worker: a process that has connections: it opens them, says so, waits for the
 * order to start, runs the load, says so, holds the connections until it is
 * told to stop, and leaves when they are all over. When the master is dead, it
 * leaves at once.
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
