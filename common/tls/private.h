/* private: what the files of tls share. */
#ifndef COMMON_TLS_PRIVATE_H
#define COMMON_TLS_PRIVATE_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/close_reason.h"
#include "common/creds/private.h"
#include "common/tls/input_limit.h"
#include "common/tls/records.h"
#include "common/tls/session.h"

/*
 * Which way data goes: through the session, or past it. A session that has just
 * brought data is at a boundary between records; one that has then sent some no
 * longer owes an answer to a key update (which waits for that). After both, in
 * this order, it can be passed by.
 */
enum tls_path {
	TLS_PATH_SLOW,        /* through the session: nothing of the above */
	TLS_PATH_SLOW_READ,   /* through it: its last read has brought data */
	TLS_PATH_SLOW_READY,  /* through it: and then it has sent data */
	TLS_PATH_FAST,        /* past it, by tls/records.h */
	TLS_PATH_SLOW_ALWAYS, /* through it: records.h does not support it */
};

enum {
	/* The least that a peer may want as the content of a record at most
	 * (RFC 8449, 4: 64, of which one is the type). */
	TLS_PEER_RECORD_MIN = 63
};

struct tls_identity;

struct tls {
	/* What an echo touches comes first, in one cache line. */
	_Alignas(TLS_CACHE_LINE) struct tls_records *records; /* NULL: none */
	const struct tls_output *output;
	void *output_owner;
	gnutls_packet_t packet; /* lent out by tls_read; or NULL */
	enum tls_path path;
	uint16_t sent_max; /* content of the largest record that may be sent */
	bool established;
	bool said_close_notify;
	uint8_t warnings;     /* tolerated so far; see result.c */
	struct tls_input *in; /* of the call under way; NULL between calls */
	gnutls_session_t session;
	struct tls_creds *creds;
	struct tls_input_limit input_limit; /* of what the session reads */
	enum close_reason refusal; /* of the peer's certificate, or NONE */
	enum close_reason reason;  /* why the session failed, or NONE */
	bool hello_seen;           /* by a server */
	int ticket_key;            /* index of the one in use; -1: no tickets */
	struct tls_ticket_use ticket;
	struct tls_chain_use chain;
	gnutls_alert_description_t peer_alert;
	struct tls_identity *peer; /* NULL: no certificate was asked for */
	struct tls_identity *own;  /* shown to the peer; NULL: none was */
	char *peer_name; /* that the certificate must bear; NULL: any */
};

/* transport.c: makes the session read tls->in and write to the output. */
void tls_set_up_transport(struct tls *tls);

/* Writes all of it; false when there is no memory for it. */
bool tls_put(struct tls *tls, const uint8_t *bytes, size_t n);

/* path.c: when READY: data goes past the session, if records.h supports it. */
void tls_path_leave_session(struct tls *tls);

/* Data goes through the session; before it is asked to read or write. */
void tls_path_use_session(struct tls *tls);

/* The session has read: data or something else. */
void tls_path_session_has_read(struct tls *tls, bool data);

/* The session has sent a record with n bytes of data. */
void tls_path_session_has_sent(struct tls *tls, size_t n);

/* result.c: decides on the reason, and tells the peer. Returns TLS_FAIL. */
enum tls_result tls_fail_by_error(struct tls *tls, int error);

/*
 * Whether to repeat a call that has returned got, a size or an error. GnuTLS
 * also says AGAIN when it has taken in something that is neither data nor the
 * next step of the handshake, such as a session ticket, and has not looked
 * further: what came after that, such as a second ticket, would be lost.
 */
bool tls_goes_on(struct tls *tls, ssize_t got, size_t left_before);

/* After AGAIN: TLS_AGAIN, or TLS_FAIL when the input limit is exceeded. */
enum tls_result tls_wait_for_more(struct tls *tls);

/* reason.c: what an error of a handshake or record function means. */
enum close_reason tls_reason_of_error(int error);

/* The alert that tells the peer a reason (RFC 8446, 6.2); -1: none. */
int tls_alert_of_reason(
    gnutls_session_t session, enum close_reason reason, int error);

/* verify.c: judges the peer's chain. NONE when it is good, else the reason. */
enum close_reason tls_verify_peer(struct tls *tls);

/* For gnutls_session_set_verify_function: stores the refusal. */
int tls_verify_callback(gnutls_session_t session);

/* server.c: what only a server's session has. 0, or -1 without memory. */
int tls_set_up_server(struct tls *tls);

/* After the peer has been verified. */
void tls_send_tickets(struct tls *tls);

/* data.c: frees what reading and writing data have needed. */
void tls_free_data(struct tls *tls);

#endif
