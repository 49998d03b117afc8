/*
 * raw_tls: a GnuTLS client and server joined in memory, with nothing of ours
 * between: to pin down what the library does, and how a ClientHello looks.
 *
 * Both have certificates; neither verifies the other's.
 *
 * Owns:	the sessions, from raw_tls_open to raw_tls_close.
 * Errors:	fail the test.
 * Use:
 *	static struct raw_tls r;
 *	raw_tls_open(&r, RAW_TLS_13, 0);
 *	gnutls_session_ticket_enable_server(r.server.session, &key);
 *	raw_tls_handshake(&r);
 *	raw_tls_keep(&r, &kept);
 *	raw_tls_close(&r);
 */
#ifndef TESTS_SUPPORT_RAW_TLS_H
#define TESTS_SUPPORT_RAW_TLS_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define RAW_TLS_13 "NORMAL:-VERS-ALL:+VERS-TLS1.3"
#define RAW_TLS_12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"

enum {
	RAW_TLS_INBOX = 1 << 16,
	RAW_TLS_TICKET = 1 << 12
};

struct raw_tls_side {
	gnutls_session_t session;
	struct raw_tls_side *other;
	uint8_t inbox[RAW_TLS_INBOX]; /* from begin to end: not yet pulled */
	size_t begin, end;
};

struct raw_tls {
	struct raw_tls_side client, server;
	/* What the client was sent: how many tickets, and the last of them. */
	unsigned tickets;
	uint8_t ticket[RAW_TLS_TICKET];
	size_t ticket_size;
	void *owner; /* the test's: for its hooks */
};

/* What a client keeps to resume with. */
struct raw_tls_kept {
	gnutls_datum_t session;
	uint8_t ticket[RAW_TLS_TICKET];
	size_t ticket_size;
};

/*
 * The session pointer (gnutls_session_get_ptr) of both is the struct. Flags are
 * for the server's gnutls_init.
 */
void raw_tls_open(
    struct raw_tls *r, const char *priority, unsigned server_flags);
void raw_tls_close(struct raw_tls *r);

/* Before the handshake: the client offers what it kept. */
void raw_tls_resume(struct raw_tls *r, const struct raw_tls_kept *kept);

/* Both sides, to the end; tickets that follow it are for raw_tls_read. */
void raw_tls_handshake(struct raw_tls *r);

/* Lets the client read what has been sent since. */
void raw_tls_read(struct raw_tls *r);

/* Both say that they have resumed, or neither does. */
bool raw_tls_is_resumed(const struct raw_tls *r);

/* What the client has now; at least one ticket must have come. */
void raw_tls_keep(struct raw_tls *r, struct raw_tls_kept *kept);
void raw_tls_forget(struct raw_tls_kept *kept);

/* Puts other bytes, as many, in the place of the ticket. */
void raw_tls_forge(struct raw_tls_kept *kept, const uint8_t *ticket);

/* The time that GnuTLS is told; 0: the real one. */
void raw_tls_set_time(time_t unix_s);

#endif
