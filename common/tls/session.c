/* session: the life of a GnuTLS session; see the header. */
#include "common/tls/session.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/tls/private.h"

/*
 * Warning alerts, a server's requests to renegotiate (which are refused) and
 * the like do not end a session by themselves; a peer that goes on sending them
 * does. With a client that asks for it GnuTLS can go on only by renegotiating
 * (gnutls_record_recv), and loses 16 KiB when it is asked to read on, so that
 * is refused, too, and the end.
 */
enum {
	WARNINGS_MAX = 8
};

static bool
is_ip_address(const char *name)
{
	uint8_t address[16];

	return inet_pton(AF_INET, name, address) == 1 ||
	    inet_pton(AF_INET6, name, address) == 1;
}

static int
set_up_client(struct tls *tls, const char *peer_name)
{
	if (peer_name == NULL)
		return 0;
	tls->peer_name = strdup(peer_name);
	if (tls->peer_name == NULL)
		return -1;
	if (is_ip_address(peer_name))
		return 0; /* RFC 6066, 3: no literal addresses in SNI */
	return gnutls_server_name_set(
	    tls->session, GNUTLS_NAME_DNS, peer_name, strlen(peer_name));
}

static int
set_up(struct tls *tls, const char *peer_name)
{
	const struct tls_creds *creds = tls->creds;

	gnutls_session_set_ptr(tls->session, tls);
	gnutls_session_set_verify_function(tls->session, tls_verify_callback);
	tls_set_up_transport(tls);
	if (gnutls_priority_set(tls->session, creds->priority) < 0 ||
	    gnutls_credentials_set(
		tls->session, GNUTLS_CRD_CERTIFICATE, creds->x509) < 0)
		return -1;
	return creds->settings.role == TLS_SERVER
	    ? tls_set_up_server(tls)
	    : set_up_client(tls, peer_name);
}

struct tls *
tls_new(struct tls_creds *creds, const char *peer_name)
{
	/* A client always shows its certificate, whatever roots the server
	 * names: the server's answer is what an operator wants to see. */
	unsigned flags = GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL |
	    (creds->settings.role == TLS_SERVER
		    ? GNUTLS_SERVER | GNUTLS_NO_AUTO_SEND_TICKET
		    : GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT);
	struct tls *tls = aligned_alloc(TLS_CACHE_LINE, sizeof *tls);

	if (tls == NULL)
		return NULL;
	*tls = (struct tls){ .creds = tls_creds_ref(creds),
		.refusal = REASON_NONE,
		.reason = REASON_NONE,
		.sent_max = TLS_PEER_RECORD_MIN };
	if (gnutls_init(&tls->session, flags) < 0 || set_up(tls, peer_name) < 0)
		tls_free(&tls);
	return tls;
}

void
tls_free(struct tls **tls)
{
	struct tls *t = *tls;

	*tls = NULL;
	if (t == NULL)
		return;
	tls_end_data(t);
	if (t->session != NULL)
		gnutls_deinit(t->session);
	tls_creds_unref(&t->creds);
	free(t->peer_name);
	free(t);
}

static enum tls_result
fail(struct tls *tls, enum close_reason reason, int error)
{
	int alert = tls_alert_of_reason(tls->session, reason, error);

	tls->reason = reason;
	if (error == GNUTLS_E_FATAL_ALERT_RECEIVED)
		tls->peer_alert = gnutls_alert_get(tls->session);
	if (alert < 0)
		return TLS_FAIL;
	tls_use_session(tls);
	(void)gnutls_alert_send(
	    tls->session, GNUTLS_AL_FATAL, (gnutls_alert_description_t)alert);
	return TLS_FAIL;
}

/* The error, but for cases in which GnuTLS has an unfortunate one. */
static int
true_error(const struct tls *tls, int error)
{
	/* An end within a record or a handshake. */
	if (tls->in_ended && error == GNUTLS_E_UNEXPECTED_PACKET_LENGTH)
		return GNUTLS_E_PREMATURE_TERMINATION;
	/* An alert in place of a certificate, which once meant "I have none":
	 * today it is a client that rejects ours. */
	if (tls_reason_of_error(error) == REASON_NO_CERTIFICATE &&
	    gnutls_alert_get(tls->session) != GNUTLS_A_CLOSE_NOTIFY)
		return GNUTLS_E_FATAL_ALERT_RECEIVED;
	/* Its alert has been sent as a warning, and cannot be fatal. */
	if (error == GNUTLS_E_REHANDSHAKE)
		return GNUTLS_E_UNEXPECTED_PACKET;
	return error;
}

enum tls_result
tls_fail_by_error(struct tls *tls, int error)
{
	if (tls->refusal != REASON_NONE)
		return fail(tls, tls->refusal, error);
	error = true_error(tls, error);
	return fail(tls, tls_reason_of_error(error), error);
}

/* True for what may be passed over; false when it is too much of it, too. */
static bool
tolerate(struct tls *tls, int error)
{
	if (error == GNUTLS_E_INTERRUPTED)
		return true;
	if (gnutls_error_is_fatal(error) || error == GNUTLS_E_AGAIN)
		return false;
	if (error == GNUTLS_E_REHANDSHAKE) {
		(void)gnutls_alert_send(
		    tls->session, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
		if (tls->creds->settings.role == TLS_SERVER)
			return false;
	}
	return ++tls->warnings <= WARNINGS_MAX;
}

bool
tls_goes_on(struct tls *tls, ssize_t got, size_t left_before)
{
	if (got >= 0)
		return false;
	if (got == GNUTLS_E_AGAIN)
		return tls->in_left > 0 && tls->in_left < left_before;
	return tolerate(tls, (int)got);
}

enum tls_result
tls_wait_for_more(struct tls *tls)
{
	return tls_input_limit_is_exceeded(&tls->input_limit)
	    ? tls_fail_by_error(tls, GNUTLS_E_HANDSHAKE_TOO_LARGE)
	    : TLS_AGAIN;
}

enum tls_result
tls_handshake(struct tls *tls)
{
	size_t left;
	int error;

	ASSERT(!tls->established);
	do {
		left = tls->in_left;
		error = gnutls_handshake(tls->session);
	} while (tls_goes_on(tls, error, left));
	if (error == GNUTLS_E_AGAIN)
		return tls_wait_for_more(tls);
	if (error < 0)
		return tls_fail_by_error(tls, error);
	/* GnuTLS does not call back for a resumed session's certificate. */
	if (gnutls_session_is_resumed(tls->session) != 0) {
		tls->refusal = tls_verify_peer(tls);
		if (tls->refusal != REASON_NONE)
			return tls_fail_by_error(
			    tls, GNUTLS_E_CERTIFICATE_ERROR);
	}
	tls->established = true;
	tls_input_limit_forget(&tls->input_limit);
	if (tls->creds->settings.role == TLS_SERVER)
		tls_send_tickets(tls);
	return TLS_OK;
}

enum close_reason
tls_reason(const struct tls *tls)
{
	return tls->reason;
}

const char *
tls_peer_alert(const struct tls *tls)
{
	const char *name = NULL;

	if (tls->reason == REASON_PEER_ALERT)
		name = gnutls_alert_get_name(tls->peer_alert);
	return name != NULL ? name : "";
}

bool
tls_is_resumed(const struct tls *tls)
{
	return gnutls_session_is_resumed(tls->session) != 0;
}

bool
tls_has_refused_peer(const struct tls *tls)
{
	return tls->refusal != REASON_NONE;
}

const struct tls_ticket_use *
tls_ticket_use(const struct tls *tls)
{
	return &tls->ticket;
}
