/* test_conn: connections that echo, under backpressure and after half-close. */
#include "common/conn/conn.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/conn/piece.h"
#include "common/tls/session.h"
#include "tests/support/peers.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

static struct peers p;
static uint8_t data[1 << 20];
static size_t sent; /* of it, by feed */
static bool holds;  /* feed also stops receiving */

static const struct conn_loop_options no_limits;
static size_t server_high; /* tx_high of its loop; 0: as usual */

static void
setup(void)
{
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 13 + i / 509);
	peers_init(&p, &no_limits);
	if (server_high > 0)
		p.server.loop.tx_high = server_high;
}

static void
setup_version(int version)
{
	setup();
	peers_fini(&p);
	peers_init_version(&p, &no_limits, mutual_priorities[version]);
}

TEST_LOOP(echo_and_close, MUTUAL_VERSIONS)
{
	setup_version(_i);
	p.server.echoes = true;
	peers_open(&p);
	ck_assert_int_eq(p.client.conn.state, CONN_OPEN);
	ck_assert(conn_write(&p.client.conn, data, 5000));
	PEERS_UNTIL(&p, p.client.received == 5000);
	ck_assert_mem_eq(p.client.bytes, data, 5000);
	ck_assert_uint_eq(peer_count(&p.server, STATS_ACCEPTED), 1);
	ck_assert_uint_eq(peer_count(&p.client, STATS_ACCEPTED), 0);
	ck_assert_uint_eq(peer_count(&p.server, STATS_BYTES_RECEIVED), 5000);
	ck_assert_uint_eq(peer_count(&p.server, STATS_BYTES_SENT), 5000);
	ck_assert_uint_eq(peer_count(&p.server, STATS_READ_OPERATIONS), 1);
	ck_assert_uint_eq(peer_count(&p.server, STATS_WRITE_OPERATIONS), 1);

	conn_finish(&p.client.conn, REASON_CLOSED);
	ck_assert_int_eq(p.client.conn.state, CONN_FLUSHING);
	ck_assert(!conn_write(&p.client.conn, data, 1));
	conn_finish(&p.client.conn, REASON_INTERNAL); /* too late */
	PEERS_UNTIL(&p, p.client.ended > 0 && p.server.ended > 0);
	peer_ended_once(&p.server, REASON_CLOSED, STATS_ENDED_CLOSE_NOTIFY);
	peer_ended_once(&p.client, REASON_CLOSED, STATS_ENDED_CLOSE_NOTIFY);
	ck_assert_uint_eq(peer_count(&p.server, STATS_WIRE_BYTES_RECEIVED),
	    peer_count(&p.client, STATS_WIRE_BYTES_SENT));
	ck_assert_uint_eq(peer_count(&p.client, STATS_WIRE_BYTES_RECEIVED),
	    peer_count(&p.server, STATS_WIRE_BYTES_SENT));
	peers_fini(&p);
}

/* All is echoed before the answer to close_notify, whatever is queued. */
TEST_LOOP(half_close, MUTUAL_VERSIONS)
{
	setup_version(_i);
	p.server.echoes = true;
	peers_open_narrow(&p);
	ck_assert(conn_write(&p.client.conn, data, 400000));
	conn_finish(&p.client.conn, REASON_CLOSED);
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	ck_assert_uint_eq(p.server.received, 400000);
	ck_assert_mem_eq(p.server.bytes, data, 400000);
	ck_assert_uint_eq(peer_count(&p.server, STATS_BYTES_SENT), 400000);
	peer_ended_once(&p.server, REASON_CLOSED, STATS_ENDED_CLOSE_NOTIFY);
	peer_ended_once(&p.client, REASON_CLOSED, STATS_ENDED_CLOSE_NOTIFY);
	peers_fini(&p);
}

/*
 * A peer that queued more than CONN_TX_HIGH would not read the echo, and both
 * would wait for ever: so it writes in pieces, as there is room.
 */
static void
feed(struct peer *peer)
{
	while (sent < sizeof data && conn_has_room(&peer->conn)) {
		ck_assert(conn_write(&peer->conn, data + sent, CONN_PIECE));
		sent += CONN_PIECE;
	}
	ck_assert_uint_le(io_tx_queued(&peer->conn.sock), CONN_TX_HIGH);
	if (holds)
		io_rx_pause(&peer->conn.sock); /* resumed before this call */
}

/* A client that sends all it has, and may not read what comes back. */
static void
start_feeding(bool client_holds)
{
	setup();
	p.server.echoes = true;
	p.client.when_drained = feed;
	holds = client_holds;
	peers_open_narrow(&p);
	feed(&p.client);
}

TEST(large_echo_through_small_buffers)
{
	start_feeding(false);
	PEERS_UNTIL(&p, p.client.received == sizeof data);
	ck_assert_mem_eq(p.client.bytes, data, sizeof data);
	peers_fini(&p);
}

static const size_t marks[] = { 0, 4096, 4 * CONN_TX_HIGH };

/* Whoever does not read what is echoed is not read from either. */
TEST_EACH(backpressure_bounds_what_is_queued, marks)
{
	size_t high = marks[_i] > 0 ? marks[_i] : CONN_TX_HIGH;

	server_high = marks[_i];
	start_feeding(true);
	PEERS_UNTIL(&p, p.server.conn.sock.rx_paused);
	for (int i = 0; i < 300; i++) {
		peers_turn(&p);
		ck_assert(p.server.conn.sock.rx_paused);
		ck_assert_uint_gt(io_tx_queued(&p.server.conn.sock), high);
		ck_assert_uint_lt(
		    io_tx_queued(&p.server.conn.sock), high + 2 * CONN_TX_HIGH);
	}
	ck_assert_uint_eq(peer_count(&p.server, STATS_BACKPRESSURE_PAUSES), 1);
	ck_assert_uint_lt(sent, sizeof data);

	holds = false;
	io_rx_resume(&p.client.conn.sock);
	PEERS_UNTIL(&p, p.client.received == sizeof data);
	ck_assert_mem_eq(p.client.bytes, data, sizeof data);
	peers_fini(&p);
}

/*
 * It has hung up, which a send tells first: what it said before is read to its
 * end, although the echo of that is more than may wait.
 */
TEST(reset_with_much_unread)
{
	struct io *io;

	server_high = 5000;
	setup();
	peers_open(&p);
	p.server.echoes = true;
	io = p.server.loop.io;
	/* Something that the client has not read, so that its close resets. */
	ck_assert(conn_write(&p.server.conn, data, 10));
	io_flush(io);
	ck_assert(conn_write(&p.client.conn, data, 10000));
	io_flush(p.client.loop.io);
	conn_abort(&p.client.conn, REASON_MISMATCH);
	for (int i = 0; p.server.conn.sock.tx_error == 0; i++) {
		ck_assert_int_lt(i, 100000);
		ck_assert(conn_write(&p.server.conn, data, 10));
		io_flush(io);
	}
	PEERS_UNTIL(&p, p.server.ended > 0);
	ck_assert_uint_eq(p.server.received, 10000);
	ck_assert_uint_eq(peer_count(&p.server, STATS_BACKPRESSURE_PAUSES), 0);
	peer_ended_once(&p.server, REASON_RESET, STATS_ENDED_RESET);
	peers_fini(&p);
}

TEST(paused_peer_that_resets)
{
	start_feeding(true);
	PEERS_UNTIL(&p, p.server.conn.sock.rx_paused);
	conn_abort(&p.client.conn, REASON_CLOSED); /* unread bytes: a reset */
	PEERS_UNTIL(&p, p.server.ended > 0);
	peer_ended_once(&p.server, REASON_RESET, STATS_ENDED_RESET);
	peers_fini(&p);
}

SUITE("common/conn/conn")
