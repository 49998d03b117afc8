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
 * Which way data goes. A session that has just brought a record of data is at a
 * boundary between records, and one that has then sent some no longer owes an
 * answer to a key update (which waits for that): so it can be passed by.
 */
enum tls_path {
	TLS_PATH_SLOW,      /* its last reading has brought no data */
	TLS_PATH_SLOW_READ, /* has brought data */
	TLS_PATH_SLOW_BOTH, /* and then it has sent some */
	TLS_PATH_FAST,      /* past it, by tls/records.h */
	TLS_PATH_SLOW_ONLY, /* it cannot be passed by */
};

enum {
	/* The least that a peer may want as the content of a record at most
	 * (RFC 8449, 4: 64, of which one is the type). */
	TLS_PEER_RECORD_MIN = 63
};

struct tls {
	/* What an echo touches comes first, in one cache line. */
	_Alignas(TLS_CACHE_LINE) const uint8_t *in; /* not yet taken */
	size_t in_left;
	struct tls_records *records; /* NULL: none have gone past the session */
	gnutls_packet_t packet;      /* lent out by tls_read; or NULL */
	const struct tls_output *output;
	void *output_owner;
	enum tls_path path;
	uint16_t sent_max; /* content of the largest record that may be sent */
	bool in_ended;
	bool established;
	bool said_close_notify;
	uint8_t warnings; /* tolerated so far; see WARNINGS_MAX */
	gnutls_session_t session;
	struct tls_creds *creds;
	struct tls_input_limit input_limit; /* by way of the session */
	enum close_reason
	    refusal; /* on the peer's certificate; REASON_NONE: none yet */
	enum close_reason reason;
	struct tls_ticket_use ticket;
	struct tls_chain_use chain;
	gnutls_alert_description_t peer_alert;
	char *peer_name; /* that the certificate must bear; NULL: any */
};

/* Makes the session read and write memory. */
void tls_set_up_transport(struct tls *tls);

/* Writes all of it; false when there is no memory for it. */
bool tls_put(struct tls *tls, const uint8_t *bytes, size_t n);

/* Before the session is asked to read or write anything. */
void tls_use_session(struct tls *tls);

/* Frees what reading and writing data have needed. */
void tls_end_data(struct tls *tls);

/* Decides on the cause and tells the peer. TLS_FAIL. */
enum tls_result tls_fail_by_error(struct tls *tls, int error);

/*
 * Whether to repeat a call that has returned got, a size or an error. GnuTLS
 * also says AGAIN when it has taken something in that is neither data nor the
 * next step of the handshake, such as a session ticket, and has not looked
 * further: what came behind it, such as a second one, would be lost.
 */
bool tls_goes_on(struct tls *tls, ssize_t got, size_t left_before);

/* After AGAIN: that, or TLS_FAIL when too much has been taken in vain. */
enum tls_result tls_wait_for_more(struct tls *tls);

/* Judges the peer's chain: REASON_NONE when it is good, else what is wrong. */
enum close_reason tls_verify_peer(struct tls *tls);

/* For gnutls_session_set_verify_function: stores the refusal. */
int tls_verify_callback(gnutls_session_t session);

/* What only a server's session has. 0, or -1 when there is no memory. */
int tls_set_up_server(struct tls *tls);

/* After the peer has been verified. */
void tls_send_tickets(struct tls *tls);

/* What an error of a handshake or record function means. */
enum close_reason tls_reason_of_error(int error);

/* The alert that tells the peer about a cause (RFC 8446, 6.2); -1: none. */
int tls_alert_of_reason(
    gnutls_session_t session, enum close_reason reason, int error);

#endif
