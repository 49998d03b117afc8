/*
 * load: what one worker process of plain-load does: it opens its connections,
 * says so, runs them from the order to start until the time to stop, says so,
 * and leaves at the end of file.
 *
 * Messages are consecutive pieces of an endless stream, a block of random bytes
 * over and over, so what comes back can be compared by its place alone.
 *
 * Use:
 *	pid = child_fork(load_run, &load);
 *	... a byte comes from control_fd: connected ...
 *	send(fd, &stop_ns, sizeof stop_ns, 0);
 *	... a byte comes: finished ...
 */
#ifndef TESTS_BENCH_LOAD_H
#define TESTS_BENCH_LOAD_H

#include <stdint.h>

#include "common/addr.h"
#include "common/errmsg.h"
#include "common/hist.h"

enum {
	LOAD_WORKERS_MAX = 64
};

struct load_options {
	uint64_t connections, workers, pipeline;
	uint64_t size_min, size_max;
	uint64_t steps_fd; /* UINT64_MAX: none */
	int64_t duration_ns;
	struct addr_list addrs;
};

/* One for each worker, in memory that it shares with the parent. */
struct load_result {
	struct hist round_trip;
	int64_t finished_ns;
	struct errmsg trouble;
};

struct load {
	const struct load_options *options;
	struct load_result *result;
	unsigned index;                   /* of options->workers */
	int parent_fds[LOAD_WORKERS_MAX]; /* the parent's ends, up to our own */
	int control_fd;                   /* SOCK_SEQPACKET */
};

/* The body of the process: its exit status, with words in result->trouble. */
int load_run(void *load);

#endif
