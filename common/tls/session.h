/*
 * session: one TLS session, from memory to memory.
 *
 * Received bytes are arguments, and outgoing ones are written where the output
 * says; no descriptor appears, so a test of it is a function call. The peer is
 * verified here and only here: chain, dates and key purpose (client at the
 * server, server and name at the client), also when the session is resumed.
 *
 * GnuTLS does the handshake. After it, its session is freed, and the records
 * are ours (tls/records.h), unless the cipher suite is one that they lack.
 *
 * Owns:	what its members point to.
 * Borrows:	the input, during a call; the output; the struct, a member of
 *		what the caller allocates.
 * Threads:	one at a time; a session may be handed to another thread.
 * Errors:	TLS_FAIL: tls_reason says why, and the peer has been sent an
 *		alert (RFC 8446, 6). Only questions and tls_fini may follow.
 * Use:
 *	tls_init(&tls, creds, "server.example.org");
 *	tls_set_output(&tls, &output, conn);
 *	struct tls_input in = { .bytes = received, .n = received_size };
 *	while ((r = tls_read(&tls, &in, &bytes, &n)) == TLS_OK)
 *		tls_write(&tls, bytes, n, &records);
 */
#ifndef COMMON_TLS_SESSION_H
#define COMMON_TLS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/close_reason.h"
#include "common/tls/state.h"

struct tls_creds;

enum {
	TLS_RECORD_MAX = 16384 /* content, in bytes (RFC 8446, 5.1) */
};

enum tls_result {
	TLS_OK,
	TLS_AGAIN, /* wants more bytes */
	TLS_EOF,   /* the peer's close_notify: it sends no more */
	TLS_HELD,  /* after tls_hold (tls/hold.h) only */
	TLS_FAIL,
};

/* Bytes from the peer; a call takes what it uses off the front. */
struct tls_input {
	const uint8_t *bytes;
	size_t n;
	bool ended; /* the peer's FIN comes after these bytes */
};

/* Where a session writes: room for at least one byte, or NULL; then commit. */
struct tls_output {
	uint8_t *(*room)(void *owner, size_t *room);
	void (*commit)(void *owner, size_t n);
};

/*
 * The role is that of the credentials. A client sends peer_name as SNI (unless
 * it is an IP address) and wants it in the certificate; a server passes NULL.
 * 0, or -1 when there is no memory: then there is nothing for tls_fini to do.
 */
int tls_init(struct tls *tls, struct tls_creds *creds, const char *peer_name);
void tls_fini(struct tls *tls);

/* Before the first other call; may be changed when the session moves. */
void tls_set_output(
    struct tls *tls, const struct tls_output *output, void *owner);

/*
 * TLS_OK: it is complete, the peer verified, a server's tickets written; the
 * rest of the input is for tls_read. TLS_AGAIN: all of it has been taken.
 */
enum tls_result tls_handshake(struct tls *tls, struct tls_input *in);

/*
 * Decrypts the next record; its *n bytes, 1 to TLS_RECORD_MAX, are valid until
 * tls_fini or the thread's next tls_read, of any session. Repeat until
 * TLS_AGAIN, when all of the input has been taken.
 */
enum tls_result tls_read(
    struct tls *tls, struct tls_input *in, const uint8_t **bytes, size_t *n);

/* Encrypts it all, in *records records: OK or FAIL. Not after close_notify. */
enum tls_result tls_write(
    struct tls *tls, const uint8_t *bytes, size_t n, uint64_t *records);

/* Writes close_notify, once; reading goes on. */
void tls_close_notify(struct tls *tls);
/* Tells the peer of an established session that it is refused: TLS_FAIL. */
void tls_refuse(struct tls *tls, enum close_reason reason);

/*
 * Gives back what the next record can make again: 1.5 KiB for AES-GCM. For a
 * session that is silent. False: there was nothing to give back.
 */
bool tls_rest(struct tls *tls);

/* After TLS_FAIL: why; the number of the alert that came, if that is why, and
 * of the one that was sent, or TLS_ALERT_NONE (tls/alert.h). */
enum close_reason tls_reason(const struct tls *tls);
int tls_peer_alert(const struct tls *tls);
int tls_sent_alert(const struct tls *tls);
const struct tls_ticket_use *tls_ticket_use(const struct tls *tls);
const struct tls_offer *tls_offer(const struct tls *tls);
const struct tls_chain_use *tls_chain_use(const struct tls *tls);
bool tls_is_resumed(const struct tls *tls);

/* What the peer has shown (creds/identity.h); NULL: it was not asked. How it
 * was last judged (tls_identities_judge); NONE: it may stay. */
const struct tls_identity *tls_peer(const struct tls *tls);
enum close_reason tls_peer_refusal(const struct tls *tls);
/* The peer's certificate was judged, and not good. */
bool tls_has_refused_peer(const struct tls *tls);

#endif
