/*
 * worker: a process that serves connections, in two threads.
 *
 * A mutual handshake costs a hundred times as much as an echo, so each worker
 * runs two loops: the handshake loop (worker/handshakes.h), at lower priority,
 * and the echo loop (worker/echo.h). A connection moves once, from the one to
 * the other (worker/conn_queue.h).
 *
 * Borrows:	everything in struct worker_setup, which crosses fork.
 * Use:
 *	status = worker_run(&setup);	// in the child
 *	worker_forget(stats, limits, index); // in the master, when it ended
 */
#ifndef SERVER_WORKER_WORKER_H
#define SERVER_WORKER_WORKER_H

struct config;
struct inbox;
struct limits;
struct listeners;
struct stats_shm;

struct worker_setup {
	const struct config *config;
	struct listeners *listeners;
	struct stats_shm *stats;
	struct limits *limits; /* of clients; or NULL */
	struct inbox *inboxes; /* of all slots */
	unsigned slots;
	unsigned index;     /* of this worker, from 0 */
	int control_fd;     /* the worker's end */
	int credentials_fd; /* a sealed tls_bundle */
	int supply_fd;      /* the worker's end; -1: it has the keys */
};

/* The process's whole life. 0 when it drained and left, else 1. */
int worker_run(const struct worker_setup *setup);

/*
 * In the master, when the process has ended: takes back what only the living
 * have: state, pid, open connections, rows, shares of limits. Totals stay.
 */
void worker_forget(
    struct stats_shm *stats, struct limits *limits, unsigned index);

/*
 * In the master, when no process follows in the slot: hands connections that
 * others sent there too late to workers that serve. Cheap when there are none.
 */
void worker_pass_on(struct stats_shm *stats, const struct inbox *inboxes,
    unsigned slots, unsigned index);

#endif
