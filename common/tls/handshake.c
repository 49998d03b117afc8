/* handshake: from the first byte to a peer that has been verified. */
#include <gnutls/gnutls.h>

#include "common/base/assertion.h"
#include "common/tls/private.h"

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
