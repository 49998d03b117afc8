/*
 * private: what the files of tls share.
 *
 * Before it is established, and for ever if its cipher suite is not one of
 * ours, a session is GnuTLS's: session, handshake, server, verify, transport,
 * result and by_session. Afterwards it is ours: keys and records are the record
 * protocol, messages what comes in it besides data. handover is between them.
 */
#ifndef COMMON_TLS_PRIVATE_H
#define COMMON_TLS_PRIVATE_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/close_reason.h"
#include "common/creds/private.h"
#include "common/tls/observer.h"
#include "common/tls/record_limit.h"
#include "common/tls/session.h"

struct tls_hello;

/* What a session of GnuTLS's needs, and ours do not. */
struct tls_gnutls {
	gnutls_session_t session;
	struct tls_creds *creds;
	char *peer_name;        /* that the certificate must bear; NULL: any */
	struct tls_input *in;   /* of the call under way; NULL between calls */
	uint32_t pulled;        /* cost of what it has read: see transport.c */
	uint16_t record_left;   /* of the record under way, not yet read */
	uint8_t header_have;    /* of its header */
	gnutls_packet_t packet; /* lent out by tls_read; or NULL */
	enum close_reason refusal; /* of the peer's certificate, or NONE */
	int ticket_key;            /* index of the one in use; -1: no tickets */
	struct tls_limits limits;  /* of the peer */
	struct tls_hello *hello;   /* at a server; NULL: not yet seen */
	uint16_t padding; /* bytes of it in a ClientHello: hello_pad.c */
	bool wants_ticket, ticket_came; /* and is not kept yet: tls/resume.h */
	struct tls_resume *kept; /* of tickets that came, the newest first */
	bool at_boundary;        /* data was the last that it read */
	const struct tls_observer *observer; /* NULL: none; tls/observer.h */
	void *observer_owner;
	bool has_secret[TLS_WAYS]; /* tls->secrets, of TLS 1.3 */
	bool to_be_held, is_held;  /* by tls_hold: it will be, it is now */
};

/* handover.c: once established, at a boundary between records. */
void tls_hand_over(struct tls *tls);

/* For the key log of a session: keeps the secrets that handing over needs. */
void tls_keep_secret(
    struct tls *tls, const char *label, const gnutls_datum_t *secret);

void tls_free_gnutls(struct tls *tls);

/* transport.c: makes the session read gnutls->in and write to the output. */
void tls_set_up_transport(struct tls *tls);

/* Writes all of it; false when there is no memory for it. */
bool tls_put(struct tls *tls, const uint8_t *bytes, size_t n);

/* More has been read than a peer needs who means well. */
bool tls_has_pulled_too_much(const struct tls *tls);

/* result.c: decides on the reason, and tells the peer. Returns TLS_FAIL. */
enum tls_result tls_fail(struct tls *tls, enum close_reason reason, int alert);
enum tls_result tls_fail_by_error(struct tls *tls, int error);

/*
 * Whether to repeat a call that has returned got, a size or an error. GnuTLS
 * also says AGAIN when it has taken in something that is neither data nor the
 * next step of the handshake, such as a session ticket, and has not looked
 * further: what came after that, such as a second ticket, would be lost.
 */
bool tls_goes_on(struct tls *tls, ssize_t got, size_t left_before);

/* After AGAIN: TLS_AGAIN, or TLS_FAIL when too much has been read. */
enum tls_result tls_wait_for_more(struct tls *tls);

/* data.c: if there is memory for it, and close_notify has not been sent. */
void tls_send_alert(struct tls *tls, int level, int alert);

/* One more thing that a peer may do only a few times. */
bool tls_tolerates(struct tls *tls);

/* reason.c: what an error of a handshake or record function means. */
enum close_reason tls_reason_of_error(int error);

/* The alert that tells the peer a reason (RFC 8446, 6.2); -1: none. */
int tls_alert_of_reason(bool is_tls13, enum close_reason reason, int error);

/* verify.c: judges the peer's chain. NONE when it is good, else the reason. */
enum close_reason tls_verify_peer(struct tls *tls);
/* The same, and stores the refusal, or tells the observer in its place. */
void tls_judge_peer(struct tls *tls);
/* For gnutls_session_set_verify_function. */
int tls_verify_callback(gnutls_session_t session);

/* alpn.c: what the settings name; flags are GnuTLS's. 0, or -1. */
int tls_set_alpn(struct tls *tls, unsigned flags);

/* The one that was agreed on, as in the settings; NULL: none. */
const char *tls_agreed_alpn(const struct tls *tls);

/* server.c: what only a server's session has. 0, or -1 without memory. */
int tls_set_up_server(struct tls *tls);

/* After the peer has been verified. */
void tls_send_tickets(struct tls *tls);

/* messages.c: a record that is not data, or may not be. AGAIN: read on. */
enum tls_result tls_on_record(
    struct tls *tls, int type, const uint8_t *content, size_t n);

/* data.c: drops what has come of a record. */
void tls_forget_partial(struct tls *tls);

#endif
