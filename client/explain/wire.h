/*
 * wire: a TCP connection that waits for what it does, until a deadline.
 *
 * Owns:	the socket, from wire_open to wire_close.
 * Errors:	a reason; REASON_NONE is success.
 * Use:
 *	reason = wire_open(&wire, &addr, NULL, deadline_ns);
 *	tls_set_output(&tls, &wire_output, &wire);
 *	wire_flush(&wire, deadline_ns);
 *	reason = wire_receive(&wire, &input, deadline_ns);
 *	wire_close(&wire);
 */
#ifndef CLIENT_EXPLAIN_WIRE_H
#define CLIENT_EXPLAIN_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/close_reason.h"
#include "common/sys/addr.h"
#include "common/tls/session.h"

enum {
	WIRE_FIRST = 256,
	WIRE_SIZE = 32 * 1024 /* a ClientHello of 16 KiB fits */
};

struct wire {
	int fd;      /* -1: closed */
	bool splits; /* the first flush is in two segments */
	size_t queued;
	/* In all, and the first bytes of them. */
	size_t sent, received;
	uint8_t first_sent[WIRE_FIRST], first_received[WIRE_FIRST];
	uint8_t out[WIRE_SIZE];
	uint8_t in[WIRE_SIZE];
};

/* How many of so many bytes are among the first. */
static inline size_t
wire_first(size_t n)
{
	return n < WIRE_FIRST ? n : WIRE_FIRST;
}

/* source: the local address, or NULL. CONNECT_... if it fails. */
enum close_reason wire_open(struct wire *wire, const struct addr *addr,
    const union addr_peer *source, int64_t deadline_ns);
void wire_close(struct wire *wire);

/* Gathers what a session writes, for wire_flush. */
extern const struct tls_output wire_output;

/* Sends what was gathered. Whether it arrives, wire_receive tells: a peer that
 * has hung up may have said why before. */
void wire_flush(struct wire *wire, int64_t deadline_ns);

/* Whether the peer's kernel, or that of a proxy, has all that was sent. */
bool wire_is_acknowledged(const struct wire *wire);

/*
 * Waits for bytes, which are in *input until the next call; input->ended when
 * there are none left. NONE, RESET, or HANDSHAKE_TIMEOUT.
 */
enum close_reason wire_receive(
    struct wire *wire, struct tls_input *input, int64_t deadline_ns);

#endif
