/*
 * result: what a call of GnuTLS comes to: it is repeated, waits for more bytes,
 * or has failed, and then the peer is told why.
 */
#include <gnutls/gnutls.h>

#include "common/base/assertion.h"
#include "common/tls/mismatch.h"
#include "common/tls/private.h"

enum {
	/* A peer that sends more warning alerts, or requests to renegotiate,
	 * than this is given up. */
	WARNINGS_MAX = 8
};

static bool
is_tls13(const struct tls *tls)
{
	return tls->gnutls == NULL ? tls->is_tls13
				   : gnutls_protocol_get_version(
					 tls->gnutls->session) == GNUTLS_TLS1_3;
}

enum tls_result
tls_fail(struct tls *tls, enum close_reason reason, int alert)
{
	tls->reason = reason;
	/* A peer that ends without a word may wait for ours (RFC 8446, 6.1): of
	 * what we sent, nothing is missing. */
	if (reason == REASON_EOF)
		tls_close_notify(tls);
	else if (alert >= 0)
		tls_send_alert(tls, GNUTLS_AL_FATAL, alert);
	return TLS_FAIL;
}

static enum tls_result
fail(struct tls *tls, enum close_reason reason, int error)
{
	if (error == GNUTLS_E_FATAL_ALERT_RECEIVED)
		tls->peer_alert =
		    (uint8_t)gnutls_alert_get(tls->gnutls->session);
	return tls_fail(
	    tls, reason, tls_alert_of_reason(is_tls13(tls), reason, error));
}

/* The error, except where GnuTLS gives a misleading one. */
static int
true_error(const struct tls_gnutls *g, int error)
{
	/* An end within a record or a handshake. */
	if (error == GNUTLS_E_UNEXPECTED_PACKET_LENGTH && g->in != NULL &&
	    g->in->ended)
		return GNUTLS_E_PREMATURE_TERMINATION;
	/* An alert in place of a certificate, which once meant "I have none":
	 * today it is a client that rejects ours. */
	if (tls_reason_of_error(error) == REASON_NO_CERTIFICATE &&
	    gnutls_alert_get(g->session) != GNUTLS_A_CLOSE_NOTIFY)
		return GNUTLS_E_FATAL_ALERT_RECEIVED;
	/* Its alert has been sent as a warning, and cannot be fatal. */
	if (error == GNUTLS_E_REHANDSHAKE)
		return GNUTLS_E_UNEXPECTED_PACKET;
	return error;
}

enum tls_result
tls_fail_by_error(struct tls *tls, int error)
{
	enum close_reason reason;

	if (tls_has_refused_peer(tls))
		return fail(tls, tls->gnutls->refusal, error);
	if (tls->gnutls != NULL)
		error = true_error(tls->gnutls, error);
	reason = tls_mismatch_reason(tls, error);
	if (reason == REASON_NONE)
		reason = tls_reason_of_error(error);
	return fail(tls, reason, error);
}

bool
tls_tolerates(struct tls *tls)
{
	return ++tls->warnings <= WARNINGS_MAX;
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
		tls_send_alert(
		    tls, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
		if (tls->is_server)
			return false;
	}
	return tls_tolerates(tls);
}

bool
tls_goes_on(struct tls *tls, ssize_t got, size_t left_before)
{
	if (got >= 0)
		return false;
	if (got == GNUTLS_E_AGAIN)
		return tls->gnutls->in->n > 0 &&
		    tls->gnutls->in->n < left_before;
	return tolerate(tls, (int)got);
}

enum tls_result
tls_wait_for_more(struct tls *tls)
{
	return tls_has_pulled_too_much(tls)
	    ? tls_fail_by_error(tls, GNUTLS_E_HANDSHAKE_TOO_LARGE)
	    : TLS_AGAIN;
}
