/* test_sock: sockets that receive and send. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/io/private.h"
#include "common/sys/addr.h"
#include "tests/support/io_case.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

TEST(one_recv_and_one_send_a_turn)
{
	const struct io_counters *t;

	io_case_open();
	t = io_counters(seen_io);
	ck_assert_int_eq(send(seen_peer_fd, "hello", 5, 0), 5);
	io_case_turn(-1);
	ck_assert_uint_eq(seen_a.received, 5);
	ck_assert_mem_eq(seen_a.first, "hello", 5);
	ck_assert_uint_eq(t->wait_calls, 1);
	ck_assert_uint_eq(t->recv_calls, 1);
	ck_assert_uint_eq(t->send_calls, 0);
	ck_assert_uint_eq(t->bytes_received, 5);

	io_case_queue(&seen_a.sock, seen_data, 10);
	io_case_queue(&seen_a.sock, seen_data + 10, 20000);
	ck_assert_uint_eq(io_tx_queued(&seen_a.sock), 20010);
	io_flush(seen_io);
	ck_assert_uint_eq(t->send_calls, 1);
	ck_assert_uint_eq(t->bytes_sent, 20010);
	ck_assert_uint_eq(io_tx_queued(&seen_a.sock), 0);
	ck_assert_uint_eq(seen_a.drained, 1);
	io_case_expect(seen_data, 20010);
	io_flush(seen_io);
	ck_assert_uint_eq(t->send_calls, 1);
	ck_assert_uint_eq(seen_a.drained, 1);
	io_case_close();
}

TEST(partial_sends_go_on)
{
	io_case_open_narrow();
	io_case_queue(&seen_a.sock, seen_data, 1000000);
	io_flush(seen_io);
	ck_assert_uint_gt(io_tx_queued(&seen_a.sock), 0);
	ck_assert_uint_eq(seen_a.drained, 0);
	/* More, behind what is stuck. */
	io_case_queue(&seen_a.sock, seen_data + 1000000, 1000);
	io_case_expect(seen_data, 1001000);
	ck_assert_uint_eq(io_tx_queued(&seen_a.sock), 0);
	ck_assert_uint_eq(seen_a.drained, 1);
	ck_assert_uint_eq(io_counters(seen_io)->bytes_sent, 1001000);
	io_case_close();
}

/* The rest is no news to the kernel, but comes in the next turns. */
TEST(more_than_one_recv_takes)
{
	const size_t n = 2 * IO_RX_SIZE + 1;
	int fds[2];

	io_case_open_loop();
	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	io_case_attach(&seen_a, fds[0]);
	ck_assert_int_eq(send(fds[1], seen_data, n, 0), n);
	for (size_t seen = 0; seen < n; seen = seen_a.received) {
		io_case_turn(CLOCK_NS_PER_S);
		ck_assert_uint_gt(seen_a.received, seen);
		ck_assert_uint_le(seen_a.received - seen, IO_RX_SIZE);
	}
	ck_assert_uint_eq(seen_a.received, n);
	(void)close(fds[1]);
	io_case_close();
}

/* Bytes and FIN in one turn: the recv that brings the bytes is not the last. */
TEST(end_right_behind_the_bytes)
{
	io_case_open();
	ck_assert_int_eq(send(seen_peer_fd, "hello", 5, 0), 5);
	ck_assert_int_eq(shutdown(seen_peer_fd, SHUT_WR), 0);
	for (int i = 0; i < 3 && seen_a.ended == 0; i++)
		io_case_turn(CLOCK_NS_PER_S);
	ck_assert_uint_eq(seen_a.received, 5);
	ck_assert_uint_eq(seen_a.ended, 1);
	io_case_close();
}

/* While the kernel takes no more, sending is not even tried. */
TEST(blocked_socket_costs_nothing)
{
	uint64_t calls;

	io_case_open_narrow();
	io_case_queue(&seen_a.sock, seen_data, 1000000);
	for (int i = 0; i < 5; i++)
		io_case_turn(0);
	calls = io_counters(seen_io)->send_calls;
	for (int i = 0; i < 10; i++) {
		io_case_queue(&seen_a.sock, seen_data, 1);
		io_case_turn(0);
	}
	ck_assert_uint_eq(io_counters(seen_io)->send_calls, calls);
	io_case_close();
}

TEST(more_chunks_than_one_call_takes)
{
	const size_t n = 40 * IO_CHUNK_SIZE;

	io_case_open();
	io_case_queue(&seen_a.sock, seen_data, n);
	io_flush(seen_io);
	ck_assert_uint_eq(io_counters(seen_io)->send_calls, 1);
	ck_assert_uint_gt(io_tx_queued(&seen_a.sock), 0);
	io_case_expect(seen_data, n);
	ck_assert_uint_eq(seen_a.drained, 1);
	io_case_close();
}

TEST(fin_comes_after_the_queue)
{
	uint8_t byte;

	io_case_open_narrow();
	io_case_queue(&seen_a.sock, seen_data, 300000);
	io_tx_end(&seen_a.sock);
	io_case_expect(seen_data, 300000);
	while (seen_a.drained == 0)
		io_case_turn(CLOCK_NS_PER_MS);
	ck_assert_int_eq(recv(seen_peer_fd, &byte, 1, 0), 0);
	ck_assert_uint_eq(seen_a.drained, 1);
	/* The other direction is open. */
	ck_assert_int_eq(send(seen_peer_fd, "x", 1, 0), 1);
	io_case_turn(-1);
	ck_assert_uint_eq(seen_a.received, 1);
	io_case_close();
}

/* What is split off does not wait for the end of the turn. */
TEST(split)
{
	io_case_open();
	io_tx_split(&seen_a.sock, 10); /* of nothing */
	io_case_queue(&seen_a.sock, seen_data, 1000);
	io_tx_split(&seen_a.sock, 400);
	ck_assert_uint_eq(io_tx_queued(&seen_a.sock), 600);
	ck_assert_uint_eq(io_counters(seen_io)->send_calls, 1);
	io_case_expect(seen_data, 400);
	io_flush(seen_io);
	ck_assert_uint_eq(io_counters(seen_io)->send_calls, 2);
	io_case_expect(seen_data + 400, 600);
	io_case_close();
}

TEST(fin_without_a_queue)
{
	uint8_t byte;

	io_case_open();
	io_tx_end(&seen_a.sock);
	io_flush(seen_io);
	ck_assert_uint_eq(seen_a.drained, 1);
	ck_assert_uint_eq(io_counters(seen_io)->send_calls, 0);
	tcp_await(seen_peer_fd);
	ck_assert_int_eq(recv(seen_peer_fd, &byte, 1, 0), 0);
	io_case_close();
}

TEST(pause_and_resume)
{
	io_case_open();
	io_rx_pause(&seen_a.sock);
	ck_assert_int_eq(send(seen_peer_fd, "hello", 5, 0), 5);
	tcp_await(seen_a.sock.fd);
	for (int i = 0; i < 3; i++)
		io_case_turn(0);
	ck_assert_uint_eq(seen_a.received, 0);
	ck_assert_uint_eq(io_counters(seen_io)->recv_calls, 0);
	/* Nor does it keep the loop awake. */
	io_wait(seen_io, 0);
	ck_assert_int_eq(seen_io->event_count, 0);
	/* Sending goes on meanwhile. */
	io_case_queue(&seen_a.sock, seen_data, 100);
	io_case_expect(seen_data, 100);
	io_rx_resume(&seen_a.sock);
	io_case_turn(-1);
	ck_assert_uint_eq(seen_a.received, 5);
	io_case_close();
}

SUITE("common/io/sock")
