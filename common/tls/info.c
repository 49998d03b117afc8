/* info: asks a session what it is; see the header. */
#include "common/tls/info.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/base/hex.h"
#include "common/base/printable.h"
#include "common/creds/identity.h"
#include "common/tls/private.h"
#include "common/x509/describe.h"

static void
put_fingerprint(
    gnutls_x509_crt_t crt, gnutls_digest_algorithm_t digest, char *hex)
{
	uint8_t bytes[32];
	size_t n = sizeof bytes;

	hex[0] = '\0';
	if (gnutls_x509_crt_get_fingerprint(crt, digest, bytes, &n) >= 0)
		(void)hex_put(hex, bytes, n, HEX_UPPER);
}

static void
read_cert(struct tls_info_cert *facts, const gnutls_datum_t *der)
{
	gnutls_x509_crt_t crt;

	memset(facts, 0, sizeof *facts);
	if (der == NULL || gnutls_x509_crt_init(&crt) < 0)
		return;
	if (gnutls_x509_crt_import(crt, der, GNUTLS_X509_FMT_DER) == 0) {
		(void)tls_describe_issuer(crt, facts->issuer);
		(void)tls_describe_subject(crt, facts->subject);
		(void)tls_describe_names(crt, facts->names);
		put_fingerprint(crt, GNUTLS_DIG_SHA1, facts->sha1);
		put_fingerprint(crt, GNUTLS_DIG_SHA256, facts->sha256);
	}
	gnutls_x509_crt_deinit(crt);
}

static const char *
or_unknown(const char *name)
{
	return name != NULL ? name : "unknown";
}

static void
read_key_exchange(struct tls_info *facts, const struct tls_agreed *agreed)
{
	bool has_group = agreed->group != GNUTLS_GROUP_INVALID;
	const char *kx = agreed->version == GNUTLS_TLS1_3
	    ? "ECDHE"
	    : gnutls_kx_get_name(agreed->kx);

	(void)snprintf(facts->key_exchange, sizeof facts->key_exchange,
	    "%s%s%s", or_unknown(kx), has_group ? "-" : "",
	    has_group ? or_unknown(gnutls_group_get_name(agreed->group)) : "");
}

void
tls_info_read(struct tls_info *facts, const struct tls *tls)
{
	const struct tls_agreed *agreed = &tls->agreed;
	const gnutls_datum_t *peers = tls_identity_chain(tls->peer, NULL);
	const gnutls_datum_t *ours = tls_identity_chain(tls->own, NULL);

	ASSERT(tls->established);
	facts->protocol = or_unknown(gnutls_protocol_get_name(agreed->version));
	facts->cipher = or_unknown(gnutls_cipher_get_name(agreed->cipher));
	facts->cipher_bits =
	    (int)gnutls_cipher_get_key_size(agreed->cipher) * 8;
	facts->hash = or_unknown(gnutls_digest_get_name(agreed->hash));
	read_key_exchange(facts, agreed);
	facts->alpn = agreed->alpn != NULL ? agreed->alpn : "none";
	facts->is_server = tls->is_server;
	facts->is_resumed = agreed->resumed;
	/* A resumed session shows no certificate again: its first one did. */
	facts->is_mutual = peers != NULL &&
	    (ours != NULL || (facts->is_resumed && !agreed->lacks_own));
	facts->is_mutual_unknown =
	    facts->is_mutual && !tls->is_server && tls->is_tls13;
	read_cert(&facts->remote, peers);
	read_cert(&facts->local, ours);
}

void
tls_info_each_name(const struct tls *tls, tls_describe_take *take, void *owner)
{
	const gnutls_datum_t *der = tls_identity_chain(tls->peer, NULL);
	gnutls_x509_crt_t crt = NULL;

	if (der == NULL)
		return;
	if (gnutls_x509_crt_init(&crt) == 0 &&
	    gnutls_x509_crt_import(crt, der, GNUTLS_X509_FMT_DER) == 0)
		tls_describe_each_name(crt, take, owner);
	else
		take(owner, NULL);
	gnutls_x509_crt_deinit(crt);
}

/* In a handshake that has failed GnuTLS alone may have seen it. */
static const gnutls_datum_t *
find_leaf(const struct tls *tls)
{
	const gnutls_datum_t *der = tls_identity_chain(tls->peer, NULL);
	unsigned count;

	return der == NULL && tls->gnutls != NULL
	    ? gnutls_certificate_get_peers(tls->gnutls->session, &count)
	    : der;
}

struct first_name {
	char *text;
	bool found;
};

static void
take_first(void *owner, const char *name)
{
	struct first_name *first = owner;

	if (name != NULL && !first->found)
		(void)printable_copy(first->text, TLS_NAME_TEXT, name);
	first->found = true;
}

const char *
tls_info_name(const struct tls *tls, char text[static TLS_NAME_TEXT])
{
	const gnutls_datum_t *der = find_leaf(tls);
	struct first_name first = { text, false };
	gnutls_x509_crt_t crt;

	text[0] = '\0';
	if (der == NULL || tls_describe_subject_of_der(der, text) ||
	    gnutls_x509_crt_init(&crt) < 0)
		return text;
	if (gnutls_x509_crt_import(crt, der, GNUTLS_X509_FMT_DER) == 0)
		tls_describe_each_name(crt, take_first, &first);
	gnutls_x509_crt_deinit(crt);
	return text;
}

static void
put_flag(struct facts *w, const char *key, bool value)
{
	facts_put(w, key, value ? "true" : "false");
}

static void
put_cert(struct facts *w, const char *whose, const struct tls_info_cert *c)
{
	const struct {
		const char *key, *value;
	} facts[] = {
		{ "Issuer", c->issuer },
		{ "Subject", c->subject },
		{ "Names", c->names },
		{ "Thumbprint", c->sha1 },
		{ "Thumbprint.SHA256", c->sha256 },
	};
	char key[48];

	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		(void)snprintf(
		    key, sizeof key, "%sCertificate.%s", whose, facts[i].key);
		facts_put(w, key, facts[i].value);
	}
}

const char *
tls_info_format(const struct tls_info *facts, enum facts_style style,
    char *text, size_t size)
{
	struct facts w = facts_in(text, size, style);
	char bits[16];

	(void)snprintf(bits, sizeof bits, "%d", facts->cipher_bits);
	facts_put(&w, "CipherAlgorithm", facts->cipher);
	facts_put(&w, "CipherStrength", bits);
	facts_put(&w, "HashAlgorithm", facts->hash);
	facts_put(&w, "KeyExchange", facts->key_exchange);
	put_flag(&w, "IsAuthenticated", true);
	put_flag(&w, "IsEncrypted", true);
	if (facts->is_mutual_unknown)
		facts_put(&w, "IsMutuallyAuthenticated", "unknown");
	else
		put_flag(&w, "IsMutuallyAuthenticated", facts->is_mutual);
	put_flag(&w, "IsServer", facts->is_server);
	put_flag(&w, "IsSigned", true);
	facts_put(&w, "SslProtocol", facts->protocol);
	put_flag(&w, "IsResumed", facts->is_resumed);
	facts_put(&w, "NegotiatedApplicationProtocol", facts->alpn);
	put_cert(&w, "Remote", &facts->remote);
	put_cert(&w, "Local", &facts->local);
	return text;
}
