/*
 * runner: what a worker process does: it opens its connections, says so, waits
 * for the order to start, runs them, says so, holds them open until it is told
 * to stop, and leaves when they are all over.
 *
 * The parent talks to it through one end of a SOCK_SEQPACKET pair. When that
 * reports the end of file, the parent is dead, and the worker leaves at once.
 *
 * Use:
 *	pid = child_fork(...), which calls runner_run(&task)
 *	... RUNNER_CONNECTED comes ...
 *	order = (struct runner_order){ RUNNER_START, start_ns, stop_ns };
 *	send(fd, &order, sizeof order, 0);
 *	... RUNNER_FINISHED comes ...
 *	order = (struct runner_order){ .kind = RUNNER_STOP };
 *	send(fd, &order, sizeof order, 0);
 */
#ifndef CLIENT_RUNNER_H
#define CLIENT_RUNNER_H

#include <stdint.h>

struct addr_list;
struct options;
struct tally;
struct tls_creds;

enum runner_order_kind {
	RUNNER_START, /* until stop_ns */
	RUNNER_STOP   /* begin nothing more, and close in good order */
};

/*
 * What a worker says, one byte each. One whose connections are all over says
 * nothing, and leaves.
 */
enum runner_word {
	RUNNER_CONNECTED = 1, /* all connections are open or have failed */
	RUNNER_FINISHED       /* no round trip is under way or will be */
};

struct runner_order {
	enum runner_order_kind kind;
	int64_t start_ns; /* of an open loop's first event */
	int64_t stop_ns;  /* of clock_now_ns; INT64_MAX: no limit */
};

struct runner_task {
	const struct options *options;
	const struct addr_list *addrs;
	struct tls_creds *creds;
	struct tally *tally;
	unsigned worker; /* from 0 */
	int control_fd;  /* non-blocking */
	int facts_fd;    /* or -1 */
};

/*
 * Connections and round trips that fall to a worker of several: connection i
 * belongs to worker i % workers, and round trips are dealt out the same way.
 */
uint64_t runner_share(uint64_t total, uint64_t workers, unsigned worker);
uint64_t runner_budget(const struct options *options, unsigned worker);

/* The exit status: 0, or 1 with the reason in tally->trouble. */
int runner_run(const struct runner_task *task);

#endif
