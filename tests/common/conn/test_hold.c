/* test_hold: a handshake waits until it is told to go on. */
#include "common/conn/hold.h"

#include <sys/socket.h>

#include "common/base/clock.h"
#include "common/conn/conn.h"
#include "tests/support/peers.h"
#include "tests/support/suite.h"

enum {
	TURNS = 10 /* that would be enough for all of it */
};

static struct peers p;
static const uint8_t zeros[CONN_HELD_MAX + 1];

/* The server has the ClientHello, and the client no answer. */
static void
begin(int version)
{
	peers_init_version(&p,
	    &(struct conn_loop_options){
		.handshake_timeout_ns = 3600 * CLOCK_NS_PER_S },
	    mutual_priorities[version]);
	p.server.holds = true;
	peers_start(&p);
	PEERS_UNTIL(&p, p.server.conn.is_held);
	for (int i = 0; i < TURNS; i++)
		peers_turn(&p);
	ck_assert(p.server.conn.is_held);
	ck_assert_int_eq(p.server.conn.state, CONN_HANDSHAKE);
	ck_assert_uint_eq(peer_count(&p.server, STATS_WIRE_BYTES_SENT), 0);
}

static void
send_zeros(size_t n)
{
	ck_assert_int_eq(send(p.client.conn.sock.fd, zeros, n, 0), (ssize_t)n);
}

TEST_LOOP(goes_on, MUTUAL_VERSIONS)
{
	begin(_i);
	p.server.echoes = true;
	conn_go_on(&p.server.conn);
	PEERS_UNTIL(&p, p.server.opened > 0 && p.client.opened > 0);
	ck_assert(!p.server.conn.is_held);
	ck_assert(conn_write(&p.client.conn, zeros, 5));
	PEERS_UNTIL(&p, p.client.received == 5);
	peers_fini(&p);
}

/* It is not worth the rest of the handshake. */
TEST(client_gives_up)
{
	begin(0);
	conn_abort(&p.client.conn, REASON_CLOSED);
	PEERS_UNTIL(&p, p.server.ended > 0);
	peer_ended_once(&p.server, REASON_EOF, STATS_HANDSHAKE_PEER_CLOSED);
	peers_fini(&p);
}

TEST(deadline_goes_on)
{
	begin(0);
	p.server.conn.timer.deadline_ns = 1;
	PEERS_UNTIL(&p, p.server.ended > 0);
	peer_ended_once(
	    &p.server, REASON_HANDSHAKE_TIMEOUT, STATS_HANDSHAKE_TIMEOUT);
	peers_fini(&p);
}

/* In two pieces, and read when it goes on, where they are no message. */
TEST(early_bytes_are_kept)
{
	begin(0);
	for (int i = 0; i < 2; i++) {
		send_zeros(CONN_HELD_MAX / 2);
		PEERS_UNTIL(&p,
		    p.server.conn.pending_len ==
			(size_t)(i + 1) * CONN_HELD_MAX / 2);
	}
	ck_assert_int_eq(p.server.ended, 0);
	conn_go_on(&p.server.conn);
	PEERS_UNTIL(&p, p.server.ended > 0);
	peer_ended_once(&p.server, REASON_PROTOCOL, STATS_HANDSHAKE_PROTOCOL);
	peers_fini(&p);
}

TEST(early_bytes_are_few)
{
	begin(0);
	send_zeros(CONN_HELD_MAX + 1);
	PEERS_UNTIL(&p, p.server.ended > 0);
	peer_ended_once(&p.server, REASON_PROTOCOL, STATS_HANDSHAKE_PROTOCOL);
	peers_fini(&p);
}

SUITE("common/conn/hold")
