/*
 * result: what a call of GnuTLS comes to: it is repeated, waits for more bytes,
 * or has failed, and then the peer is told why.
 */
#include <gnutls/gnutls.h>

#include "common/base/assertion.h"
#include "common/tls/private.h"

enum {
	/* A peer that sends more warning alerts, or requests to renegotiate,
	 * than this is given up. */
	WARNINGS_MAX = 8
};

static enum tls_result
fail(struct tls *tls, enum close_reason reason, int error)
{
	int alert = tls_alert_of_reason(tls->session, reason, error);

	tls->reason = reason;
	if (error == GNUTLS_E_FATAL_ALERT_RECEIVED)
		tls->peer_alert = gnutls_alert_get(tls->session);
	if (alert < 0)
		return TLS_FAIL;
	tls_path_use_session(tls);
	(void)gnutls_alert_send(
	    tls->session, GNUTLS_AL_FATAL, (gnutls_alert_description_t)alert);
	return TLS_FAIL;
}

/* The error, except where GnuTLS gives a misleading one. */
static int
true_error(const struct tls *tls, int error)
{
	/* An end within a record or a handshake. */
	if (error == GNUTLS_E_UNEXPECTED_PACKET_LENGTH && tls->in != NULL &&
	    tls->in->ended)
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

void
tls_refuse(struct tls *tls, enum close_reason reason)
{
	ASSERT(tls->established && reason != REASON_NONE);
	(void)fail(tls, reason, GNUTLS_E_CERTIFICATE_ERROR);
}

/*
 * Whether the session can go on after this error. Both sides refuse to
 * renegotiate. Towards a client GnuTLS cannot go on after that
 * (gnutls_record_recv), and loses 16 KiB when it is asked to read on.
 */
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
		return tls->in->n > 0 && tls->in->n < left_before;
	return tolerate(tls, (int)got);
}

enum tls_result
tls_wait_for_more(struct tls *tls)
{
	return tls_input_limit_is_exceeded(&tls->input_limit)
	    ? tls_fail_by_error(tls, GNUTLS_E_HANDSHAKE_TOO_LARGE)
	    : TLS_AGAIN;
}
