/*
 * plain-load: what tlsecho-client does in a closed loop, without TLS, to drive
 * plain-echo. It uses the same poll loop (common/io.h), so that it sends and
 * receives in turns as the client does, and reads the clock once a turn: how a
 * client batches decides how much its server finds ready at a time, and so what
 * an echo costs there.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/args.h"
#include "common/child.h"
#include "common/clock.h"
#include "tests/bench/load.h"

static const struct args_program program = {
	.name = "plain-load",
	.synopsis = "[options] HOST:PORT",
	.summary = "Drives an echo over plain TCP; reports as JSON.",
};

static const struct args_option table[] = {
	ARGS_COUNT('c', "connections", "N", struct load_options, connections, 1,
	    1000000, "connections to open (default 64)"),
	ARGS_DURATION('d', "duration", "TIME", struct load_options, duration_ns,
	    CLOCK_NS_PER_MS, INT64_MAX / 4, "how long (default 1s)"),
	ARGS_COUNT(0, "min", "BYTES", struct load_options, size_min, 1, 1 << 24,
	    "shortest message (default 1)"),
	ARGS_COUNT(0, "max", "BYTES", struct load_options, size_max, 1, 1 << 24,
	    "longest message (default 100)"),
	ARGS_COUNT(0, "pipeline", "N", struct load_options, pipeline, 1, 65536,
	    "messages under way on a connection (default 1)"),
	ARGS_COUNT('w', "workers", "N", struct load_options, workers, 1,
	    LOAD_WORKERS_MAX, "processes (default 1)"),
	ARGS_COUNT(0, "steps-fd", "FD", struct load_options, steps_fd, 0,
	    INT32_MAX,
	    "say 'connected' and 'finished' there, and wait for a byte"),
	{ .name = NULL },
};

static int
fork_workers(const struct load_options *o, struct load_result *results,
    int *fds, struct errmsg *e)
{
	struct load load = { .options = o };

	for (unsigned i = 0; i < o->workers; i++) {
		int pair[2];
		pid_t pid;

		if (socketpair(
			AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
			return errmsg_set_errno(e, errno, "socketpair");
		fds[i] = pair[0];
		memcpy(load.parent_fds, fds, sizeof load.parent_fds);
		load.index = i;
		load.control_fd = pair[1];
		load.result = &results[i];
		pid = child_fork(load_run, &load);
		(void)close(pair[1]);
		if (pid < 0)
			return errmsg_set_errno(e, -pid, "fork");
	}
	return 0;
}

/* Waits until all workers have got that far, says so, waits for leave. */
static int
step(const struct load_options *o, const int *fds,
    const struct load_result *results, const char *word, struct errmsg *e)
{
	char byte;

	for (unsigned i = 0; i < o->workers; i++)
		if (read(fds[i], &byte, 1) != 1)
			return errmsg_set(e, "worker %u: %s", i,
			    results[i].trouble.text[0] != '\0'
				? results[i].trouble.text
				: "died");
	if (o->steps_fd == UINT64_MAX)
		return 0;
	if (dprintf((int)o->steps_fd, "%s\n", word) < 0 ||
	    read((int)o->steps_fd, &byte, 1) != 1)
		return errmsg_set(e, "--steps-fd: nobody is there");
	return 0;
}

/* The names are those of tlsecho-client --json. */
static void
print_report(
    const struct load_options *o, struct load_result *results, int64_t start_ns)
{
	struct hist *h = &results[0].round_trip;
	int64_t end_ns = results[0].finished_ns;
	uint64_t count;

	for (unsigned i = 1; i < o->workers; i++) {
		hist_merge(h, &results[i].round_trip);
		if (results[i].finished_ns > end_ns)
			end_ns = results[i].finished_ns;
	}
	count = hist_count(h);
	printf("{ \"program\": \"plain-load\", \"ok\": true, \"elapsed_ns\": "
	       "%" PRId64 ", \"round_trips\": %" PRIu64
	       ", \"round_trip\": { \"p50_ns\": %" PRIu64
	       ", \"p99_ns\": %" PRIu64 " } }\n",
	    end_ns - start_ns, count, hist_quantile(h, 0.5),
	    hist_quantile(h, 0.99));
}

static int
run(const struct load_options *o, struct load_result *results, struct errmsg *e)
{
	int fds[LOAD_WORKERS_MAX];
	int64_t start_ns, stop_ns;

	if (fork_workers(o, results, fds, e) < 0 ||
	    step(o, fds, results, "connected", e) < 0)
		return -1;
	start_ns = clock_now_ns();
	stop_ns = start_ns + o->duration_ns;
	for (unsigned i = 0; i < o->workers; i++)
		(void)send(fds[i], &stop_ns, sizeof stop_ns, MSG_NOSIGNAL);
	if (step(o, fds, results, "finished", e) < 0)
		return -1;
	print_report(o, results, start_ns);
	return 0;
}

int
main(int argc, char **argv)
{
	struct load_options o = { .connections = 64,
		.workers = 1,
		.pipeline = 1,
		.size_min = 1,
		.size_max = 100,
		.steps_fd = UINT64_MAX,
		.duration_ns = CLOCK_NS_PER_S };
	struct errmsg e;
	struct load_result *results;
	int rest;

	if (args_parse(&program, table, &o, argc, argv, &rest, &e) < 0)
		return args_usage_error(&program, &e);
	if (rest + 1 != argc || o.size_min > o.size_max ||
	    o.workers > o.connections) {
		(void)errmsg_set(&e,
		    "one HOST:PORT; --min at most --max, "
		    "--workers at most --connections");
		return args_usage_error(&program, &e);
	}
	results = mmap(NULL, o.workers * sizeof *results,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (results == MAP_FAILED)
		(void)errmsg_set_errno(&e, errno, "memory");
	else if (addr_resolve(&o.addrs, argv[rest], ADDR_TO_CONNECT, &e) == 0 &&
	    run(&o, results, &e) == 0)
		return args_end_output(&program);
	fprintf(stderr, "plain-load: %s\n", e.text);
	return ARGS_EXIT_FAILED;
}
