/* test_acceptor: when a worker takes connections, and when it does not. */
#include "server/worker/acceptor.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "server/config.h"
#include "tests/server/worker/balancer_case.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

static const int64_t hour_ns = 3600 * CLOCK_NS_PER_S;

static struct config config;
static struct listeners listeners;
static struct conn_loop loop;
static struct intake intake;
static struct addr addr;
static unsigned served;

/* Its handshake is under way until the test says otherwise. */
static void
serve(void *owner, int fd)
{
	(void)owner;
	(void)close(fd);
	loop.count++;
	served++;
}

/* Of two workers the first, with a listener; it may do one handshake. */
static void
begin(void)
{
	const struct intake_options options = { .config = &config,
		.listeners = &listeners,
		.placement = &of[0],
		.loop = &loop,
		.serve = serve };
	struct errmsg e;

	setup(2);
	atomic_store(&slots[1].load, 1000); /* all that comes stays */
	config.max_handshaking = 1;
	listeners.fds[0] = tcp_listen(&addr);
	listeners.count = 1;
	ck_assert_int_eq(
	    conn_loop_init(&loop,
		&(struct conn_loop_options){
		    .lane = &slots[0].lanes[STATS_LANE_HANDSHAKE] },
		&e),
	    0);
	ck_assert_int_eq(intake_open(&intake, &options, &e), 0);
}

static void
end(void)
{
	intake_fini(&intake);
	conn_loop_fini(&loop);
	listeners_close(&listeners);
	teardown(2);
}

static void
turn(void)
{
	conn_loop_turn(&loop, 0);
	intake_turn(&intake);
}

/* The descriptor; it stands in the listener's queue when this returns. */
static int
join(void)
{
	int fd = socket(addr.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(
	    connect(fd, (const struct sockaddr *)&addr.storage, addr.len), 0);
	return fd;
}

/* Another worker sends one, as if it had chosen when there was room. */
static void
send_one(void)
{
	atomic_fetch_add(&slots[0].load, UINT64_C(1) << 32);
	ck_assert_int_eq(placement_hand_over(&of[1], 0, some_fd()), 0);
}

static void
expect(enum intake_state state, bool listens, bool reads_inbox)
{
	ck_assert_int_eq(intake.state, state);
	ck_assert_int_eq(intake.listeners[0].io != NULL, listens);
	ck_assert_int_eq(intake.inbox.io != NULL, reads_inbox);
	ck_assert_uint_eq(atomic_load(&slots[0].full), state == INTAKE_FULL);
}

/* Somebody comes when there is no descriptor; then there are some again. */
static void
fail_to_accept(void)
{
	struct rlimit enough, none;
	int client = join();

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &enough), 0);
	none = enough;
	none.rlim_cur = 0;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	turn();
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &enough), 0);
	ck_assert_uint_eq(served, 0);
	expect(INTAKE_PAUSED, false, true);
	ck_assert_int_gt(intake_wait_ns(&intake), 0);
	ck_assert_int_le(intake_wait_ns(&intake), 100 * CLOCK_NS_PER_MS);
	(void)close(client);
	intake.resume_ns += hour_ns; /* however slow this machine is */
}

START_TEST(full_and_not)
{
	int client;

	begin();
	expect(INTAKE_WATCHING, true, true);
	ck_assert_int_eq(intake_wait_ns(&intake), -1);
	client = join();
	turn();
	ck_assert_uint_eq(served, 1);
	expect(INTAKE_FULL, false, false);
	ck_assert_int_eq(intake_wait_ns(&intake), -1);
	send_one();
	turn();
	ck_assert_uint_eq(served, 1);
	loop.count = 0;
	turn();
	expect(INTAKE_WATCHING, true, true);
	turn();
	ck_assert_uint_eq(served, 2);
	expect(INTAKE_FULL, false, false);
	(void)close(client);
	end();
}
END_TEST

START_TEST(pause_ends)
{
	begin();
	fail_to_accept();
	turn();
	expect(INTAKE_PAUSED, false, true);
	intake.resume_ns -= 2 * hour_ns;
	ck_assert_int_eq(intake_wait_ns(&intake), 0);
	turn();
	expect(INTAKE_WATCHING, true, true);
	end();
}
END_TEST

/* It was full for a part of it only. */
START_TEST(pause_outlasts_full)
{
	int client;

	begin();
	fail_to_accept();
	client = join();
	send_one();
	turn();
	ck_assert_uint_eq(served, 1);
	expect(INTAKE_FULL, false, false);
	loop.count = 0;
	turn();
	expect(INTAKE_PAUSED, false, true);
	ck_assert_int_gt(intake_wait_ns(&intake), hour_ns / 2);
	intake.resume_ns -= 2 * hour_ns;
	turn();
	expect(INTAKE_WATCHING, true, true);
	turn();
	ck_assert_uint_eq(served, 2);
	(void)close(client);
	end();
}
END_TEST

/* And the other way round: it does not listen before there is room. */
START_TEST(full_outlasts_pause)
{
	begin();
	fail_to_accept();
	send_one();
	turn();
	expect(INTAKE_FULL, false, false);
	intake.resume_ns -= 2 * hour_ns;
	turn();
	expect(INTAKE_FULL, false, false);
	ck_assert_int_eq(intake_wait_ns(&intake), -1);
	loop.count = 0;
	turn();
	expect(INTAKE_WATCHING, true, true);
	end();
}
END_TEST

/* No listener, no limit; the inbox is read from all states. */
START_TEST(closed)
{
	begin();
	if (_i > 0)
		fail_to_accept();
	if (_i > 1) {
		send_one();
		turn();
		expect(INTAKE_FULL, false, false);
	}
	served = 0;
	for (int i = 0; i < 3; i++)
		send_one();
	intake_close(&intake);
	ck_assert_uint_eq(served, 3);
	expect(INTAKE_CLOSED, false, true);
	ck_assert_int_eq(listeners.count, 0);
	send_one();
	turn();
	ck_assert_uint_eq(served, 4);
	expect(INTAKE_CLOSED, false, true);
	ck_assert_int_eq(intake_wait_ns(&intake), -1);
	end();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("server/intake");

	SUITE_ADD(s, full_and_not);
	SUITE_ADD(s, pause_ends);
	SUITE_ADD(s, pause_outlasts_full);
	SUITE_ADD(s, full_outlasts_pause);
	SUITE_ADD_LOOP(s, closed, 3);
	return suite_run(s, argc, argv);
}
