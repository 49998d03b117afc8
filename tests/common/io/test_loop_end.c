/* test_loop_end: sockets that end, fail, are closed, or do not connect. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/io/private.h"
#include "common/sys/addr.h"
#include "common/sys/keepalive.h"
#include "tests/support/io_case.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

TEST(end_of_stream_once)
{
	io_case_open();
	ck_assert_int_eq(send(seen_peer_fd, "bye", 3, 0), 3);
	ck_assert_int_eq(shutdown(seen_peer_fd, SHUT_WR), 0);
	while (seen_a.ended == 0)
		io_case_turn(-1);
	ck_assert_uint_eq(seen_a.received, 3);
	for (int i = 0; i < 10; i++)
		io_case_turn(0);
	ck_assert_uint_eq(seen_a.ended, 1);
	ck_assert_uint_eq(seen_a.failed, 0);
	/* Nor does an ended socket keep the loop awake. */
	io_wait(seen_io, 0);
	ck_assert_int_eq(seen_io->event_count, 0);
	io_case_queue(&seen_a.sock, seen_data, 100);
	io_case_expect(seen_data, 100);
	io_case_close();
}

TEST(reset)
{
	io_case_open();
	tcp_reset(seen_peer_fd);
	while (seen_a.failed == 0)
		io_case_turn(-1);
	ck_assert_int_eq(seen_a.error, ECONNRESET);
	ck_assert_int_eq(seen_a.sock.fd, -1);
	for (int i = 0; i < 3; i++)
		io_case_turn(0);
	ck_assert_uint_eq(seen_a.failed, 1);
	ck_assert_uint_eq(seen_a.ended, 0);
	seen_peer_fd = -1;
	io_case_close();
}

TEST(reset_while_paused)
{
	io_case_open();
	io_rx_pause(&seen_a.sock);
	tcp_reset(seen_peer_fd);
	while (seen_a.failed == 0)
		io_case_turn(-1);
	ck_assert_int_eq(seen_a.error, ECONNRESET);
	seen_peer_fd = -1;
	io_case_close();
}

/* Both sides have said all, which is no failure: it is read when we go on. */
TEST(end_of_both_while_paused)
{
	io_case_open();
	io_tx_end(&seen_a.sock);
	io_flush(seen_io);
	io_rx_pause(&seen_a.sock);
	ck_assert_int_eq(send(seen_peer_fd, "last", 4, 0), 4);
	ck_assert_int_eq(shutdown(seen_peer_fd, SHUT_WR), 0);
	io_wait(seen_io, -1);
	ck_assert_int_eq(seen_io->event_count, 1); /* EPOLLHUP */
	io_dispatch(seen_io);
	ck_assert_uint_eq(seen_a.failed, 0);
	/* Nor does it keep the loop awake. */
	io_wait(seen_io, 0);
	ck_assert_int_eq(seen_io->event_count, 0);
	io_rx_resume(&seen_a.sock);
	for (int i = 0; i < 3 && seen_a.ended == 0; i++)
		io_case_turn(CLOCK_NS_PER_S);
	ck_assert_mem_eq(seen_a.first, "last", 4);
	ck_assert_uint_eq(seen_a.received, 4);
	ck_assert_uint_eq(seen_a.ended, 1);
	io_case_close();
}

/* What it said before is read first, and then comes the failure. */
TEST(peer_that_hangs_up_while_we_send)
{
	io_case_open();
	ck_assert_int_eq(send(seen_peer_fd, "why", 3, 0), 3);
	(void)close(seen_peer_fd);
	seen_peer_fd = -1;
	/* The first write is answered with RST, the second one fails. */
	for (int i = 0; seen_a.failed == 0; i++) {
		ck_assert_int_lt(i, 100000);
		if (seen_a.sock.tx_error == 0)
			io_case_queue(&seen_a.sock, seen_data, 100);
		io_flush(seen_io);
		if (seen_a.sock.tx_error != 0)
			io_case_turn(-1);
	}
	ck_assert_mem_eq(seen_a.first, "why", 3);
	ck_assert_uint_eq(seen_a.received, 3);
	ck_assert_uint_eq(seen_a.failed, 1);
	ck_assert(seen_a.error == EPIPE || seen_a.error == ECONNRESET);
	ck_assert_uint_eq(seen_a.ended, 0);
	io_case_close();
}

TEST(send_fails_when_nothing_more_is_to_be_read)
{
	io_case_open();
	ck_assert_int_eq(shutdown(seen_peer_fd, SHUT_WR), 0);
	while (seen_a.ended == 0)
		io_case_turn(-1);
	(void)close(seen_peer_fd);
	seen_peer_fd = -1;
	for (int i = 0; seen_a.failed == 0; i++) {
		ck_assert_int_lt(i, 100000);
		io_case_queue(&seen_a.sock, seen_data, 100);
		io_case_turn(0);
	}
	ck_assert_uint_eq(seen_a.failed, 1);
	io_case_close();
}

TEST(closed_between_wait_and_dispatch)
{
	io_case_open();
	ck_assert_int_eq(send(seen_peer_fd, "x", 1, 0), 1);
	io_case_queue(&seen_a.sock, seen_data, 100);
	io_wait(seen_io, -1);
	io_sock_close(&seen_a.sock);
	io_dispatch(seen_io);
	io_flush(seen_io);
	ck_assert_uint_eq(seen_a.calls, 0);
	ck_assert_uint_eq(seen_a.drained, 0);
	io_sock_close(&seen_a.sock);
	io_case_close();
}

static void
close_other(struct seen *seen)
{
	io_sock_close(&seen->other->sock);
}

/*
 * A descriptor that came over a unix socket may still be open in the process
 * that sent it, and closing alone would leave it in the epoll set (epoll(7)).
 */
TEST(closed_while_others_have_it_open)
{
	int copy;

	io_case_open();
	copy = dup(seen_a.sock.fd);
	ck_assert_int_ge(copy, 0);
	io_sock_close(&seen_a.sock);
	ck_assert_int_eq(send(seen_peer_fd, "too late", 8, 0), 8);
	io_wait(seen_io, 0);
	ck_assert_int_eq(seen_io->event_count, 0);
	(void)close(copy);
	io_case_close();
}

/* Both are ready in one batch, and the first closes the second. */
TEST(closes_another_in_a_callback)
{
	int fds[2];

	io_case_open();
	tcp_pair(fds);
	io_case_attach(&seen_b, fds[0]);
	seen_a.other = &seen_b;
	seen_b.other = &seen_a;
	seen_a.when_received = seen_b.when_received = close_other;
	ck_assert_int_eq(send(seen_peer_fd, "x", 1, 0), 1);
	ck_assert_int_eq(send(fds[1], "x", 1, 0), 1);
	tcp_await(seen_a.sock.fd);
	tcp_await(seen_b.sock.fd);
	io_case_turn(-1);
	ck_assert_uint_eq(seen_a.calls + seen_b.calls, 1);
	ck_assert_uint_eq(seen_a.failed + seen_b.failed, 0);
	ck_assert((seen_a.sock.fd == -1) != (seen_b.sock.fd == -1));
	io_sock_close(&seen_b.sock);
	(void)close(fds[1]);
	io_case_close();
}

TEST(connects)
{
	const struct keepalive keepalive = { .on = true, .idle_s = 77 };
	socklen_t len = sizeof(int);
	struct addr addr;
	int idle_s, listener;

	io_case_open_loop();
	listener = tcp_listen(&addr);
	memset(&seen_a, 0, sizeof seen_a);
	io_sock_init(&seen_a.sock);
	ck_assert_int_eq(io_sock_connect(seen_io, &seen_a.sock, &seen_ops,
			     &addr, NULL, &keepalive),
	    0);
	ck_assert_uint_eq(seen_a.connected, 0); /* from io_dispatch only */
	while (seen_a.connected == 0)
		io_case_turn(-1);
	seen_peer_fd = tcp_accept(listener);
	ck_assert_int_eq(getsockopt(seen_a.sock.fd, IPPROTO_TCP, TCP_KEEPIDLE,
			     &idle_s, &len),
	    0);
	ck_assert_int_eq(idle_s, 77);
	io_case_queue(&seen_a.sock, seen_data, 1000);
	io_case_expect(seen_data, 1000);
	ck_assert_int_eq(send(seen_peer_fd, "x", 1, 0), 1);
	io_case_turn(-1);
	ck_assert_uint_eq(seen_a.received, 1);
	ck_assert_uint_eq(seen_a.connected, 1);
	(void)close(listener);
	io_case_close();
}

TEST(connect_that_is_refused)
{
	struct addr addr;

	io_case_open_loop();
	(void)close(tcp_listen(&addr));
	memset(&seen_a, 0, sizeof seen_a);
	io_sock_init(&seen_a.sock);
	ck_assert_int_eq(io_sock_connect(seen_io, &seen_a.sock, &seen_ops,
			     &addr, NULL, NULL),
	    0);
	while (seen_a.failed == 0)
		io_case_turn(-1);
	ck_assert_int_eq(seen_a.error, ECONNREFUSED);
	ck_assert_uint_eq(seen_a.connected, 0);
	seen_peer_fd = -1;
	io_case_close();
}

TEST(connect_that_cannot_start)
{
	struct addr addr = { .len = sizeof addr.storage };
	int before = dup(0);

	io_case_open_loop();
	addr.storage.ss_family = 250;
	io_sock_init(&seen_a.sock);
	ck_assert_int_lt(io_sock_connect(seen_io, &seen_a.sock, &seen_ops,
			     &addr, NULL, NULL),
	    0);
	ck_assert_int_eq(seen_a.sock.fd, -1);
	(void)close(before);
	ck_assert_int_eq(dup(0), before); /* nothing was left open */
	(void)close(before);
	seen_peer_fd = -1;
	io_case_close();
}

TEST(attach_that_fails_leaves_the_descriptor)
{
	int fd = dup(0);

	io_case_open_loop();
	(void)close(fd);
	io_sock_init(&seen_a.sock);
	ck_assert_int_eq(
	    io_sock_attach(seen_io, &seen_a.sock, &seen_ops, fd), -EBADF);
	ck_assert_int_eq(seen_a.sock.fd, -1);
	seen_peer_fd = -1;
	io_case_close();
}

SUITE("common/io/loop_end")
