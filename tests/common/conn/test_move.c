/*
 * test_move: connections that move from one loop to another, with what
 * they carry.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/conn/conn.h"
#include "common/tls/session.h"
#include "tests/support/peers.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

static struct peers p;
static struct conn_loop second; /* where the server's conn goes */
static struct stats_slot slot;
static struct stats_shard *shard = &slot.shards[1];
static uint8_t data[1 << 20];

static const struct conn_loop_options no_limits;

static void
setup(const char *priority)
{
	struct conn_loop_options options = { .shard = shard };
	struct errmsg e;

	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 11 + i / 257);
	peers_init_version(&p, &no_limits, priority);
	ck_assert_int_eq(conn_loop_init(&second, &options, &e), 0);
	p.server.detaches = true;
	p.server.echoes = true;
}

static void
teardown(void)
{
	conn_loop_abort_all(&second, REASON_DRAINED);
	conn_loop_turn(&second, 0);
	ck_assert_uint_eq(conn_loop_count(&second), 0);
	conn_loop_fini(&second);
	peers_fini(&p);
}

static void
turn_all(void)
{
	peers_turn(&p);
	conn_loop_turn(&second, 0);
}

#define TURN_UNTIL(condition)                                       \
	do {                                                        \
		for (int turns_ = 0; !(condition); turns_++) {      \
			ck_assert_msg(turns_ < 100000, #condition); \
			turn_all();                                 \
		}                                                   \
	} while (0)

static uint64_t
second_count(enum stats_counter counter)
{
	return stats_slot_total(&slot, counter);
}

/* The connection has left its first loop. */
static void
detached(void)
{
	ck_assert_uint_eq(conn_loop_count(&p.server.loop), 0);
	ck_assert_ptr_null(p.server.conn.loop);
	ck_assert_int_ge(p.server.conn.pending_fd, 0);
	ck_assert_uint_eq(peer_count(&p.server, STATS_ACCEPTED), 1);
	ck_assert_uint_eq(peer_count(&p.server, STATS_ENDED), 0);
	ck_assert_uint_eq(peer_count(&p.server, STATS_HANDSHAKES_COMPLETED), 1);
	ck_assert_uint_eq(peer_count(&p.server, STATS_HELLOS_POST_QUANTUM), 0);
	ck_assert_uint_eq(
	    hist_count(&p.server.shard->hists[STATS_HELLO_SIZE]), 1);
}

/* Accepted in the one, ended in the other: the sum is what counts. */
static void
ended_in_second(enum stats_counter counter)
{
	ck_assert_uint_eq(p.server.ended, 1);
	ck_assert_uint_eq(second_count(STATS_ACCEPTED), 0);
	ck_assert_uint_eq(second_count(STATS_ENDED), 1);
	ck_assert_uint_eq(second_count(counter), 1);
	ck_assert_uint_eq(peer_reasons(&p.server), 0);
	ck_assert_uint_eq(conn_loop_count(&second), 0);
}

/* Under TLS 1.2 the server's last message leaves after the move only. */
static void
open_server(void)
{
	peers_start(&p);
	PEERS_UNTIL(&p, p.server.opened > 0);
}

TEST_LOOP(moves_and_echoes, MUTUAL_VERSIONS)
{
	setup(mutual_priorities[_i]);
	open_server();
	detached();
	conn_attach(&p.server.conn, &second, &peer_ops);
	ck_assert_uint_eq(conn_loop_count(&second), 1);
	TURN_UNTIL(p.client.opened > 0);
	ck_assert(conn_write(&p.client.conn, data, 30000));
	TURN_UNTIL(p.client.received == 30000);
	ck_assert_mem_eq(p.client.bytes, data, 30000);
	ck_assert_uint_eq(p.server.opened, 1);
	ck_assert_uint_eq(second_count(STATS_BYTES_SENT), 30000);
	ck_assert_uint_eq(peer_count(&p.server, STATS_BYTES_RECEIVED), 0);
	conn_finish(&p.client.conn, REASON_CLOSED);
	TURN_UNTIL(p.client.ended > 0 && p.server.ended > 0);
	ended_in_second(STATS_ENDED_CLOSE_NOTIFY);
	teardown();
}

/*
 * The client of TLS 1.3 is done first, and sends data right behind its last
 * message: all of it is there when the server's handshake ends.
 */
static void
open_with_data_behind(size_t n, size_t piece)
{
	peers_start(&p);
	while (p.client.opened == 0) {
		conn_loop_turn(&p.client.loop, 0);
		if (p.client.opened == 0)
			conn_loop_turn(&p.server.loop, 0);
	}
	for (size_t at = 0; at < n; at += piece)
		ck_assert(conn_write(&p.client.conn, data + at, piece));
	/* The first turn of the server sees as much as one recv can take. */
	for (int i = 0; i < 3; i++)
		conn_loop_turn(&p.client.loop, 0);
	PEERS_UNTIL(&p, p.server.opened > 0);
}

TEST_LOOP(carries_records, 4)
{
	static const size_t pieces[] = { 1, 10, 1000, 16384 };
	size_t piece = pieces[_i];
	size_t n = 100 * piece < 65536 ? 100 * piece : 4 * piece;

	setup(MUTUAL_TLS13);
	open_with_data_behind(n, piece);
	detached();
	ck_assert_uint_eq(p.server.received, 0);
	ck_assert_uint_gt(p.server.conn.pending_len, 0);
	conn_attach(&p.server.conn, &second, &peer_ops);
	ck_assert_ptr_null(p.server.conn.pending_bytes);
	TURN_UNTIL(p.client.received == n);
	ck_assert_mem_eq(p.client.bytes, data, n);
	ck_assert_uint_eq(p.server.records, n / piece);
	teardown();
}

/* Data, close_notify and FIN have all come before the move. */
TEST(carries_the_end)
{
	setup(MUTUAL_TLS13);
	peers_start(&p);
	while (p.client.opened == 0) {
		conn_loop_turn(&p.client.loop, 0);
		if (p.client.opened == 0)
			conn_loop_turn(&p.server.loop, 0);
	}
	ck_assert(conn_write(&p.client.conn, data, 1000));
	conn_finish(&p.client.conn, REASON_CLOSED);
	PEERS_UNTIL(&p, p.server.opened > 0);
	conn_attach(&p.server.conn, &second, &peer_ops);
	TURN_UNTIL(p.client.ended > 0 && p.server.ended > 0);
	ck_assert_uint_eq(p.server.received, 1000);
	ck_assert_mem_eq(p.server.bytes, data, 1000);
	ck_assert_uint_eq(second_count(STATS_BYTES_SENT), 1000);
	ended_in_second(STATS_ENDED_CLOSE_NOTIFY);
	teardown();
}

/* What was written before the move, and not yet sent, leaves after it. */
static void
write_much(struct peer *peer)
{
	ck_assert(conn_write(&peer->conn, data, 50000));
}

TEST_LOOP(takes_what_is_queued_along, MUTUAL_VERSIONS)
{
	setup(mutual_priorities[_i]);
	p.server.when_open = write_much;
	open_server();
	ck_assert_uint_gt(io_tx_queued(&p.server.conn.sock), 50000);
	ck_assert_uint_eq(p.client.received, 0);
	conn_attach(&p.server.conn, &second, &peer_ops);
	TURN_UNTIL(p.client.received == 50000);
	ck_assert_mem_eq(p.client.bytes, data, 50000);
	ck_assert_uint_eq(io_tx_queued(&p.server.conn.sock), 0);
	teardown();
}

TEST_LOOP(peer_resets_while_it_moves, MUTUAL_VERSIONS)
{
	setup(mutual_priorities[_i]);
	open_server();
	detached();
	io_rx_pause(&p.client.conn.sock);
	tcp_reset(io_sock_detach(&p.client.conn.sock));
	conn_attach(&p.server.conn, &second, &peer_ops);
	while (p.server.ended == 0)
		conn_loop_turn(&second, 0);
	ended_in_second(STATS_ENDED_RESET);
	teardown();
}

/* The descriptor cannot be watched: it ends as an internal error, no leak. */
TEST_LOOP(attach_that_fails, 2)
{
	setup(MUTUAL_TLS13);
	if (_i == 0)
		open_server();
	else
		open_with_data_behind(1000, 10);
	detached();
	(void)close(p.server.conn.pending_fd);
	conn_attach(&p.server.conn, &second, &peer_ops);
	ck_assert_ptr_null(p.server.conn.pending_bytes);
	TURN_UNTIL(p.server.ended > 0);
	ck_assert_int_eq(p.server.reason, REASON_INTERNAL);
	ended_in_second(STATS_ENDED_INTERNAL);
	teardown();
}

/* Without memory for what it carries. */
TEST(carried_bytes_that_were_lost)
{
	setup(MUTUAL_TLS13);
	open_with_data_behind(1000, 10);
	free(p.server.conn.pending_bytes);
	p.server.conn.pending_bytes = NULL;
	conn_attach(&p.server.conn, &second, &peer_ops);
	TURN_UNTIL(p.server.ended > 0 && p.client.ended > 0);
	ended_in_second(STATS_ENDED_INTERNAL);
	ck_assert_uint_eq(p.server.received, 0);
	teardown();
}

/* What is carried ends the connection within conn_attach. */
static void
abort_now(struct peer *peer)
{
	conn_abort(&peer->conn, REASON_MISMATCH);
}

TEST(ends_in_attach)
{
	setup(MUTUAL_TLS13);
	p.server.when_data = abort_now;
	open_with_data_behind(1000, 10);
	conn_attach(&p.server.conn, &second, &peer_ops);
	ck_assert_uint_eq(p.server.ended, 0);
	conn_loop_turn(&second, 0);
	ck_assert_uint_eq(p.server.records, 1);
	ended_in_second(STATS_ENDED_LOCAL);
	teardown();
}

SUITE("common/conn/move")
