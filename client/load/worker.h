/*
 * worker: a process that has connections: it opens them, says so, waits for the
 * order to start, runs them, says so, holds them open until it is told to stop,
 * and leaves when they are all over.
 *
 * The master talks to it through one end of a SOCK_SEQPACKET pair. When that
 * reports the end of file, the master is dead, and the worker leaves at once.
 *
 * Borrows:	the setup, which crosses fork.
 *
 * Use:
 *	pid = child_fork(...), which calls worker_run(&setup)
 *	... WORKER_CONNECTED comes ...
 *	order = (struct worker_order){ WORKER_START, start_ns, stop_ns };
 *	send(fd, &order, sizeof order, 0);
 *	... WORKER_FINISHED comes ...
 *	order = (struct worker_order){ .kind = WORKER_STOP };
 *	send(fd, &order, sizeof order, 0);
 */
#ifndef CLIENT_LOAD_WORKER_H
#define CLIENT_LOAD_WORKER_H

#include <stdint.h>

struct job;

enum worker_order_kind {
	WORKER_START, /* until stop_ns */
	WORKER_STOP   /* begin nothing more, and close in good order */
};

/*
 * What a worker says, one byte each. One whose connections are all over says
 * nothing, and leaves.
 */
enum worker_report {
	WORKER_CONNECTED = 1, /* all connections are open or have failed */
	WORKER_FINISHED       /* no round trip is under way or will be */
};

struct worker_order {
	enum worker_order_kind kind;
	int64_t start_ns; /* of an open loop's first event */
	int64_t stop_ns;  /* of clock_now_ns; INT64_MAX: no limit */
};

struct worker_setup {
	const struct job *job;
	unsigned index; /* of this worker, from 0 */
	int control_fd; /* the worker's end; non-blocking */
};

/* The exit status: 0, or 1 with the reason in its tally's trouble. */
int worker_run(const struct worker_setup *setup);

#endif
