/*
 * tls_verify: judges the peer's certificate, and says why; see tls_private.h.
 *
 * GNUTLS_CERT_REQUIRE alone does not verify. Without the key purpose, the
 * certificate of any server of the same root would pass as a client's.
 */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "common/tls_private.h"

struct status_cause {
	unsigned status; /* bits of gnutls_certificate_status_t */
	enum end cause;
};

/* The first that is set is the one to tell. */
static const struct status_cause status_causes[] = {
	{ GNUTLS_CERT_SIGNATURE_FAILURE, END_BAD_SIGNATURE },
	{ GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA,
	    END_UNKNOWN_ISSUER },
	{ GNUTLS_CERT_INSECURE_ALGORITHM, END_WEAK },
	{ GNUTLS_CERT_EXPIRED, END_EXPIRED },
	{ GNUTLS_CERT_NOT_ACTIVATED, END_NOT_YET_VALID },
	{ GNUTLS_CERT_PURPOSE_MISMATCH | GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE,
	    END_WRONG_PURPOSE },
	{ GNUTLS_CERT_UNEXPECTED_OWNER, END_WRONG_NAME },
};

static enum end
cause_of_status(unsigned status)
{
	size_t count = sizeof status_causes / sizeof *status_causes;

	for (size_t i = 0; i < count; i++)
		if (status & status_causes[i].status)
			return status_causes[i].cause;
	return status != 0 ? END_BAD_CERTIFICATE : END_COUNT;
}

enum end
tls_verify_peer(struct tls *tls)
{
	const char *purpose = tls->creds->role == TLS_SERVER
	    ? GNUTLS_KP_TLS_WWW_CLIENT
	    : GNUTLS_KP_TLS_WWW_SERVER;
	gnutls_typed_vdata_st wanted[2] = {
		{ .type = GNUTLS_DT_KEY_PURPOSE_OID,
		    .data = (unsigned char *)(uintptr_t)purpose },
		{ .type = GNUTLS_DT_DNS_HOSTNAME,
		    .data = (unsigned char *)tls->peer_name },
	};
	unsigned status = 0;
	int error = gnutls_certificate_verify_peers(
	    tls->session, wanted, tls->peer_name != NULL ? 2 : 1, &status);

	if (error == GNUTLS_E_NO_CERTIFICATE_FOUND)
		return END_NO_CERTIFICATE;
	if (error < 0)
		return END_BAD_CERTIFICATE;
	return cause_of_status(status);
}

int
tls_verify_callback(gnutls_session_t session)
{
	struct tls *tls = gnutls_session_get_ptr(session);

	tls->verdict = tls_verify_peer(tls);
	return tls->verdict == END_COUNT ? 0 : -1;
}

enum end
tls_cause_of_error(int error)
{
	switch (error) {
	case GNUTLS_E_CERTIFICATE_REQUIRED:
	case GNUTLS_E_NO_CERTIFICATE_FOUND:
		return END_NO_CERTIFICATE;
	case GNUTLS_E_PREMATURE_TERMINATION:
		return END_EOF;
	case GNUTLS_E_FATAL_ALERT_RECEIVED:
		return END_PEER_ALERT;
	case GNUTLS_E_PK_SIG_VERIFY_FAILED:
		return END_BAD_SIGNATURE;
	case GNUTLS_E_INSUFFICIENT_SECURITY:
	case GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM:
		return END_WEAK;
	case GNUTLS_E_CERTIFICATE_ERROR:
	case GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR:
	case GNUTLS_E_X509_UNSUPPORTED_EXTENSION:
	case GNUTLS_E_UNSUPPORTED_CERTIFICATE_TYPE:
	case GNUTLS_E_ASN1_DER_ERROR:
		return END_BAD_CERTIFICATE;
	case GNUTLS_E_MEMORY_ERROR:
	case GNUTLS_E_PUSH_ERROR:
	case GNUTLS_E_INTERNAL_ERROR:
	case GNUTLS_E_RANDOM_FAILED:
		return END_INTERNAL;
	default:
		return END_PROTOCOL;
	}
}

int
tls_alert_of_cause(gnutls_session_t session, enum end cause, int error)
{
	int level;

	switch (cause) {
	case END_PEER_ALERT:
	case END_EOF:
		return -1;
	case END_NO_CERTIFICATE:
		return gnutls_protocol_get_version(session) == GNUTLS_TLS1_3
		    ? GNUTLS_A_CERTIFICATE_REQUIRED
		    : GNUTLS_A_HANDSHAKE_FAILURE;
	case END_UNKNOWN_ISSUER:
		return GNUTLS_A_UNKNOWN_CA;
	case END_EXPIRED:
	case END_NOT_YET_VALID:
		return GNUTLS_A_CERTIFICATE_EXPIRED;
	case END_WRONG_PURPOSE:
		return GNUTLS_A_UNSUPPORTED_CERTIFICATE;
	case END_WRONG_NAME:
	case END_WEAK:
	case END_BAD_CERTIFICATE:
		return GNUTLS_A_BAD_CERTIFICATE;
	default:
		return gnutls_error_to_alert(error, &level);
	}
}
