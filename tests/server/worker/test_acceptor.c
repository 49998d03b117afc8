/* test_acceptor: when a worker takes connections, and when it does not. */
#include "server/worker/acceptor.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/conn/loop.h"
#include "server/config.h"
#include "tests/server/worker/balancer_case.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

static const int64_t hour_ns = 3600 * CLOCK_NS_PER_S;

static struct config config;
static struct listeners listeners;
static struct conn_loop loop;
static struct acceptor acceptor;
static struct addr addr;
static unsigned served;

static int accept_error; /* of accept4, which then takes nobody; or 0 */

/* In the place of the library's. */
int fake_accept4(int fd, struct sockaddr *peer, socklen_t *len,
    int flags) __asm__("accept4");

int
fake_accept4(int fd, struct sockaddr *peer, socklen_t *len, int flags)
{
	if (accept_error == 0)
		return (int)syscall(SYS_accept4, fd, peer, len, flags);
	errno = accept_error;
	return -1;
}

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
	const struct acceptor_options options = { .config = &config,
		.listeners = &listeners,
		.balancer = &of[0],
		.loop = &loop,
		.spare_fd = &spare_fd,
		.serve = serve };
	struct errmsg e;

	setup(2);
	set_load(1, 1000, 0); /* all that comes stays */
	config.max_unopened = 1;
	listeners.fds[0] = tcp_listen(&addr);
	listeners.count = 1;
	ck_assert_int_eq(
	    conn_loop_init(&loop,
		&(struct conn_loop_options){
		    .shard = &slots[0].shards[STATS_SHARD_HANDSHAKE] },
		&e),
	    0);
	ck_assert_int_eq(acceptor_open(&acceptor, &options, &e), 0);
}

static void
end(void)
{
	acceptor_fini(&acceptor);
	loop.count = 0; /* no connection was real */
	conn_loop_fini(&loop);
	listeners_close(&listeners);
	teardown(2);
}

static void
turn(void)
{
	conn_loop_turn(&loop, 0);
	acceptor_turn(&acceptor);
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
	ck_assert(balancer_hand_over(&of[1], 0, some_fd()));
}

static void
expect(enum acceptor_state state, bool listens, bool reads_inbox)
{
	ck_assert_int_eq(acceptor.state, state);
	ck_assert_int_eq(acceptor.listeners[0].io != NULL, listens);
	ck_assert_int_eq(acceptor.inbox.io != NULL, reads_inbox);
	ck_assert_uint_eq(atomic_load(&slots[0].full), state == ACCEPTOR_FULL);
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
	expect(ACCEPTOR_PAUSED, false, true);
	ck_assert_int_gt(acceptor_wait_ns(&acceptor), 0);
	ck_assert_int_le(acceptor_wait_ns(&acceptor), 100 * CLOCK_NS_PER_MS);
	(void)close(client);
	acceptor.resume_ns += hour_ns; /* however slow this machine is */
}

START_TEST(full_and_not)
{
	int client;

	begin();
	expect(ACCEPTOR_READY, true, true);
	ck_assert_int_eq(acceptor_wait_ns(&acceptor), -1);
	client = join();
	turn();
	ck_assert_uint_eq(served, 1);
	expect(ACCEPTOR_FULL, false, false);
	ck_assert_int_eq(acceptor_wait_ns(&acceptor), -1);
	send_one();
	turn();
	ck_assert_uint_eq(served, 1);
	loop.count = 0;
	turn();
	expect(ACCEPTOR_READY, true, true);
	turn();
	ck_assert_uint_eq(served, 2);
	expect(ACCEPTOR_FULL, false, false);
	(void)close(client);
	end();
}
END_TEST

/* All that accept(2) lists: which of them stay, and which are told, too. */
static const struct {
	int error;
	bool stays, counts;
} errors[] = { { EAGAIN, false, false }, { EINTR, false, false },
	{ ECONNABORTED, false, false }, { ENETDOWN, false, false },
	{ EPROTO, false, false }, { ENOPROTOOPT, false, false },
	{ EHOSTDOWN, false, false }, { ENONET, false, false },
	{ EHOSTUNREACH, false, false }, { ENETUNREACH, false, false },
	{ ETIMEDOUT, false, false }, { EMFILE, true, true },
	{ ENFILE, true, true }, { ENOBUFS, true, true }, { ENOMEM, true, true },
	{ EPERM, true, true }, { EACCES, true, true }, { EINVAL, true, false },
	{ EBADF, true, true }, { EOPNOTSUPP, true, true } };

START_TEST(error_of_accept)
{
	bool stays = errors[_i].stays;
	int client;

	begin();
	client = join();
	accept_error = errors[_i].error;
	turn();
	expect(stays ? ACCEPTOR_PAUSED : ACCEPTOR_READY, !stays, true);
	ck_assert_uint_eq(counter_get(&slots[0]
					   .shards[STATS_SHARD_HANDSHAKE]
					   .counters[STATS_ACCEPT_ERRORS]),
	    errors[_i].counts);
	ck_assert_int_eq(acceptor_wait_ns(&acceptor) >= 0, stays);
	accept_error = 0;
	acceptor.resume_ns -= hour_ns;
	turn();
	turn();
	ck_assert_uint_eq(served, 1);
	(void)close(client);
	end();
}
END_TEST

/* Those who wait are turned away with the descriptor in reserve. */
START_TEST(reserve_is_had_again)
{
	int client;

	begin();
	(void)close(spare_fd);
	spare_fd = -1;
	client = join();
	accept_error = ENFILE;
	turn();
	expect(ACCEPTOR_PAUSED, false, true);
	accept_error = 0;
	acceptor.resume_ns -= hour_ns;
	turn();
	ck_assert_int_ge(spare_fd, 0);
	(void)close(client);
	end();
}
END_TEST

START_TEST(pause_ends)
{
	begin();
	fail_to_accept();
	turn();
	expect(ACCEPTOR_PAUSED, false, true);
	acceptor.resume_ns -= 2 * hour_ns;
	ck_assert_int_eq(acceptor_wait_ns(&acceptor), 0);
	turn();
	expect(ACCEPTOR_READY, true, true);
	end();
}
END_TEST

/* The worker was full for a part of the pause only. */
START_TEST(pause_outlasts_full)
{
	int client;

	begin();
	fail_to_accept();
	client = join();
	send_one();
	turn();
	ck_assert_uint_eq(served, 1);
	expect(ACCEPTOR_FULL, false, false);
	loop.count = 0;
	turn();
	expect(ACCEPTOR_PAUSED, false, true);
	ck_assert_int_gt(acceptor_wait_ns(&acceptor), hour_ns / 2);
	acceptor.resume_ns -= 2 * hour_ns;
	turn();
	expect(ACCEPTOR_READY, true, true);
	turn();
	ck_assert_uint_eq(served, 2);
	(void)close(client);
	end();
}
END_TEST

/* The pause is over first: it does not listen before there is room. */
START_TEST(full_outlasts_pause)
{
	begin();
	fail_to_accept();
	send_one();
	turn();
	expect(ACCEPTOR_FULL, false, false);
	acceptor.resume_ns -= 2 * hour_ns;
	turn();
	expect(ACCEPTOR_FULL, false, false);
	ck_assert_int_eq(acceptor_wait_ns(&acceptor), -1);
	loop.count = 0;
	turn();
	expect(ACCEPTOR_READY, true, true);
	end();
}
END_TEST

/* From each state: no listener and no limit, and the inbox is read. */
START_TEST(closed)
{
	begin();
	if (_i > 0)
		fail_to_accept();
	if (_i > 1) {
		send_one();
		turn();
		expect(ACCEPTOR_FULL, false, false);
	}
	served = 0;
	for (int i = 0; i < 3; i++)
		send_one();
	acceptor_close(&acceptor);
	ck_assert_uint_eq(served, 3);
	expect(ACCEPTOR_CLOSED, false, true);
	ck_assert_int_eq(listeners.count, 0);
	send_one();
	turn();
	ck_assert_uint_eq(served, 4);
	expect(ACCEPTOR_CLOSED, false, true);
	ck_assert_int_eq(acceptor_wait_ns(&acceptor), -1);
	end();
}
END_TEST

/* A step that nobody has drawn: it fails to accept with closed listeners. */
START_TEST(closed_is_for_good)
{
	begin();
	acceptor.state = ACCEPTOR_CLOSED;
	fail_to_accept();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("server/worker/acceptor");

	SUITE_ADD(s, full_and_not);
	SUITE_ADD_LOOP(s, error_of_accept, sizeof errors / sizeof *errors);
	SUITE_ADD(s, reserve_is_had_again);
	SUITE_ADD(s, pause_ends);
	SUITE_ADD(s, pause_outlasts_full);
	SUITE_ADD(s, full_outlasts_pause);
	SUITE_ADD_LOOP(s, closed, 3);
	SUITE_ADD_SIGNAL(s, closed_is_for_good, SIGABRT);
	return suite_run(s, argc, argv);
}
