/* refusal: asks the certificates that were shown; see the header. */
#include "common/tls/refusal.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/facts.h"
#include "common/base/hex.h"
#include "common/base/utc.h"
#include "common/creds/identity.h"
#include "common/tls/private.h"
#include "common/x509/chain.h"
#include "common/x509/describe.h"

enum {
	WHY_TEXT = 1024,
	LINE_TEXT = TLS_REFUSAL_TEXT
};

struct refusal {
	const struct tls *tls;
	struct tls_chain chain;
	char why[WHY_TEXT];
};

/* A certificate that GnuTLS has not asked us about is none the less there. */
static void
read_chain(struct tls_chain *chain, const struct tls *tls)
{
	unsigned count = 0;
	const gnutls_datum_t *ders = tls_identity_chain(tls->peer, &count);

	*chain = (struct tls_chain)TLS_CHAIN_INIT;
	if (ders == NULL && tls->gnutls != NULL)
		ders =
		    gnutls_certificate_get_peers(tls->gnutls->session, &count);
	if (ders != NULL)
		(void)tls_chain_read(chain, ders, count);
}

static void
explain_missing(struct refusal *r)
{
	(void)snprintf(r->why, sizeof r->why, "%s",
	    r->tls->is_server
		? "the client has none, or its library keeps back one that is "
		  "not for clients, or not of the issuers asked for"
		: "the server has none");
}

/* From the leaf upwards, as far as what was shown goes. */
static gnutls_x509_crt_t
top_of(const struct tls_chain *chain)
{
	gnutls_x509_crt_t top = chain->crts[0], next;

	for (unsigned i = 0; i < chain->count; i++) {
		next = tls_chain_issuer_of(chain, top);
		if (next == NULL)
			break;
		top = next;
	}
	return top;
}

static bool
root_has_name(const struct tls *tls, const gnutls_datum_t *dn)
{
	gnutls_x509_trust_list_t roots;
	gnutls_x509_crt_t root;
	bool has;

	if (tls->gnutls == NULL)
		return false;
	gnutls_certificate_get_trust_list(tls->gnutls->creds->x509, &roots);
	has = gnutls_x509_trust_list_get_issuer_by_dn(
		  roots, dn, &root, GNUTLS_TL_GET_COPY) >= 0;
	if (has)
		gnutls_x509_crt_deinit(root);
	return has;
}

static void
explain_issuer(struct refusal *r)
{
	gnutls_x509_crt_t top = top_of(&r->chain);
	char issuer[TLS_NAME_TEXT];
	gnutls_datum_t dn = { NULL, 0 };
	const char *how = "has issued it, and is neither shown nor in --ca";

	(void)tls_describe_issuer(top, issuer);
	if (gnutls_x509_crt_get_raw_issuer_dn(top, &dn) >= 0 &&
	    root_has_name(r->tls, &dn))
		how = r->tls->reason == REASON_BAD_SIGNATURE ||
			tls_chain_issuer_of(&r->chain, r->chain.crts[0]) == NULL
		    ? "is in --ca, but with another key than that which signed "
		      "it, or may not sign: was the authority made anew?"
		    : "is in --ca, but one below it may not sign";
	else if (gnutls_x509_crt_check_issuer(top, top) != 0)
		how = "is a root of its own that is not in --ca";
	(void)snprintf(r->why, sizeof r->why, "%s %s", issuer, how);
	gnutls_free(dn.data);
}

static void
explain_dates(struct refusal *r, bool expired)
{
	time_t now = time(NULL), from, until;
	char subject[TLS_NAME_TEXT], date[UTC_TEXT];

	(void)strcpy(r->why, "a certificate of --ca is");
	for (unsigned i = 0; i < r->chain.count; i++) {
		gnutls_x509_crt_t crt = r->chain.crts[i];

		from = gnutls_x509_crt_get_activation_time(crt);
		until = gnutls_x509_crt_get_expiration_time(crt);
		if (expired ? now <= until : now >= from)
			continue;
		(void)snprintf(r->why, sizeof r->why, "%s %s %s",
		    tls_describe_subject(crt, subject),
		    expired ? "expired on" : "is not valid before",
		    utc_format(expired ? until : from, date));
		return;
	}
}

static void
explain_purpose(struct refusal *r)
{
	char purposes[TLS_PURPOSES_TEXT];

	(void)snprintf(r->why, sizeof r->why, "it is for: %s%s",
	    tls_describe_purposes(r->chain.crts[0], purposes),
	    r->tls->is_server ? "; issue it for clients, or accept any with "
				"--client-purpose any"
			      : "; issue it for servers");
}

static bool
is_weak(gnutls_x509_crt_t crt)
{
	unsigned bits = 0;
	int kind = gnutls_x509_crt_get_pk_algorithm(crt, &bits);
	int signature = gnutls_x509_crt_get_signature_algorithm(crt);

	return kind < 0 || signature < 0 ||
	    gnutls_pk_bits_to_sec_param((gnutls_pk_algorithm_t)kind, bits) <
	    GNUTLS_SEC_PARAM_MEDIUM ||
	    gnutls_sign_is_secure2((gnutls_sign_algorithm_t)signature,
		GNUTLS_SIGN_FLAG_SECURE_FOR_CERTS) == 0;
}

static void
explain_weakness(struct refusal *r)
{
	gnutls_x509_crt_t crt = r->chain.crts[0];
	char subject[TLS_NAME_TEXT], kind[TLS_KIND_TEXT];
	const char *signature;

	for (unsigned i = r->chain.count; i-- > 0;)
		if (is_weak(r->chain.crts[i]))
			crt = r->chain.crts[i];
	signature = gnutls_sign_get_name(
	    (gnutls_sign_algorithm_t)gnutls_x509_crt_get_signature_algorithm(
		crt));
	(void)snprintf(r->why, sizeof r->why, "%s has %s, signed with %s",
	    tls_describe_subject(crt, subject), tls_describe_kind(crt, kind),
	    signature != NULL ? signature : "an unknown algorithm");
}

static void
explain_list(struct refusal *r)
{
	char issuer[TLS_NAME_TEXT];

	(void)snprintf(r->why, sizeof r->why,
	    "--crl has no current list of %s, or of one above it",
	    tls_describe_issuer(r->chain.crts[0], issuer));
}

/*
 * In the handshake GnuTLS has found out, and not the judgement on the chain
 * (tls_reason_of_error). False: it was the judgement.
 */
static bool
explain_by_handshake(struct refusal *r)
{
	const char *why = NULL;

	if (r->tls->established || r->tls->gnutls == NULL ||
	    r->tls->gnutls->refusal != REASON_NONE)
		return false;
	if (r->tls->reason == REASON_BAD_SIGNATURE)
		why = "what it has signed in the handshake does not match: it "
		      "lacks the certificate's key";
	else if (r->tls->reason == REASON_WEAK)
		why = "its kind of signature is not in --priority";
	else if (r->tls->reason == REASON_WRONG_PURPOSE)
		why = r->chain.count > 0 && tls_may_sign(r->chain.crts[0])
		    ? "the key usage of this side's own certificate does not "
		      "include signatures"
		    : "its key usage does not include signatures";
	else if (r->tls->reason == REASON_BAD_CERTIFICATE)
		why = "it cannot be read";
	if (why != NULL)
		(void)strcpy(r->why, why);
	return why != NULL;
}

static void
explain_by_certificate(struct refusal *r)
{
	const struct tls_gnutls *g = r->tls->gnutls;

	switch (r->tls->reason) {
	case REASON_UNKNOWN_ISSUER:
	case REASON_BAD_SIGNATURE:
		explain_issuer(r);
		break;
	case REASON_EXPIRED:
	case REASON_NOT_YET_VALID:
		explain_dates(r, r->tls->reason == REASON_EXPIRED);
		break;
	case REASON_WRONG_PURPOSE:
		explain_purpose(r);
		break;
	case REASON_WRONG_NAME:
		(void)snprintf(r->why, sizeof r->why, "it does not bear %s",
		    g != NULL && g->peer_name != NULL ? g->peer_name : "it");
		break;
	case REASON_WEAK:
		explain_weakness(r);
		break;
	case REASON_NO_CRL:
		explain_list(r);
		break;
	case REASON_REVOKED:
		(void)strcpy(r->why, "it, or one above it, is in --crl");
		break;
	case REASON_NOT_ALLOWED:
		(void)strcpy(r->why, "no --allow rule has its names or key");
		break;
	default:
		(void)strcpy(r->why,
		    "it breaks a constraint, or has an extension that is "
		    "unknown and critical");
	}
}

static void
explain(struct refusal *r, const struct tls *tls)
{
	r->tls = tls;
	read_chain(&r->chain, tls);
	if (explain_by_handshake(r))
		return;
	if (r->chain.count == 0)
		explain_missing(r);
	else
		explain_by_certificate(r);
}

static void
put_date(struct facts *facts, const char *key, time_t when)
{
	char date[UTC_TEXT];

	facts_put(facts, key, utc_format(when, date));
}

static void
put_fingerprint(struct facts *facts, gnutls_x509_crt_t crt)
{
	uint8_t bytes[32];
	size_t n = sizeof bytes;
	char hex[2 * sizeof bytes + 1] = "";

	if (gnutls_x509_crt_get_fingerprint(
		crt, GNUTLS_DIG_SHA256, bytes, &n) >= 0)
		(void)hex_put(hex, bytes, n, HEX_UPPER);
	facts_put(facts, "sha256", hex);
}

static void
put_certificate(struct facts *facts, gnutls_x509_crt_t crt)
{
	char dn[TLS_NAME_TEXT], names[TLS_NAMES_TEXT];
	char serial[TLS_SERIAL_TEXT], purposes[TLS_PURPOSES_TEXT];

	put_fingerprint(facts, crt);
	facts_put(facts, "serial", tls_describe_serial(crt, serial));
	put_date(facts, "not_before", gnutls_x509_crt_get_activation_time(crt));
	put_date(facts, "not_after", gnutls_x509_crt_get_expiration_time(crt));
	facts_put(facts, "purposes", tls_describe_purposes(crt, purposes));
	facts_put(facts, "subject", tls_describe_subject(crt, dn));
	facts_put(facts, "issuer", tls_describe_issuer(crt, dn));
	facts_put(facts, "names", tls_describe_names(crt, names));
}

const char *
tls_refusal_format(const struct tls *tls, char text[static TLS_REFUSAL_TEXT])
{
	struct facts facts = facts_in(text, TLS_REFUSAL_TEXT, FACTS_LOGFMT);
	char word[CLOSE_REASON_WORD];
	struct refusal r;

	explain(&r, tls);
	facts_put(&facts, "refused", close_reason_word(tls->reason, word));
	facts_put(&facts, "because", r.why);
	if (r.chain.count > 0)
		put_certificate(&facts, r.chain.crts[0]);
	tls_chain_free(&r.chain);
	return text;
}

const char *
tls_refusal_format_chain(
    const struct tls *tls, char text[static TLS_REFUSAL_CHAIN])
{
	char line[LINE_TEXT];
	struct refusal r;
	size_t used;

	explain(&r, tls);
	used = (size_t)snprintf(text, TLS_REFUSAL_CHAIN, "%s: %s\n",
	    close_reason_text(tls->reason), r.why);
	for (unsigned i = 0; i < r.chain.count; i++) {
		struct facts facts = facts_in(line, sizeof line, FACTS_LOGFMT);
		size_t room = TLS_REFUSAL_CHAIN - used;
		int n;

		put_certificate(&facts, r.chain.crts[i]);
		n = snprintf(text + used, room, "  certificate %u of %u: %s\n",
		    i + 1, r.chain.count, line);
		if (n < 0 || (size_t)n >= room) {
			text[used] = '\0'; /* no half line */
			break;
		}
		used += (size_t)n;
	}
	tls_chain_free(&r.chain);
	return text;
}
