/* reason: what GnuTLS's errors mean, and what the peer is told of them. */
#include <gnutls/gnutls.h>

#include "common/tls/private.h"

enum close_reason
tls_reason_of_error(int error)
{
	switch (error) {
	case GNUTLS_E_CERTIFICATE_REQUIRED:
	case GNUTLS_E_NO_CERTIFICATE_FOUND:
		return REASON_NO_CERTIFICATE;
	case GNUTLS_E_PREMATURE_TERMINATION:
		return REASON_EOF;
	case GNUTLS_E_FATAL_ALERT_RECEIVED:
		return REASON_PEER_ALERT;
	case GNUTLS_E_PK_SIG_VERIFY_FAILED:
		return REASON_BAD_SIGNATURE;
	case GNUTLS_E_INSUFFICIENT_SECURITY:
	case GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM:
		return REASON_WEAK;
	case GNUTLS_E_KEY_USAGE_VIOLATION:
		return REASON_WRONG_PURPOSE;
	case GNUTLS_E_CERTIFICATE_ERROR:
	case GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR:
	case GNUTLS_E_X509_UNSUPPORTED_EXTENSION:
	case GNUTLS_E_UNSUPPORTED_CERTIFICATE_TYPE:
	case GNUTLS_E_ASN1_DER_ERROR:
		return REASON_BAD_CERTIFICATE;
	case GNUTLS_E_MEMORY_ERROR:
	case GNUTLS_E_PUSH_ERROR:
	case GNUTLS_E_INTERNAL_ERROR:
	case GNUTLS_E_RANDOM_FAILED:
		return REASON_INTERNAL;
	default:
		return REASON_PROTOCOL;
	}
}

/* GnuTLS calls it an internal error when a peer exceeds a limit, such as 8
 * updates of its key a second. */
static int
alert_of_error(int error)
{
	int level;

	switch (error) {
	case GNUTLS_E_TOO_MANY_HANDSHAKE_PACKETS:
	case GNUTLS_E_TOO_MANY_EMPTY_PACKETS:
		return GNUTLS_A_UNEXPECTED_MESSAGE;
	default:
		return gnutls_error_to_alert(error, &level);
	}
}

int
tls_alert_of_reason(bool is_tls13, enum close_reason reason, int error)
{
	switch (reason) {
	case REASON_PEER_ALERT:
	case REASON_EOF:
		return -1;
	case REASON_NO_CERTIFICATE:
		return is_tls13 ? GNUTLS_A_CERTIFICATE_REQUIRED
				: GNUTLS_A_HANDSHAKE_FAILURE;
	case REASON_NO_VERSION:
		return GNUTLS_A_PROTOCOL_VERSION;
	case REASON_SERVER_NAME:
		return GNUTLS_A_UNRECOGNIZED_NAME;
	case REASON_UNKNOWN_ISSUER:
		return GNUTLS_A_UNKNOWN_CA;
	case REASON_REVOKED:
		return GNUTLS_A_CERTIFICATE_REVOKED;
	case REASON_NO_CRL:
		return GNUTLS_A_CERTIFICATE_UNKNOWN;
	case REASON_NOT_ALLOWED:
		return GNUTLS_A_ACCESS_DENIED;
	case REASON_EXPIRED:
	case REASON_NOT_YET_VALID:
		return GNUTLS_A_CERTIFICATE_EXPIRED;
	case REASON_WRONG_PURPOSE:
		return GNUTLS_A_UNSUPPORTED_CERTIFICATE;
	case REASON_WRONG_NAME:
	case REASON_WEAK:
	case REASON_BAD_CERTIFICATE:
		return GNUTLS_A_BAD_CERTIFICATE;
	default:
		return alert_of_error(error);
	}
}
