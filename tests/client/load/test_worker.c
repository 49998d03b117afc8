/* test_worker: a worker's obedience. */
#include "client/load/worker.h"

#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "client/control.h"
#include "client/job.h"
#include "client/options.h"
#include "client/tally.h"
#include "common/sys/fd.h"
#include "tests/client/load/flow_case.h"
#include "tests/support/await.h"
#include "tests/support/in_child.h"

static struct options options = { .connections = FLOWS,
	.workers = 1,
	.pipeline = 1,
	.size_min = 1,
	.size_max = 100,
	.connect_timeout_ns = 10 * CLOCK_NS_PER_S,
	.handshake_timeout_ns = 10 * CLOCK_NS_PER_S,
	.timeout_ns = 10 * CLOCK_NS_PER_S,
	.peer_name = "localhost" };
static struct job job = { .options = &options, .addrs = &addrs };
static struct worker_setup setup = { .job = &job };
static int control;
static pid_t worker;

static void
start_worker(enum fake_kind kind)
{
	start_server(kind);
	ck_assert_int_eq(fd_open_pair(&control, &setup.control_fd, &e), 0);
	tally = tally_map(1, &e);
	job.tallies = tally;
	job.creds = creds;
	worker = fork();
	ck_assert_int_ge(worker, 0);
	if (worker == 0) {
		(void)close(control);
		_exit(worker_run(&setup));
	}
	(void)close(setup.control_fd);
}

static void
await_report(enum control_report expected)
{
	struct pollfd p = { .fd = control, .events = POLLIN };
	enum control_report got;

	ck_assert_int_eq(poll(&p, 1, await_left_ms(await_deadline_ns())), 1);
	ck_assert_int_eq(control_receive_report(control, &got), CONTROL_GOT);
	ck_assert_uint_eq(got, expected);
}

static void
order(enum control_order_kind kind, int64_t stop_ns)
{
	const struct control_order o = { .kind = kind, .stop_ns = stop_ns };

	control_send_order(control, &o);
}

static void
expect_end(int status)
{
	ck_assert_int_eq(in_child_wait(worker), status);
	fake_server_stop(&server);
}

TEST(connects_starts_and_ends)
{
	options.round_trips = 30;
	start_worker(FAKE_ECHOES);
	await_report(CONTROL_CONNECTED);
	ck_assert_uint_eq(job_open(&job), FLOWS);
	ck_assert_uint_eq(tally_get(tally, TALLY_ROUND_TRIPS), 0);
	order(CONTROL_START, INT64_MAX);
	await_report(CONTROL_FINISHED);
	/* Held until the master has seen enough. */
	ck_assert_uint_eq(job_open(&job), FLOWS);
	ck_assert_uint_gt(tally_get(tally, TALLY_CPU_NS), 0);
	order(CONTROL_STOP, 0);
	expect_end(0);
	expect_good(30);
}

TEST(ends_in_time)
{
	int64_t stop_ns;

	start_worker(FAKE_ECHOES);
	await_report(CONTROL_CONNECTED);
	stop_ns = clock_now_ns() + FLOW_CASE_SHORT_NS;
	order(CONTROL_START, stop_ns);
	await_report(CONTROL_FINISHED);
	order(CONTROL_STOP, 0);
	expect_end(0);
	expect_good(tally_get(tally, TALLY_ROUND_TRIPS));
	ck_assert_int_ge(atomic_load(&tally->finished_ns), stop_ns);
}

TEST(stops_when_told)
{
	start_worker(FAKE_ECHOES);
	await_report(CONTROL_CONNECTED);
	order(CONTROL_START, INT64_MAX);
	AWAIT(tally_get(tally, TALLY_ROUND_TRIPS) > 100);
	order(CONTROL_STOP, 0);
	expect_end(0);
	expect_good(tally_get(tally, TALLY_ROUND_TRIPS));
}

TEST(stops_before_the_start)
{
	start_worker(FAKE_ECHOES);
	await_report(CONTROL_CONNECTED);
	order(CONTROL_STOP, 0);
	expect_end(0);
	expect_good(0);
}

TEST(stops_while_connecting)
{
	start_worker(FAKE_IS_SILENT);
	AWAIT(tally_stat(tally, STATS_WIRE_BYTES_SENT) > 0);
	order(CONTROL_STOP, 0);
	expect_end(0);
	ck_assert_uint_eq(tally_get(tally, TALLY_MADE), 0);
	ck_assert_uint_eq(tally_get(tally, TALLY_OVER), FLOWS);
	ck_assert_uint_eq(tally_all_errors(tally), 0);
}

/* With a rate: in the middle of a run of which most is still to come. */
static const struct {
	enum fake_kind kind;
	uint64_t rate;
	bool starts;
} lost[] = {
	{ .kind = FAKE_HANGS_UP },
	{ .kind = FAKE_CUTS_OFF, .starts = true },
	{ .kind = FAKE_CUTS_OFF, .starts = true, .rate = 1000 },
};

/* All of them lost: there is nothing to connect, start or hold. */
TEST_EACH(leaves_without_connections, lost)
{
	enum control_report report;

	options.rate = lost[_i].rate;
	start_worker(lost[_i].kind);
	if (lost[_i].starts) {
		await_report(CONTROL_CONNECTED);
		order(CONTROL_START, INT64_MAX);
		await_report(CONTROL_FINISHED);
	}
	expect_end(0);
	ck_assert_int_eq(
	    control_receive_report(control, &report), CONTROL_GONE);
	ck_assert_uint_eq(tally_all_errors(tally), FLOWS);
	ck_assert_int_eq(
	    atomic_load(&tally->finished_ns) != 0, lost[_i].starts);
	ck_assert_int_eq(tally_get(tally, TALLY_RUN_NS) != 0, lost[_i].starts);
}

/* Its last connection is gone by then. */
TEST(reports_a_wrong_echo_before_it_leaves)
{
	options.connections = 1;
	start_worker(FAKE_FLIPS_A_BIT);
	await_report(CONTROL_CONNECTED);
	order(CONTROL_START, INT64_MAX);
	await_report(CONTROL_MISMATCH);
	expect_end(0);
	ck_assert_int_ne(tally->mismatch.time_ns, 0);
}

/* With connections under way, open, in the middle of a round trip, held. */
TEST_LOOP(leaves_when_the_master_is_dead, 4)
{
	options.round_trips = _i == 3 ? 30 : 0;
	start_worker(_i == 0 ? FAKE_IS_SILENT
		: _i == 2    ? FAKE_STALLS
			     : FAKE_ECHOES);
	if (_i > 0)
		await_report(CONTROL_CONNECTED);
	if (_i >= 2) {
		order(CONTROL_START, INT64_MAX);
		AWAIT(tally_get(tally, TALLY_ROUND_TRIPS) > 0);
	}
	if (_i == 3)
		await_report(CONTROL_FINISHED);
	(void)close(control);
	expect_end(1);
}

static void
run_without_descriptors(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_NOFILE, &none);
	job.tallies = tally;
	if (worker_run(&setup) != 1)
		_exit(2);
}

TEST(says_why_it_gave_up)
{
	tally = tally_map(1, &e);
	ck_assert_int_eq(in_child_status(run_without_descriptors), 0);
	ck_assert_str_eq(tally->trouble.text,
	    "poll loop: epoll_create1: Too many open files");
}

FIXTURE_SUITE("client/load/worker")
