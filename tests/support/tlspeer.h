/*
 * tlspeer: a small blocking TLS client on GnuTLS, with control over what goes
 * into which TCP segment.
 *
 * Owns:	socket and session, until tlspeer_close or tlspeer_finish.
 * Errors:	fail the case, unless the function returns them. Nothing blocks
 *		for longer than 8 s.
 * Use:
 *	tlspeer_connect(&p, server.port, &(struct tlspeer_options){
 *	    .identity = "ca/bob" });
 *	tlspeer_echo(&p, "hello", 5);
 *	tlspeer_finish(&p);
 */
#ifndef TESTS_SUPPORT_TLSPEER_H
#define TESTS_SUPPORT_TLSPEER_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TLSPEER_TLS12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"
#define TLSPEER_TLS13 "NORMAL:-VERS-ALL:+VERS-TLS1.3"

enum {
	TLSPEER_NO_ALERT = -1
};

struct tlspeer_options {
	const char *identity; /* "ca/alice"; NULL: shows no certificate */
	const char *priority; /* NULL: TLSPEER_TLS13 */
	const char *address;  /* NULL: 127.0.0.1 */
	const gnutls_datum_t *resume; /* from tlspeer_session */
	bool asks_for_no_ocsp;        /* nor for other things by default */
	bool drips;                   /* each byte in a segment of its own */
	bool holds_last_flight;       /* of the handshake; see tlspeer_hold */
};

struct tlspeer {
	gnutls_session_t session;
	gnutls_certificate_credentials_t credentials;
	uint8_t *held;
	size_t held_size;
	int fd;
	bool drips;
	bool holds;
	bool holds_when_answered;
};

/* A TCP connection to a port; the descriptor. */
int tlspeer_tcp(const char *address, int port);

/* TCP only; then the handshake, whose GnuTLS error is returned. */
void tlspeer_open(
    struct tlspeer *p, int port, const struct tlspeer_options *options);
int tlspeer_handshake(struct tlspeer *p);

/* Both; it must succeed, and the server's certificate be right. */
void tlspeer_connect(
    struct tlspeer *p, int port, const struct tlspeer_options *options);

/* One record, unless it is too long. */
void tlspeer_send(struct tlspeer *p, const void *bytes, size_t n);

/* What gnutls_record_recv returns, warnings and tickets passed over. */
ssize_t tlspeer_receive(struct tlspeer *p, void *bytes, size_t n);

/* These bytes must come next. */
void tlspeer_expect(struct tlspeer *p, const void *bytes, size_t n);
void tlspeer_echo(struct tlspeer *p, const void *bytes, size_t n);

/* Connects as alice, and has an echo. */
void tlspeer_join(struct tlspeer *p, int port);

/* From now on what is sent is kept; then so many bytes of it leave at once. */
void tlspeer_hold(struct tlspeer *p);
void tlspeer_release(struct tlspeer *p, size_t n);
void tlspeer_release_all(struct tlspeer *p);

/*
 * Handshake and a message that must not be answered: returns the alert that
 * came, or TLSPEER_NO_ALERT when the connection just ended. Closes.
 */
int tlspeer_refusal(struct tlspeer *p);

/* Whether the server has shown this certificate of the fixture. */
bool tlspeer_was_shown(const struct tlspeer *p, const char *identity);

/* Waits for a ticket, if need be, and returns what resumes the session. */
void tlspeer_session(struct tlspeer *p, gnutls_datum_t *data);

/* Says close_notify and FIN, and reads on. */
void tlspeer_half_close(struct tlspeer *p);

/* The server's close_notify must come, then its FIN. */
void tlspeer_expect_end(struct tlspeer *p);

/* Closes the socket, without a word. */
void tlspeer_close(struct tlspeer *p);

/* tlspeer_half_close, tlspeer_expect_end, tlspeer_close. */
void tlspeer_finish(struct tlspeer *p);

/* Closes with RST. */
void tlspeer_reset(struct tlspeer *p);

/* Bytes that look random and depend on position and seed alone. */
void tlspeer_fill(uint8_t *bytes, size_t n, uint64_t seed);

#endif
