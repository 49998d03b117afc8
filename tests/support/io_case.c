/* io_case: a socket in a poll loop; see the header. */
#include "tests/support/io_case.h"

#include <check.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/tcp.h"

struct io *seen_io;
struct seen seen_a, seen_b;
int seen_peer_fd;
uint8_t seen_data[4 << 20];

static struct seen *
seen_of(struct io_sock *sock)
{
	return CONTAINER_OF(sock, struct seen, sock);
}

static void
on_connected(struct io_sock *sock)
{
	seen_of(sock)->connected++;
}

static void
on_received(struct io_sock *sock, const uint8_t *bytes, size_t n)
{
	struct seen *seen = seen_of(sock);

	seen->calls++;
	if (n == 0)
		seen->ended++;
	for (size_t i = 0; i < n && seen->received + i < sizeof seen->first;
	     i++)
		seen->first[seen->received + i] = bytes[i];
	seen->received += n;
	if (seen->when_received != NULL)
		seen->when_received(seen);
}

static void
on_drained(struct io_sock *sock)
{
	seen_of(sock)->drained++;
}

static void
on_failed(struct io_sock *sock, int error)
{
	seen_of(sock)->failed++;
	seen_of(sock)->error = error;
	io_sock_close(sock); /* as every owner does */
}

const struct io_sock_ops seen_ops = {
	.connected = on_connected,
	.received = on_received,
	.drained = on_drained,
	.failed = on_failed,
};

void
io_case_attach(struct seen *seen, int fd)
{
	memset(seen, 0, sizeof *seen);
	io_sock_init(&seen->sock);
	ck_assert_int_eq(
	    io_sock_attach(seen_io, &seen->sock, &seen_ops, fd), 0);
}

void
io_case_open_loop(void)
{
	struct errmsg e;

	ck_assert_int_eq(io_open(&seen_io, &e), 0);
	for (size_t i = 0; i < sizeof seen_data; i++)
		seen_data[i] = (uint8_t)(i * 3 + i / 255);
}

void
io_case_open(void)
{
	int fds[2];

	io_case_open_loop();
	tcp_pair(fds);
	io_case_attach(&seen_a, fds[0]);
	seen_peer_fd = fds[1];
}

void
io_case_open_narrow(void)
{
	int fds[2];

	io_case_open_loop();
	tcp_narrow_pair(fds);
	io_case_attach(&seen_a, fds[0]);
	seen_peer_fd = fds[1];
}

void
io_case_close(void)
{
	io_sock_close(&seen_a.sock);
	io_close(&seen_io);
	ck_assert_ptr_null(seen_io);
	(void)close(seen_peer_fd);
}

void
io_case_turn(int64_t wait_ns)
{
	io_wait(seen_io, wait_ns);
	io_dispatch(seen_io);
	io_flush(seen_io);
}

void
io_case_queue(struct io_sock *sock, const uint8_t *bytes, size_t n)
{
	while (n > 0) {
		size_t room;
		uint8_t *to = io_tx_room(sock, &room);

		ck_assert_ptr_nonnull(to);
		if (room > n)
			room = n;
		memcpy(to, bytes, room);
		io_tx_commit(sock, room);
		bytes += room;
		n -= room;
	}
}

void
io_case_expect(const uint8_t *bytes, size_t n)
{
	static uint8_t got[65536];
	size_t at = 0;

	while (at < n) {
		ssize_t now = recv(seen_peer_fd, got, sizeof got, 0);

		if (now < 0) {
			ck_assert_int_eq(errno, EAGAIN);
			io_case_turn(CLOCK_NS_PER_MS);
			continue;
		}
		ck_assert_int_gt(now, 0);
		ck_assert_mem_eq(got, bytes + at, (size_t)now);
		at += (size_t)now;
	}
	ck_assert_uint_eq(at, n);
}
