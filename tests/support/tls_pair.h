/*
 * tls_pair: two TLS sessions joined in memory, a client and a server.
 *
 * What one writes waits in the other's inbox until the test feeds it, in pieces
 * of any size; the inbox may be looked at and tampered with meanwhile.
 *
 * Owns:	the sessions, from pipe_open to pipe_close.
 * Errors:	an inbox that overflows fails the test; what sessions say is in
 *		the struct.
 * Use:
 *	static struct pipe p;
 *	pipe_open(&p, client_creds, server_creds, "localhost");
 *	pipe_run(&p, 1);
 *	ck_assert_int_eq(p.server.result, TLS_FAIL);
 */
#ifndef TESTS_SUPPORT_TLS_PAIR_H
#define TESTS_SUPPORT_TLS_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/tls/session.h"

enum {
	PIPE_SIZE = 1 << 18
};

struct pipe_side {
	struct tls *tls;
	struct pipe_side *other;
	uint8_t inbox[PIPE_SIZE]; /* from begin to end: not yet fed */
	size_t begin, end;
	uint8_t got[PIPE_SIZE]; /* application data, all of it */
	size_t got_size;
	unsigned records; /* that it came in */
	/* The last thing it said; FAIL and EOF stay. */
	enum tls_result result;
	bool established;
	size_t room; /* what the output lends at most; 0: no memory */
};

struct pipe {
	struct pipe_side client, server;
};

void pipe_open(struct pipe *p, struct tls_creds *client,
    struct tls_creds *server, const char *peer_name);
void pipe_close(struct pipe *p);

/*
 * Feeds what is there, at most n bytes, and lets the session handshake or, once
 * established, read. False when nothing was there to do.
 */
bool pipe_step(struct pipe_side *side, size_t n);

/* Steps both, n bytes at a time, until neither has anything to do. */
void pipe_run(struct pipe *p, size_t n);

/* Runs, and wants both sides established. */
void pipe_handshake(struct pipe *p, size_t n);

/*
 * Echoes until both sides send data past their sessions (tls/records.h); for
 * TLS 1.3 only. What they got is forgotten.
 */
void pipe_warm_up(struct pipe *p);

/* tls_write, which must work; how many records it took. */
uint64_t pipe_write(struct pipe_side *side, const void *bytes, size_t n);

/* Says that the other side's stream has ended. */
void pipe_hang_up(struct pipe_side *side);

/* Where the session writes: the other's inbox. */
extern const struct tls_output pipe_output;

#endif
