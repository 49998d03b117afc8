/* test_loop: the loop itself: waits, watches, chunks, and sockets that move. */
#include "common/io/loop.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/io/private.h"
#include "tests/support/io_case.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"

enum {
	WATCHES = 4
};

static struct io_watch watches[WATCHES];
static unsigned calls;

static const int64_t brief_ns = 5 * CLOCK_NS_PER_MS;

TEST(wait_ends_in_time)
{
	int64_t before_ns;

	io_case_open_loop();
	before_ns = clock_now_ns();
	io_wait(seen_io, brief_ns);
	ck_assert_int_ge(io_now_ns(seen_io), before_ns + brief_ns);
	ck_assert_int_ge(clock_now_ns(), io_now_ns(seen_io));
	io_wait(seen_io, 0);
	ck_assert_uint_eq(io_counters(seen_io)->wait_calls, 2);
	io_dispatch(seen_io);
	io_flush(seen_io);
	io_close(&seen_io);
	io_close(&seen_io);
}

/* What a callback of io_flush queued has not been tried yet. */
TEST(wait_does_not_sleep_on_unsent_bytes)
{
	io_case_open();
	io_case_queue(&seen_a.sock, seen_data, 10);
	io_wait(seen_io, -1);
	io_dispatch(seen_io);
	io_flush(seen_io);
	ck_assert_uint_eq(seen_a.drained, 1);
	io_case_expect(seen_data, 10);
	io_case_close();
}

static int
open_ready(void)
{
	int fd = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static void
count_call(struct io_watch *watch)
{
	ck_assert_ptr_eq(watch->owner, &calls);
	calls++;
}

/* All of them are ready in one batch. */
static void
remove_all(struct io_watch *watch)
{
	(void)watch;
	calls++;
	for (int i = 0; i < WATCHES; i++)
		io_watch_remove(&watches[i]);
}

static void
open_watches(void (*on_ready)(struct io_watch *))
{
	io_case_open_loop();
	for (int i = 0; i < WATCHES; i++) {
		watches[i].owner = &calls;
		ck_assert_int_eq(
		    io_watch_add(seen_io, &watches[i], open_ready(), on_ready),
		    0);
	}
}

static void
close_watches(void)
{
	for (int i = 0; i < WATCHES; i++) {
		io_watch_remove(&watches[i]);
		(void)close(watches[i].fd);
	}
	io_close(&seen_io);
}

TEST(watches_are_called_while_ready)
{
	open_watches(count_call);
	io_case_turn(-1);
	ck_assert_uint_eq(calls, WATCHES);
	io_case_turn(-1); /* level-triggered */
	ck_assert_uint_eq(calls, 2 * WATCHES);
	io_watch_remove(&watches[1]);
	io_watch_remove(&watches[1]);
	io_case_turn(-1);
	ck_assert_uint_eq(calls, 3 * WATCHES - 1);
	close_watches();
}

TEST(watches_removed_in_a_callback)
{
	open_watches(remove_all);
	io_case_turn(-1);
	ck_assert_uint_eq(calls, 1);
	io_case_turn(0);
	ck_assert_uint_eq(calls, 1);
	close_watches();
}

/* A counter at its limit takes no more until it is read: eventfd(2). */
TEST(output_watch_waits_for_room)
{
	struct io_watch watch = { .owner = &calls };
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	eventfd_t ignored;

	calls = 0;
	io_case_open_loop();
	ck_assert_int_eq(eventfd_write(fd, UINT64_MAX - 1), 0);
	ck_assert_int_eq(
	    io_watch_add_output(seen_io, &watch, fd, count_call), 0);
	io_case_turn(0);
	ck_assert_uint_eq(calls, 0);
	ck_assert_int_eq(eventfd_read(fd, &ignored), 0);
	io_case_turn(-1);
	ck_assert_uint_eq(calls, 1);
	io_watch_remove(&watch);
	io_close(&seen_io);
	(void)close(fd);
}

TEST(watch_of_what_cannot_be_watched)
{
	struct io_watch watch = { .owner = &calls };
	int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	io_case_open_loop();
	ck_assert_int_lt(io_watch_add(seen_io, &watch, file, count_call), 0);
	io_watch_remove(&watch);
	ck_assert_int_lt(
	    io_watch_add_exclusive(seen_io, &watch, -1, count_call), 0);
	io_watch_remove(&watch);
	io_close(&seen_io);
	(void)close(file);
}

TEST(exclusive_watch_is_removed_like_any)
{
	struct io_watch watch = { .owner = &calls };
	int fd = open_ready();

	io_case_open_loop();
	ck_assert_int_eq(
	    io_watch_add_exclusive(seen_io, &watch, fd, count_call), 0);
	io_case_turn(-1);
	ck_assert_uint_eq(calls, 1);
	io_watch_remove(&watch);
	io_case_turn(0);
	ck_assert_uint_eq(calls, 1);
	ck_assert_int_eq(
	    io_watch_add_exclusive(seen_io, &watch, fd, count_call), 0);
	io_case_turn(-1);
	ck_assert_uint_eq(calls, 2);
	io_watch_remove(&watch);
	io_close(&seen_io);
	(void)close(fd);
}

/* More sockets are ready than one wait can tell. */
TEST(more_ready_than_one_batch)
{
	static struct io_watch many[IO_EVENTS + 50];
	int fd = open_ready();

	io_case_open_loop();
	for (size_t i = 0; i < IO_EVENTS + 50; i++) {
		many[i].owner = &calls;
		ck_assert_int_eq(
		    io_watch_add(seen_io, &many[i], dup(fd), count_call), 0);
	}
	io_case_turn(-1);
	ck_assert_uint_eq(calls, IO_EVENTS);
	/* The kernel goes on with those that had to wait. */
	io_case_turn(-1);
	ck_assert_uint_eq(calls, 2 * IO_EVENTS);
	for (size_t i = 0; i < IO_EVENTS + 50; i++) {
		io_watch_remove(&many[i]);
		(void)close(many[i].fd);
	}
	io_close(&seen_io);
	(void)close(fd);
}

TEST(batch_of_fewer)
{
	open_watches(count_call);
	io_set_batch(seen_io, 3);
	io_case_turn(-1);
	ck_assert_uint_eq(calls, 3);
	/* Those three are done; the fourth has been waiting. */
	for (int i = 0; i < 3; i++)
		io_watch_remove(&watches[i]);
	io_case_turn(-1);
	ck_assert_uint_eq(calls, 4);
	close_watches();
}

TEST_WITH(batch_of_none, .signal = SIGABRT)
{
	io_case_open_loop();
	io_set_batch(seen_io, 0);
}

/* The loop comes to own what one burst needed, and no more with time. */
TEST(chunks_are_used_again)
{
	io_case_open();
	for (int i = 0; i < 1000; i++) {
		io_case_queue(&seen_a.sock, seen_data, 3 * IO_CHUNK_SIZE);
		io_case_expect(seen_data, 3 * IO_CHUNK_SIZE);
		ck_assert_int_eq(seen_io->chunks.count, 3);
		ck_assert_ptr_null(seen_a.sock.tx_first);
	}
	io_case_close();
}

TEST(not_all_chunks_are_kept)
{
	io_case_open();
	for (int i = 0; i < IO_CHUNKS_KEPT + 20; i++) {
		size_t room;

		(void)io_tx_room(&seen_a.sock, &room);
		io_tx_commit(&seen_a.sock, room);
	}
	io_sock_close(&seen_a.sock);
	ck_assert_int_eq(seen_io->chunks.count, IO_CHUNKS_KEPT);
	io_case_close();
}

TEST(a_record_fits_into_one_chunk)
{
	size_t room;

	io_case_open();
	(void)io_tx_room(&seen_a.sock, &room);
	ck_assert_uint_ge(room, 16384 + 256 + 5); /* RFC 8446, 5.2 */
	io_tx_commit(&seen_a.sock, room - 1);
	(void)io_tx_room(&seen_a.sock, &room);
	ck_assert_uint_eq(room, 1);
	io_tx_commit(&seen_a.sock, 1);
	(void)io_tx_room(&seen_a.sock, &room);
	ck_assert_uint_gt(room, 1);
	io_case_close();
}

/* A commit of more than there is room for is a bug of the caller. */
TEST_WITH(commit_of_too_much, .signal = SIGABRT)
{
	size_t room;

	io_case_open();
	(void)io_tx_room(&seen_a.sock, &room);
	io_tx_commit(&seen_a.sock, room + 1);
}

/* From the loop of the case to another one. */
TEST_LOOP(moves_with_what_is_queued, 2)
{
	struct io *first;
	struct errmsg e;
	int fd;

	io_case_open_narrow();
	first = seen_io;
	io_case_queue(&seen_a.sock, seen_data, 500000);
	if (_i == 1) {
		io_flush(first); /* blocked when it moves */
		ck_assert(seen_a.sock.tx_blocked);
	}
	io_tx_end(&seen_a.sock);
	fd = io_sock_detach(&seen_a.sock);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(seen_a.sock.fd, -1);
	ck_assert_int_eq(send(seen_peer_fd, "hi", 2, 0), 2);
	io_case_turn(0);
	ck_assert_uint_eq(seen_a.calls, 0);

	ck_assert_int_eq(io_open(&seen_io, &e), 0);
	ck_assert_int_eq(
	    io_sock_attach(seen_io, &seen_a.sock, &seen_ops, fd), 0);
	io_close(&first);
	io_case_expect(seen_data, 500000);
	while (seen_a.drained == 0)
		io_case_turn(CLOCK_NS_PER_MS);
	ck_assert_uint_eq(seen_a.received, 2);
	ck_assert_int_eq(recv(seen_peer_fd, &fd, 1, 0), 0); /* FIN, too */
	io_case_close();
}

TEST(moves_paused)
{
	int fd;

	io_case_open();
	io_rx_pause(&seen_a.sock);
	fd = io_sock_detach(&seen_a.sock);
	io_rx_pause(&seen_a.sock); /* in no loop, without effect or harm */
	ck_assert_int_eq(send(seen_peer_fd, "hi", 2, 0), 2);
	ck_assert_int_eq(
	    io_sock_attach(seen_io, &seen_a.sock, &seen_ops, fd), 0);
	tcp_await(fd);
	io_case_turn(0);
	ck_assert_uint_eq(seen_a.received, 0);
	io_rx_resume(&seen_a.sock);
	io_case_turn(-1);
	ck_assert_uint_eq(seen_a.received, 2);
	io_case_close();
}

SUITE("common/io/loop")
