/*
 * test_conn_time: deadlines. Where time has to pass, the test waits for the
 * deadline itself, or moves it; it never sleeps.
 */
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/conn/conn.h"
#include "tests/support/peers.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

static struct peers p;
static uint8_t data[1 << 20];

static const int64_t hour_ns = 3600 * CLOCK_NS_PER_S;
static const int64_t short_ns = 20 * CLOCK_NS_PER_MS;

/* The loop has slept for so long since its last turn. */
static void
sleep_for(struct peer *peer, int64_t ns)
{
	peer->loop.now_ns -= ns;
}

/* The deadline is over: the only timer of its queue. */
static void
let_expire(struct peer *peer)
{
	ck_assert_int_ne(peer->conn.timer.deadline_ns, 0);
	peer->conn.timer.deadline_ns = 1;
}

static bool
has_ciphers(const struct peer *peer)
{
	const struct tls_key *keys = peer->conn.tls.keys;

	return keys[TLS_IN].cipher != NULL || keys[TLS_OUT].cipher != NULL;
}

static void
echo(size_t n)
{
	p.client.received = 0;
	ck_assert(conn_write(&p.client.conn, data, n));
	PEERS_UNTIL(&p, p.client.received == n);
}

/* The first part of the idle timeout is over. */
static void
let_rest(struct peer *peer)
{
	ck_assert(!peer->conn.resting);
	let_expire(peer);
	conn_loop_turn(&peer->loop, 0);
	ck_assert(peer->conn.resting);
	ck_assert(!has_ciphers(peer));
}

static void
setup(const struct conn_loop_options *options)
{
	peers_init(&p, options);
	p.server.echoes = true;
}

static void
server_ended(enum close_reason reason, enum stats_counter counter)
{
	ck_assert_uint_eq(p.server.ended, 1);
	ck_assert_str_eq(
	    close_reason_text(p.server.reason), close_reason_text(reason));
	ck_assert_uint_eq(peer_count(&p.server, counter), 1);
	ck_assert_uint_eq(peer_reasons(&p.server), 1);
	ck_assert_uint_eq(peer_count(&p.server, STATS_ENDED), 1);
}

TEST(handshake_that_never_begins)
{
	int fd;

	setup(&(struct conn_loop_options){ .handshake_timeout_ns = short_ns });
	fd = peers_start_server_alone(&p);
	while (p.server.ended == 0)
		conn_loop_turn(&p.server.loop, -1);
	server_ended(REASON_HANDSHAKE_TIMEOUT, STATS_HANDSHAKE_TIMEOUT);
	ck_assert_uint_eq(peer_count(&p.server, STATS_HANDSHAKES_FAILED), 1);
	ck_assert_uint_lt(peer_count(&p.server, STATS_WAIT_CALLS), 10);
	(void)close(fd);
	peers_fini(&p);
}

/* A byte now and then buys no time. */
TEST(handshake_that_dribbles)
{
	static const uint8_t hello[] = { 22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3 };
	int64_t deadline_ns;
	int fd;

	setup(&(struct conn_loop_options){ .handshake_timeout_ns = hour_ns });
	fd = peers_start_server_alone(&p);
	deadline_ns = p.server.conn.timer.deadline_ns;
	for (size_t i = 0; i < sizeof hello; i++) {
		ck_assert_int_eq(send(fd, hello + i, 1, 0), 1);
		conn_loop_turn(&p.server.loop, -1);
		ck_assert_int_eq(p.server.conn.timer.deadline_ns, deadline_ns);
	}
	let_expire(&p.server);
	conn_loop_turn(&p.server.loop, 0);
	server_ended(REASON_HANDSHAKE_TIMEOUT, STATS_HANDSHAKE_TIMEOUT);
	(void)close(fd);
	peers_fini(&p);
}

TEST(connect_that_nobody_answers)
{
	struct addr addr;
	int listener, others[8];

	setup(&(struct conn_loop_options){ .connect_timeout_ns = short_ns });
	listener = tcp_listen(&addr);
	ck_assert_int_eq(listen(listener, 0), 0);
	for (int i = 0; i < 8; i++) { /* fill the queue of the listener */
		others[i] = socket(
		    AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		(void)connect(
		    others[i], (struct sockaddr *)&addr.storage, addr.len);
	}
	peers_connect(&p, &addr);
	while (p.client.ended == 0)
		conn_loop_turn(&p.client.loop, -1);
	ck_assert_int_eq(p.client.reason, REASON_CONNECT_TIMEOUT);
	ck_assert_uint_eq(peer_count(&p.client, STATS_CONNECT_FAILED), 1);
	ck_assert_uint_eq(peer_reasons(&p.client), 1);
	for (int i = 0; i < 8; i++)
		(void)close(others[i]);
	(void)close(listener);
	peers_fini(&p);
}

TEST(idle_connection_is_told_goodbye)
{
	setup(&(struct conn_loop_options){ .idle_timeout_ns = hour_ns });
	peers_open(&p);
	let_rest(&p.server);
	let_expire(&p.server);
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	server_ended(REASON_IDLE_TIMEOUT, STATS_ENDED_IDLE_TIMEOUT);
	ck_assert_int_eq(p.client.reason, REASON_CLOSED);
	peers_fini(&p);
}

/* Both parts together are what was asked for, however short that is. */
TEST_LOOP(idle_timeout_of_two_parts, 4)
{
	const int64_t timeouts[] = { hour_ns, 4 * CLOCK_NS_PER_S, short_ns, 2 };
	const struct conn_loop *loop = &p.server.loop;

	setup(&(struct conn_loop_options){ .idle_timeout_ns = timeouts[_i] });
	ck_assert_int_gt(loop->recent.duration_ns, 0);
	ck_assert_int_ge(loop->idle.duration_ns, loop->recent.duration_ns);
	ck_assert_int_eq(
	    loop->recent.duration_ns + loop->idle.duration_ns, timeouts[_i]);
	peers_fini(&p);

	setup(&(struct conn_loop_options){ .idle_timeout_ns = 1 });
	ck_assert_int_eq(loop->recent.duration_ns, 1);
	ck_assert_int_eq(loop->idle.duration_ns, 1);
	peers_fini(&p);
}

TEST(data_puts_the_idle_deadline_off)
{
	setup(&(struct conn_loop_options){ .idle_timeout_ns = hour_ns });
	peers_open(&p);
	p.server.conn.timer.deadline_ns -= CLOCK_NS_PER_S;
	echo(10);
	ck_assert_int_gt(p.server.conn.timer.deadline_ns,
	    clock_now_ns() + p.server.loop.recent.duration_ns - CLOCK_NS_PER_S);
	peers_fini(&p);
}

/* A slow reader is not heard while much is queued for it: it is not silent. */
TEST(reading_puts_the_idle_deadline_off)
{
	struct conn *server = &p.server.conn;

	setup(&(struct conn_loop_options){ .idle_timeout_ns = hour_ns });
	peers_open_narrow(&p);
	io_rx_pause(&p.client.conn.sock);
	ck_assert(conn_write(&p.client.conn, data, 100000));
	PEERS_UNTIL(&p, server->sock.rx_paused);
	io_rx_resume(&p.client.conn.sock);
	server->timer.deadline_ns -= 4 * CLOCK_NS_PER_S;
	PEERS_UNTIL(&p, !server->sock.rx_paused);
	ck_assert_int_gt(server->timer.deadline_ns,
	    clock_now_ns() + p.server.loop.recent.duration_ns - CLOCK_NS_PER_S);
	peers_fini(&p);
}

/* It rests all the same, and goes on when there is something to do. */
TEST(without_idle_timeout_there_is_none)
{
	setup(&(struct conn_loop_options){ .shard = NULL });
	peers_open(&p);
	for (size_t n = 10; n < 13; n++) {
		echo(n);
		ck_assert(has_ciphers(&p.server));
		let_rest(&p.server);
		ck_assert_int_eq(p.server.conn.timer.deadline_ns, 0);
		if (n % 2 == 0)
			let_rest(&p.client);
	}
	peers_fini(&p);
}

/* Nobody waits for it who has much to do. */
TEST(heap_is_trimmed_when_it_is_quiet)
{
	struct conn_loop *loop = &p.server.loop;

	setup(&(struct conn_loop_options){ .shard = NULL });
	peers_open(&p);
	echo(10);
	loop->dropped = 63; /* one less than are worth it */
	let_rest(&p.server);
	ck_assert_int_gt(loop->trim_at_ns, loop->now_ns);
	loop->delivered_before -= 1001;
	loop->trim_at_ns = 1;
	conn_loop_turn(loop, -1);
	ck_assert_int_gt(loop->trim_at_ns, loop->now_ns);
	ck_assert_uint_eq(loop->dropped, 64);
	loop->trim_at_ns = 1;
	conn_loop_turn(loop, -1);
	ck_assert_int_eq(loop->trim_at_ns, 0);
	ck_assert_uint_eq(loop->dropped, 0);
	peers_fini(&p);
}

/* Whoever says goodbye after a long silence is answered, and gets its echo. */
TEST(answer_after_a_long_sleep)
{
	setup(&(struct conn_loop_options){ .idle_timeout_ns = 0 });
	peers_open(&p);
	ck_assert(conn_write(&p.client.conn, data, 100));
	conn_finish(&p.client.conn, REASON_CLOSED);
	conn_loop_turn(&p.client.loop, 0);
	ck_assert_int_eq(p.client.conn.state, CONN_LINGERING);
	tcp_await(p.server.conn.sock.fd);
	sleep_for(&p.server, hour_ns);
	conn_loop_turn(&p.server.loop, 0);
	ck_assert_uint_eq(p.server.received, 100);
	ck_assert_uint_eq(p.server.ended, 0);
	ck_assert_uint_eq(io_tx_queued(&p.server.conn.sock), 0);
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	server_ended(REASON_CLOSED, STATS_ENDED_CLOSE_NOTIFY);
	peers_fini(&p);
}

static void
attach_to_server_loop(struct io_watch *watch)
{
	eventfd_t ignored;

	(void)eventfd_read(watch->fd, &ignored);
	conn_attach(&p.server.conn, &p.server.loop, &peer_ops);
}

/* As in a server on which nobody called for longer than the idle timeout. */
TEST(moved_to_a_loop_that_slept)
{
	struct io_watch watch;
	int fd = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);

	setup(&(struct conn_loop_options){
	    .idle_timeout_ns = 60 * CLOCK_NS_PER_S });
	p.server.detaches = true;
	peers_open(&p);
	sleep_for(&p.server, hour_ns);
	ck_assert_int_eq(
	    io_watch_add(p.server.loop.io, &watch, fd, attach_to_server_loop),
	    0);
	conn_loop_turn(&p.server.loop, 0);
	ck_assert_int_eq(p.server.conn.state, CONN_OPEN);
	ck_assert(conn_write(&p.client.conn, data, 10));
	PEERS_UNTIL(&p, p.client.received == 10);
	io_watch_remove(&watch);
	(void)close(fd);
	peers_fini(&p);
}

/* We said goodbye, and the peer does not hang up. */
TEST(lingering_has_an_end)
{
	setup(&(struct conn_loop_options){ .idle_timeout_ns = 0 });
	peers_open(&p);
	timeq_init(&p.server.loop.linger, short_ns);
	conn_finish(&p.server.conn, REASON_DRAINED);
	conn_loop_turn(&p.server.loop, 0);
	ck_assert_int_eq(p.server.conn.state, CONN_LINGERING);
	while (p.server.ended == 0)
		conn_loop_turn(&p.server.loop, -1);
	server_ended(REASON_DRAINED, STATS_ENDED_DRAINED);
	peers_fini(&p);
}

/* A slow reader may go on as long as it does read. */
TEST(flushing_has_an_end)
{
	setup(&(struct conn_loop_options){ .idle_timeout_ns = 0 });
	peers_open_narrow(&p);
	ck_assert(conn_write(&p.server.conn, data, sizeof data));
	conn_finish(&p.server.conn, REASON_CLOSED);
	for (int i = 0; i < 5; i++) {
		size_t before = io_tx_queued(&p.server.conn.sock);

		while (io_tx_queued(&p.server.conn.sock) == before)
			peers_turn(&p);
		let_expire(&p.server);
		sleep_for(&p.server, hour_ns);
		conn_loop_turn(&p.server.loop, 0);
		ck_assert_int_eq(p.server.conn.state, CONN_FLUSHING);
		ck_assert_uint_eq(p.server.ended, 0);
	}
	/* Nobody reads any more: the next deadline, or the one after that. */
	for (int i = 0; i < 2 && p.server.ended == 0; i++) {
		let_expire(&p.server);
		conn_loop_turn(&p.server.loop, 0);
	}
	server_ended(REASON_CLOSED, STATS_ENDED_CLOSE_NOTIFY);
	peers_fini(&p);
}

/* Who ends while its echo is queued may be as slow as before. */
TEST(flushing_is_patient)
{
	setup(&(struct conn_loop_options){
	    .idle_timeout_ns = hour_ns, .patient_flush = true });
	peers_open_narrow(&p);
	ck_assert(conn_write(&p.client.conn, data, 50000));
	conn_end_writing(&p.client.conn);
	io_rx_pause(&p.client.conn.sock);
	PEERS_UNTIL(&p, p.server.conn.state == CONN_FLUSHING);
	ck_assert_uint_gt(io_tx_queued(&p.server.conn.sock), 0);
	ck_assert_int_gt(p.server.conn.timer.deadline_ns,
	    clock_now_ns() + hour_ns - 60 * CLOCK_NS_PER_S);
	io_rx_resume(&p.client.conn.sock);
	PEERS_UNTIL(&p, p.client.ended > 0 && p.server.ended > 0);
	ck_assert_uint_eq(p.client.received, 50000);
	ck_assert_int_eq(p.client.reason, REASON_CLOSED);
	server_ended(REASON_CLOSED, STATS_ENDED_CLOSE_NOTIFY);
	peers_fini(&p);
}

TEST(quiet_ones_are_finished)
{
	setup(&(struct conn_loop_options){ .idle_timeout_ns = 0 });
	peers_open(&p);
	conn_loop_finish_quiet(&p.server.loop, hour_ns, REASON_DRAINED);
	ck_assert_int_eq(p.server.conn.state, CONN_OPEN);
	p.server.conn.active_ns -= 2 * hour_ns;
	ck_assert(conn_write(&p.client.conn, data, 10));
	PEERS_UNTIL(&p, p.server.received == 10); /* not quiet any more */
	conn_loop_finish_quiet(&p.server.loop, hour_ns, REASON_DRAINED);
	ck_assert_int_eq(p.server.conn.state, CONN_OPEN);
	p.server.conn.active_ns -= 2 * hour_ns;
	conn_loop_finish_quiet(&p.server.loop, hour_ns, REASON_DRAINED);
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	server_ended(REASON_DRAINED, STATS_ENDED_DRAINED);
	ck_assert_uint_eq(p.client.received, 10);
	ck_assert_int_eq(p.client.reason, REASON_CLOSED);
	peers_fini(&p);
}

static void
turn_again(void *loop)
{
	conn_loop_turn(loop, 0);
}

TEST_WITH(turn_within_a_turn_aborts, .signal = SIGABRT)
{
	setup(&(struct conn_loop_options){ .on_turn = turn_again });
	p.server.loop.owner = &p.server.loop;
	conn_loop_turn(&p.server.loop, 0);
}

SUITE("common/conn/conn_time")
