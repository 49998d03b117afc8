/*
 * verify: judges the peer's certificate, and says why; see tls/private.h.
 *
 * GNUTLS_CERT_REQUIRE alone does not verify. Without the key purpose, the
 * certificate of any server of the same root would pass as a client's.
 *
 * A server remembers whose chain was good; see creds/chain_cache.h.
 */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "common/creds/chain_cache.h"
#include "common/tls/private.h"
#include "common/x509/chain.h"

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
	{ GNUTLS_CERT_PURPOSE_MISMATCH, END_WRONG_PURPOSE },
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

/* The chain: signatures, dates, key purpose, name. */
static enum end
verify_chain(struct tls *tls)
{
	const char *purpose = tls->creds->settings.role == TLS_SERVER
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

static bool
may_come_without(const struct tls *tls)
{
	return tls->creds->settings.role == TLS_SERVER &&
	    tls->creds->settings.client_auth != TLS_CLIENT_AUTH_REQUIRED &&
	    gnutls_certificate_get_peers(tls->session, NULL) == NULL;
}

/* In full; if it is good, unknown, if not NULL, is remembered. */
static enum end
judge(struct tls *tls, const struct tls_known_question *unknown)
{
	enum end verdict = verify_chain(tls);
	struct tls_chain chain;
	unsigned count = 0;

	(void)gnutls_certificate_get_peers(tls->session, &count);
	if (verdict != END_COUNT ||
	    (unknown == NULL && !tls_policy_asks(tls->creds, count)))
		return verdict;
	verdict = tls_chain_read(&chain, tls->session);
	if (verdict == END_COUNT)
		verdict = tls_check_policy(tls->creds, &chain);
	if (verdict == END_COUNT && unknown != NULL)
		tls->chain.evicted =
		    tls_known_remember(tls->creds->known, unknown, &chain);
	tls_chain_free(&chain);
	return verdict;
}

enum end
tls_verify_peer(struct tls *tls)
{
	struct tls_known_question question;

	if (may_come_without(tls))
		return tls->creds->rules == NULL ? END_COUNT : END_NOT_ALLOWED;
	switch (tls_known_ask(tls->creds->known, tls->session, &question)) {
	case TLS_KNOWN_YES:
		tls->chain.hit = true;
		return END_COUNT;
	case TLS_KNOWN_NO:
		tls->chain.missed = true;
		return judge(tls, &question);
	case TLS_KNOWN_NEVER:
		break;
	}
	return judge(tls, NULL);
}

int
tls_verify_callback(gnutls_session_t session)
{
	struct tls *tls = gnutls_session_get_ptr(session);

	tls->verdict = tls_verify_peer(tls);
	return tls->verdict == END_COUNT ? 0 : -1;
}

const struct tls_chain_use *
tls_chain_use(const struct tls *tls)
{
	return &tls->chain;
}
