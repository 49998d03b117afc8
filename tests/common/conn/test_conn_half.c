/* test_conn_half: a connection that has said all, and goes on listening. */
#include <string.h>

#include "common/base/clock.h"
#include "common/conn/conn.h"
#include "tests/support/peers.h"
#include "tests/support/suite.h"

enum {
	SIZE = 300000
};

static struct peers p;
static uint8_t data[SIZE];

static void
set_up(void)
{
	for (size_t i = 0; i < SIZE; i++)
		data[i] = (uint8_t)(i * 7);
	peers_init(&p, &(struct conn_loop_options){ .shard = NULL });
	p.server.echoes = true;
}

static void
expect_both(enum close_reason reason)
{
	PEERS_UNTIL(&p, p.client.ended && p.server.ended);
	ck_assert_str_eq(
	    close_reason_text(p.client.reason), close_reason_text(reason));
	ck_assert_str_eq(close_reason_text(p.server.reason),
	    close_reason_text(REASON_CLOSED));
	ck_assert_uint_eq(peer_reasons(&p.client), 1);
	ck_assert_uint_eq(peer_reasons(&p.server), 1);
}

/* More than both sides queue, so that it waits for the last echo. */
TEST(hears_all_that_still_comes)
{
	set_up();
	peers_open_narrow(&p);
	ck_assert(conn_write(&p.client.conn, data, SIZE));
	conn_end_writing(&p.client.conn);
	expect_both(REASON_CLOSED);
	ck_assert_uint_eq(p.client.received, SIZE);
	ck_assert_mem_eq(p.client.bytes, data, SIZE);
	peers_fini(&p);
}

/* No FIN from this side: the reset comes when both have said close_notify. */
TEST(leaves)
{
	set_up();
	peers_open_narrow(&p);
	ck_assert(conn_write(&p.client.conn, data, SIZE));
	conn_leave(&p.client.conn);
	ck_assert(!conn_write(&p.client.conn, data, 1));
	conn_leave(&p.client.conn);
	expect_both(REASON_CLOSED);
	ck_assert_mem_eq(p.client.bytes, data, SIZE);
	peers_fini(&p);
}

TEST(says_nothing_more)
{
	set_up();
	peers_open(&p);
	conn_end_writing(&p.client.conn);
	conn_end_writing(&p.client.conn);
	ck_assert(!conn_write(&p.client.conn, data, 1));
	expect_both(REASON_CLOSED);
	ck_assert_uint_eq(p.server.received, 0);
	peers_fini(&p);
}

TEST(finished_after_all)
{
	set_up();
	peers_open(&p);
	conn_end_writing(&p.client.conn);
	conn_finish(&p.client.conn, REASON_DRAINED);
	expect_both(REASON_DRAINED);
	peers_fini(&p);
}

/* Before the handshake there is nothing to say: it goes on. */
TEST(not_open_yet)
{
	set_up();
	peers_start(&p);
	conn_end_writing(&p.client.conn);
	PEERS_UNTIL(&p, p.client.opened && p.server.opened);
	ck_assert(conn_write(&p.client.conn, data, 1));
	PEERS_UNTIL(&p, p.client.received == 1);
	peers_fini(&p);
}

/* The server's loop does not turn; time passes by decree. */
TEST(silent_peer)
{
	int64_t deadline_ns;

	set_up();
	peers_open(&p);
	conn_end_writing(&p.client.conn);
	conn_loop_turn(&p.client.loop, 0);
	deadline_ns = p.client.conn.timer.deadline_ns;
	ck_assert_int_gt(deadline_ns, clock_now_ns());
	ck_assert_int_le(deadline_ns, clock_now_ns() + 5 * CLOCK_NS_PER_S);
	ck_assert_uint_eq(p.client.ended, 0);
	p.client.conn.timer.deadline_ns = 1;
	for (int i = 0; i < 3 && p.client.ended == 0; i++)
		conn_loop_turn(&p.client.loop, 0);
	ck_assert_uint_eq(p.client.ended, 1);
	ck_assert_int_eq(p.client.reason, REASON_IDLE_TIMEOUT);
	peers_fini(&p);
}

/* As much as the kernel takes without a reader. */
static void
fill_socket(void)
{
	size_t before;

	do {
		before = io_tx_queued(&p.client.conn.sock);
		conn_loop_turn(&p.client.loop, 0);
	} while (io_tx_queued(&p.client.conn.sock) < before);
	ck_assert_uint_gt(before, 0);
}

TEST(slow_reader)
{
	set_up();
	peers_open_narrow(&p);
	ck_assert(conn_write(&p.client.conn, data, SIZE));
	conn_end_writing(&p.client.conn);
	fill_socket();
	p.client.conn.timer.deadline_ns = 1;
	conn_loop_turn(&p.client.loop, 0);
	ck_assert_int_gt(p.client.conn.timer.deadline_ns, 1);
	p.client.conn.timer.deadline_ns = 1;
	for (int i = 0; i < 3 && p.client.ended == 0; i++)
		conn_loop_turn(&p.client.loop, 0);
	ck_assert_uint_eq(p.client.ended, 1);
	ck_assert_int_eq(p.client.reason, REASON_IDLE_TIMEOUT);
	peers_fini(&p);
}

SUITE("common/conn/conn_half")
