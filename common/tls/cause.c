/* cause: what GnuTLS's errors mean, and what the peer is told of them. */
#include <gnutls/gnutls.h>

#include "common/tls/private.h"

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
	case GNUTLS_E_KEY_USAGE_VIOLATION:
		return END_WRONG_PURPOSE;
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
	case END_REVOKED:
		return GNUTLS_A_CERTIFICATE_REVOKED;
	case END_NO_CRL:
		return GNUTLS_A_CERTIFICATE_UNKNOWN;
	case END_NOT_ALLOWED:
		return GNUTLS_A_ACCESS_DENIED;
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
