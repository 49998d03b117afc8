/* handshake: from the first byte to a peer that has been verified. */
#include <gnutls/gnutls.h>

#include "common/base/assertion.h"
#include "common/creds/signer.h"
#include "common/tls/keylog.h"
#include "common/tls/private.h"

/* GnuTLS does not call back for the certificate of a resumed session. */
static bool
is_refused(struct tls *tls)
{
	if (gnutls_session_is_resumed(tls->gnutls->session) != 0)
		tls_judge_peer(tls);
	return tls_has_refused_peer(tls);
}

/* A message in one record with the last of the handshake, behind which keys
 * change (RFC 8446, 5.1). GnuTLS would refuse it, and lose 16 KiB. */
static bool
has_read_on(const struct tls *tls)
{
	return gnutls_record_check_pending(tls->gnutls->session) > 0;
}

static void
read_agreed(struct tls *tls)
{
	gnutls_session_t s = tls->gnutls->session;

	tls->agreed = (struct tls_agreed){
		.version = (uint8_t)gnutls_protocol_get_version(s),
		.cipher = (uint8_t)gnutls_cipher_get(s),
		.mac = (uint8_t)gnutls_mac_get(s),
		.hash = (uint8_t)gnutls_prf_hash_get(s),
		.kx = (uint8_t)gnutls_kx_get(s),
		.group = (uint16_t)gnutls_group_get(s),
		.sign = (uint16_t)gnutls_sign_algorithm_get(s),
		.alpn = tls_agreed_alpn(tls),
		.resumed = gnutls_session_is_resumed(s) != 0,
		.lacks_own = !tls_creds_have_own(tls->gnutls->creds),
	};
	tls->is_tls13 = tls->agreed.version == GNUTLS_TLS1_3;
}

static void
establish(struct tls *tls)
{
	read_agreed(tls);
	tls->established = true;
	tls->own = tls_creds_shown(tls->gnutls->creds,
	    gnutls_certificate_get_ours(tls->gnutls->session));
	tls->gnutls->pulled = 0;
	tls->sent_max = tls_record_limit(tls);
	tls_log_resumed(tls);
	if (tls->is_server)
		tls_send_tickets(tls);
	if (!tls->gnutls->wants_ticket)
		tls_hand_over(tls);
}

/* Once: what GnuTLS says of a handshake on hold it also says of others. */
static bool
stands_still(struct tls_gnutls *g, int error)
{
	bool was_held = g->is_held;

	g->is_held = false;
	return was_held && error == GNUTLS_E_INTERRUPTED;
}

static enum tls_result
go_on(struct tls *tls)
{
	size_t left;
	int error;

	do {
		left = tls->gnutls->in->n;
		error = gnutls_handshake(tls->gnutls->session);
		if (stands_still(tls->gnutls, error))
			return TLS_HELD;
	} while (tls_goes_on(tls, error, left));
	/* GnuTLS goes on without a secret that was not decrypted. */
	if (tls_signer_has_failed(tls->gnutls->creds->signer))
		return tls_fail(tls, REASON_SIGNER, GNUTLS_A_INTERNAL_ERROR);
	if (error == GNUTLS_E_AGAIN)
		return tls_wait_for_more(tls);
	if (error < 0)
		return tls_fail_by_error(tls, error);
	if (is_refused(tls))
		return tls_fail_by_error(tls, GNUTLS_E_CERTIFICATE_ERROR);
	if (has_read_on(tls))
		return tls_fail(
		    tls, REASON_PROTOCOL, GNUTLS_A_UNEXPECTED_MESSAGE);
	return TLS_OK;
}

enum tls_result
tls_handshake(struct tls *tls, struct tls_input *in)
{
	enum tls_result result;

	ASSERT(!tls->established && tls->gnutls->in == NULL);
	tls->gnutls->in = in;
	result = go_on(tls);
	tls->gnutls->in = NULL;
	if (result == TLS_OK)
		establish(tls);
	return result;
}
