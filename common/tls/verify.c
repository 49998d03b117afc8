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
#include <string.h>
#include <time.h>

#include "common/creds/chain_cache.h"
#include "common/creds/identity.h"
#include "common/tls/private.h"
#include "common/x509/chain.h"

struct status_reason {
	unsigned status; /* bits of gnutls_certificate_status_t */
	enum close_reason reason;
};

/* The first that is set is the one to tell. */
static const struct status_reason status_reasons[] = {
	{ GNUTLS_CERT_SIGNATURE_FAILURE, REASON_BAD_SIGNATURE },
	{ GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA,
	    REASON_UNKNOWN_ISSUER },
	{ GNUTLS_CERT_INSECURE_ALGORITHM, REASON_WEAK },
	{ GNUTLS_CERT_EXPIRED, REASON_EXPIRED },
	{ GNUTLS_CERT_NOT_ACTIVATED, REASON_NOT_YET_VALID },
	{ GNUTLS_CERT_PURPOSE_MISMATCH, REASON_WRONG_PURPOSE },
	{ GNUTLS_CERT_UNEXPECTED_OWNER, REASON_WRONG_NAME },
};

static enum close_reason
reason_of_status(unsigned status)
{
	size_t count = sizeof status_reasons / sizeof *status_reasons;

	for (size_t i = 0; i < count; i++)
		if (status & status_reasons[i].status)
			return status_reasons[i].reason;
	return status != 0 ? REASON_BAD_CERTIFICATE : REASON_NONE;
}

/* What a certificate has to be for, and bear. */
struct wanted {
	gnutls_typed_vdata_st facts[2];
	unsigned count;
};

static void
add_wanted(struct wanted *w, gnutls_vdata_types_t type, const char *text)
{
	w->facts[w->count++] = (gnutls_typed_vdata_st){ .type = type,
		.data = (unsigned char *)(uintptr_t)text };
}

static struct wanted
wanted_of(const struct tls *tls)
{
	struct wanted w = { .count = 0 };

	if (!tls->is_server)
		add_wanted(
		    &w, GNUTLS_DT_KEY_PURPOSE_OID, GNUTLS_KP_TLS_WWW_SERVER);
	else if (!tls->gnutls->creds->settings.any_purpose)
		add_wanted(
		    &w, GNUTLS_DT_KEY_PURPOSE_OID, GNUTLS_KP_TLS_WWW_CLIENT);
	if (tls->gnutls->peer_name != NULL)
		add_wanted(&w, GNUTLS_DT_DNS_HOSTNAME, tls->gnutls->peer_name);
	return w;
}

/*
 * What GnuTLS is told when it is asked about certificates instead of about a
 * session: its priority's profile, which cannot be read out of it. Where one is
 * wanted that is stricter than the default's, there is no second look.
 */
static bool
is_default_profile(const char *priority)
{
	static const char *const stricter[] = { "PROFILE_HIGH", "PROFILE_ULTRA",
		"PROFILE_FUTURE", "PROFILE_SUITEB", "SECURE192", "SECURE256",
		"SUITEB", "@" };

	for (size_t i = 0; i < sizeof stricter / sizeof *stricter; i++)
		if (strstr(priority, stricter[i]) != NULL)
			return false;
	return true;
}

/* Without what is replaced; or the same status, if that is nothing. */
static unsigned
verify_others(struct tls *tls, struct wanted *w, const struct tls_chain *chain,
    unsigned status)
{
	time_t now = time(NULL);
	gnutls_x509_trust_list_t roots;
	gnutls_x509_crt_t rest[TLS_CHAIN_MAX];
	unsigned count = 0, again = 0;

	if (chain->count > TLS_CHAIN_MAX)
		return status;
	for (unsigned i = 0; i < chain->count; i++)
		if (!tls_chain_is_replaced(chain, i, now))
			rest[count++] = chain->crts[i];
	gnutls_certificate_get_trust_list(tls->gnutls->creds->x509, &roots);
	if (count == chain->count ||
	    gnutls_x509_trust_list_verify_crt2(roots, rest, count, w->facts,
		w->count, GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM),
		&again, NULL) < 0)
		return status;
	return again;
}

/* GnuTLS takes the first issuer of the right name, and looks no further. */
static unsigned
look_again(struct tls *tls, struct wanted *w, unsigned status)
{
	const unsigned dates = GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED;
	struct tls_chain chain;
	unsigned count;
	const gnutls_datum_t *ders = tls_identity_chain(tls->peer, &count);

	if ((status & dates) == 0 ||
	    (status & ~(dates | GNUTLS_CERT_INVALID)) != 0 ||
	    !is_default_profile(tls->gnutls->creds->settings.priority) ||
	    tls_chain_read(&chain, ders, count) != REASON_NONE)
		return status;
	status = verify_others(tls, w, &chain, status);
	tls_chain_free(&chain);
	return status;
}

/* The chain: signatures, dates, key purpose, name. */
static enum close_reason
verify_chain(struct tls *tls)
{
	struct wanted w = wanted_of(tls);
	unsigned status = 0;
	int error = gnutls_certificate_verify_peers(
	    tls->gnutls->session, w.facts, w.count, &status);

	if (error == GNUTLS_E_NO_CERTIFICATE_FOUND)
		return REASON_NO_CERTIFICATE;
	if (error < 0)
		return REASON_BAD_CERTIFICATE;
	return reason_of_status(look_again(tls, &w, status));
}

static bool
may_come_without(const struct tls *tls)
{
	return tls->is_server &&
	    tls->gnutls->creds->settings.client_auth !=
	    TLS_CLIENT_AUTH_REQUIRED &&
	    tls_identity_chain(tls->peer, NULL) == NULL;
}

/* In full; if it is good, unknown, if not NULL, is remembered. */
static enum close_reason
judge(struct tls *tls, const struct tls_chain_cache_query *unknown)
{
	enum close_reason reason = verify_chain(tls);
	struct tls_chain chain;
	unsigned count;
	const gnutls_datum_t *ders = tls_identity_chain(tls->peer, &count);

	if (reason != REASON_NONE ||
	    (unknown == NULL && !tls_policy_asks(tls->gnutls->creds, count)))
		return reason;
	reason = tls_chain_read(&chain, ders, count);
	if (reason == REASON_NONE)
		reason = tls_check_policy(tls->gnutls->creds, &chain);
	if (reason == REASON_NONE && unknown != NULL)
		tls->chain.evicted = tls_chain_cache_insert(
		    tls->gnutls->creds->chain_cache, unknown, &chain);
	tls_chain_free(&chain);
	return reason;
}

enum close_reason
tls_verify_peer(struct tls *tls)
{
	struct tls_chain_cache_query query;
	unsigned count = 0;
	const gnutls_datum_t *ders =
	    gnutls_certificate_get_peers(tls->gnutls->session, &count);

	tls_identity_unref(&tls->peer); /* should GnuTLS ask twice */
	tls->peer = tls_identity_new(ders, count);
	if (tls->peer == NULL)
		return REASON_INTERNAL;
	if (may_come_without(tls))
		return tls_identity_judge(tls->peer, tls->gnutls->creds);
	switch (tls_chain_cache_lookup(tls->gnutls->creds->chain_cache,
	    tls->gnutls->session, tls->peer, &query)) {
	case TLS_CHAIN_CACHE_HIT:
		tls->chain.hit = true;
		return REASON_NONE;
	case TLS_CHAIN_CACHE_MISS:
		tls->chain.missed = true;
		return judge(tls, &query);
	case TLS_CHAIN_CACHE_UNCACHEABLE:
		break;
	}
	return judge(tls, NULL);
}

void
tls_judge_peer(struct tls *tls)
{
	struct tls_gnutls *g = tls->gnutls;
	enum close_reason reason = tls_verify_peer(tls);

	if (g->observer != NULL)
		g->observer->on_verdict(g->observer_owner, reason);
	else
		g->refusal = reason;
}

int
tls_verify_callback(gnutls_session_t session)
{
	struct tls *tls = gnutls_session_get_ptr(session);

	tls_judge_peer(tls);
	return tls_has_refused_peer(tls) ? -1 : 0;
}
