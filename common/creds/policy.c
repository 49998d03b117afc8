/*
 * policy: what is asked of a chain that is valid, in resumed sessions too:
 * revocation, constraints, allow rules. See creds/private.h.
 */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <time.h>

#include "common/base/assertion.h"
#include "common/creds/private.h"
#include "common/x509/allow.h"
#include "common/x509/chain.h"
#include "common/x509/constraints.h"
#include "common/x509/crl.h"

/*
 * One of our roots, sent along: no list of its issuer can revoke it. That a
 * certificate has its issuer's name is not enough, since anyone may be called
 * like the root (self-issued; RFC 5280, 3.2).
 */
static bool
is_root(const struct tls_creds *creds, gnutls_x509_crt_t crt)
{
	gnutls_x509_crt_t issuer;

	return gnutls_certificate_get_issuer(creds->x509, crt, &issuer, 0) >=
	    0 &&
	    gnutls_x509_crt_equals(issuer, crt) != 0;
}

static enum close_reason
check_revocation(const struct tls_creds *creds, gnutls_x509_crt_t crt)
{
	if ((creds->crl == NULL && !creds->settings.crl_required) ||
	    is_root(creds, crt))
		return REASON_NONE;
	if (creds->crl == NULL)
		return REASON_NO_CRL;
	switch (tls_crl_check(creds->crl, crt, time(NULL))) {
	case TLS_CRL_REVOKED:
		return REASON_REVOKED;
	case TLS_CRL_NO_LIST:
	case TLS_CRL_OUTDATED:
		return creds->settings.crl_required ? REASON_NO_CRL
						    : REASON_NONE;
	case TLS_CRL_GOOD:
		break;
	}
	return REASON_NONE;
}

static bool
constraints_allow(const struct tls_creds *creds, const struct tls_chain *chain)
{
	gnutls_x509_crt_t anchor;

	for (unsigned i = 1; i < chain->count; i++)
		if (!tls_constraints_allow(chain->crts[i], chain->crts[0]))
			return false;
	if (!creds->roots_constrain ||
	    gnutls_certificate_get_issuer(
		creds->x509, chain->crts[chain->count - 1], &anchor, 0) < 0)
		return true;
	return tls_constraints_allow(anchor, chain->crts[0]);
}

bool
tls_policy_asks(const struct tls_creds *creds, unsigned count)
{
	return count > 1 || creds->crl != NULL || creds->rules != NULL ||
	    creds->settings.crl_required || creds->roots_constrain;
}

enum close_reason
tls_check_policy(const struct tls_creds *creds, const struct tls_chain *chain)
{
	enum close_reason reason = REASON_NONE;

	ASSERT(chain->count > 0);
	for (unsigned i = 0; i < chain->count && reason == REASON_NONE; i++)
		reason = check_revocation(creds, chain->crts[i]);
	if (reason != REASON_NONE)
		return reason;
	if (!constraints_allow(creds, chain))
		return REASON_BAD_CERTIFICATE;
	if (creds->rules != NULL &&
	    !tls_allow_matches(creds->rules, chain->crts[0]))
		return REASON_NOT_ALLOWED;
	return REASON_NONE;
}
