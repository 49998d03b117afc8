/*
 * tls_pair: two TLS sessions joined in memory, a client and a server.
 *
 * What one writes waits in the other's inbox until the test feeds it, in pieces
 * of any size; the inbox may be looked at and tampered with meanwhile.
 *
 * Owns:	the sessions, from tls_pair_open to tls_pair_close.
 * Errors:	an inbox that overflows fails the test; what sessions say is in
 *		the struct.
 * Use:
 *	static struct tls_pair p;
 *	tls_pair_open(&p, client_creds, server_creds, "localhost");
 *	tls_pair_run(&p, 1);
 *	ck_assert_int_eq(p.server.result, TLS_FAIL);
 */
#ifndef TESTS_SUPPORT_TLS_PAIR_H
#define TESTS_SUPPORT_TLS_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/tls/session.h"

enum {
	TLS_PAIR_SIZE = 1 << 18
};

struct tls_pair_side {
	struct tls *tls; /* its own */
	struct tls storage;
	struct tls_pair_side *other;
	uint8_t inbox[TLS_PAIR_SIZE]; /* from begin to end: not yet fed */
	size_t begin, end;
	uint8_t got[TLS_PAIR_SIZE]; /* application data, all of it */
	size_t got_size;
	unsigned records; /* that it came in */
	/* The last thing it said; FAIL and EOF stay. */
	enum tls_result result;
	bool established;
	size_t room; /* what the output lends at most; 0: no memory */
};

struct tls_pair {
	struct tls_pair_side client, server;
};

void tls_pair_open(struct tls_pair *p, struct tls_creds *client,
    struct tls_creds *server, const char *peer_name);
void tls_pair_close(struct tls_pair *p);

/*
 * Feeds what is there, at most n bytes, and lets the session handshake or, once
 * established, read. False when nothing was there to do.
 */
bool tls_pair_step(struct tls_pair_side *side, size_t n);

/* Steps both, n bytes at a time, until neither has anything to do. */
void tls_pair_run(struct tls_pair *p, size_t n);

/* Runs, and wants both sides established. */
void tls_pair_handshake(struct tls_pair *p, size_t n);

/*
 * Before the handshake: the side keeps GnuTLS's session, and is the peer of a
 * side whose records are ours. Returns the session.
 */
struct gnutls_session_int *tls_pair_keep_session(struct tls_pair_side *side);

/*
 * In place of tls_pair_open and the handshake: the records of both sides are
 * ours, of mutual_priorities[suite], suite < MUTUAL_OURS, and under keys that
 * are always the same.
 */
void tls_pair_establish(struct tls_pair *p, int suite);

/* One record with any content, sealed by a side whose records are ours. */
void tls_pair_send(
    struct tls_pair_side *side, int type, const void *bytes, size_t n);

/*
 * The same with this header, whatever it says, of which only the length is
 * filled in; and under TLS 1.3 the inner bytes are content, type and padding.
 */
void tls_pair_forge(struct tls_pair_side *side, int type, int version,
    const void *inner, size_t n);

/*
 * The side has failed, REASON_PROTOCOL, and the last that it wrote is one alert
 * of this description, which the peer now reads.
 */
void tls_pair_refused(struct tls_pair_side *side, int description);

/* tls_write, which must work; how many records it took. */
uint64_t tls_pair_write(
    struct tls_pair_side *side, const void *bytes, size_t n);

/* Says that the other side's stream has ended. */
void tls_pair_hang_up(struct tls_pair_side *side);

/* Where the session writes: the other's inbox. */
extern const struct tls_output tls_pair_output;

#endif
