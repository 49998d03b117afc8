/* handshake: from the first byte to a peer that has been verified. */
#include <gnutls/gnutls.h>

#include "common/base/assertion.h"
#include "common/tls/private.h"

/* GnuTLS does not call back for the certificate of a resumed session. */
static bool
is_refused(struct tls *tls)
{
	if (gnutls_session_is_resumed(tls->session) != 0)
		tls->refusal = tls_verify_peer(tls);
	return tls->refusal != REASON_NONE;
}

static enum tls_result
go_on(struct tls *tls)
{
	size_t left;
	int error;

	do {
		left = tls->in->n;
		error = gnutls_handshake(tls->session);
	} while (tls_goes_on(tls, error, left));
	if (error == GNUTLS_E_AGAIN)
		return tls_wait_for_more(tls);
	if (error < 0)
		return tls_fail_by_error(tls, error);
	if (is_refused(tls))
		return tls_fail_by_error(tls, GNUTLS_E_CERTIFICATE_ERROR);
	tls->established = true;
	tls->own = tls_creds_shown(
	    tls->creds, gnutls_certificate_get_ours(tls->session));
	tls_input_limit_forget(&tls->input_limit);
	if (tls->creds->settings.role == TLS_SERVER)
		tls_send_tickets(tls);
	return TLS_OK;
}

enum tls_result
tls_handshake(struct tls *tls, struct tls_input *in)
{
	enum tls_result result;

	ASSERT(!tls->established && tls->in == NULL);
	tls->in = in;
	result = go_on(tls);
	tls->in = NULL;
	return result;
}
