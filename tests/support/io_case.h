/*
 * io_case: a poll loop with a socket in it, and the other end of that.
 *
 * Errors:	all fail the test.
 * Use:
 *	io_case_open();
 *	io_case_queue(&seen_a.sock, seen_data, 1000);
 *	io_case_expect(seen_data, 1000);
 *	io_case_close();
 */
#ifndef TESTS_SUPPORT_IO_CASE_H
#define TESTS_SUPPORT_IO_CASE_H

#include <stddef.h>
#include <stdint.h>

#include "common/io/loop.h"
#include "common/io/sock.h"

/* A socket in a loop, and what it was told. Closes itself when it fails. */
struct seen {
	struct io_sock sock;
	unsigned connected, drained, failed, ended, calls;
	int error;
	size_t received;
	uint8_t first[64]; /* the first bytes that came in */
	/* What to do when bytes have come in. */
	void (*when_received)(struct seen *seen);
	struct seen *other;
};

/* The case: one a process. */
extern struct io *seen_io;
extern struct seen seen_a, seen_b; /* b: for tests of two */
extern int seen_peer_fd;           /* the other end of seen_a */
extern uint8_t seen_data[4 << 20];
extern const struct io_sock_ops seen_ops;

/* A loop without sockets. */
void io_case_open_loop(void);
/* With seen_a, on TCP. */
void io_case_open(void);
/* With seen_a, on a unix socket into which little can be sent at once. */
void io_case_open_narrow(void);
void io_case_close(void);

void io_case_attach(struct seen *seen, int fd);
void io_case_turn(int64_t wait_ns);

/* Queues all of it, however many chunks that takes. */
void io_case_queue(struct io_sock *sock, const uint8_t *bytes, size_t n);

/* The peer reads n bytes while the loop turns, and gets what was queued. */
void io_case_expect(const uint8_t *bytes, size_t n);

#endif
