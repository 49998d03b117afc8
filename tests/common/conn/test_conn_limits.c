/* test_conn_limits: how long a connection lives, and what a loop is told. */
#include "common/base/clock.h"
#include "common/conn/conn.h"
#include "tests/support/peers.h"
#include "tests/support/suite.h"

static struct peers p;

static const int64_t hour_ns = 3600 * CLOCK_NS_PER_S;

/* It ends in order, though data comes; and a new loop begins anew. */
TEST(lifetime_is_over)
{
	peers_init(
	    &p, &(struct conn_loop_options){ .max_lifetime_ns = hour_ns });
	peers_open(&p);
	ck_assert_int_gt(p.server.conn.lifetime.deadline_ns, hour_ns);
	timeq_cancel(&p.client.conn.lifetime); /* of the server only */
	p.server.echoes = true;
	ck_assert(conn_write(&p.client.conn, (const uint8_t *)"hello", 5));
	PEERS_UNTIL(&p, p.client.received == 5);
	ck_assert_int_eq(p.server.ended, 0);
	p.server.conn.lifetime.deadline_ns = 1;
	PEERS_UNTIL(&p, p.server.ended > 0 && p.client.ended > 0);
	peer_ended_once(&p.server, REASON_LIFETIME, STATS_ENDED_LIFETIME);
	ck_assert_int_eq(p.client.reason, REASON_CLOSED);
	ck_assert_int_eq(p.server.conn.lifetime.deadline_ns, 0);
	peers_fini(&p);
}

/* Without the limit nothing is timed; and it is not of handshakes. */
TEST(no_lifetime)
{
	peers_init(
	    &p, &(struct conn_loop_options){ .handshake_timeout_ns = hour_ns });
	peers_open(&p);
	ck_assert_int_eq(p.server.conn.lifetime.deadline_ns, 0);
	peers_fini(&p);
}

TEST(options_of_a_loop)
{
	peers_init(&p,
	    &(struct conn_loop_options){
		.close_timeout_ns = hour_ns, .tx_high = 9 });
	ck_assert_uint_eq(p.server.loop.tx_high, 9);
	ck_assert_int_eq(p.server.loop.linger.duration_ns, hour_ns);
	ck_assert_int_eq(p.server.loop.flush.duration_ns, hour_ns);
	peers_fini(&p);
	peers_init(&p,
	    &(struct conn_loop_options){
		.patient_flush = true, .idle_timeout_ns = hour_ns });
	ck_assert_int_eq(p.server.loop.linger.duration_ns, 5 * CLOCK_NS_PER_S);
	ck_assert_int_eq(p.server.loop.flush.duration_ns, hour_ns);
	peers_fini(&p);
}

SUITE("common/conn/conn_limits")
