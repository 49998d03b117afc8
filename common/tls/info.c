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

/* In the order of RFC 4514, as everywhere: the most particular part first. */
static void
put_name(char name[static TLS_INFO_NAME],
    int (*get)(gnutls_x509_crt_t, gnutls_datum_t *, unsigned),
    gnutls_x509_crt_t crt)
{
	gnutls_datum_t text = { NULL, 0 };
	bool fits = get(crt, &text, 0) >= 0 && text.size < TLS_INFO_NAME;

	(void)snprintf(name, TLS_INFO_NAME, "%.*s", fits ? (int)text.size : 0,
	    fits ? (const char *)text.data : "");
	if (!fits)
		(void)snprintf(name, TLS_INFO_NAME, "(cannot be shown)");
	gnutls_free(text.data);
	printable_mask(name); /* the peer chose it */
}

static void
read_cert(struct tls_info_cert *facts, const gnutls_datum_t *der)
{
	gnutls_x509_crt_t crt;

	memset(facts, 0, sizeof *facts);
	if (der == NULL || gnutls_x509_crt_init(&crt) < 0)
		return;
	if (gnutls_x509_crt_import(crt, der, GNUTLS_X509_FMT_DER) == 0) {
		put_name(facts->issuer, gnutls_x509_crt_get_issuer_dn3, crt);
		put_name(facts->subject, gnutls_x509_crt_get_dn3, crt);
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
	facts->is_server = tls->is_server;
	facts->is_resumed = agreed->resumed;
	/* A resumed session shows no certificate again: its first one did. */
	facts->is_mutual = peers != NULL && (ours != NULL || facts->is_resumed);
	facts->is_mutual_unknown = !tls->is_server && tls->is_tls13;
	read_cert(&facts->remote, peers);
	read_cert(&facts->local, ours);
}

/* Where the next fact goes. */
struct writer {
	char *text;
	size_t size, used;
	enum tls_info_style style;
};

static void
put_char(struct writer *w, char c)
{
	if (w->used + 1 >= w->size)
		return;
	w->text[w->used++] = c;
	w->text[w->used] = '\0';
}

static void
put_text(struct writer *w, const char *text)
{
	while (*text != '\0')
		put_char(w, *text++);
}

static void
put_quoted(struct writer *w, const char *text)
{
	put_char(w, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			put_char(w, '\\');
		put_char(w, *text);
	}
	put_char(w, '"');
}

/* logfmt wants quotes around what is empty or holds one of these. */
static void
put_fact(struct writer *w, const char *key, const char *value)
{
	bool lines = w->style == TLS_INFO_LINES;

	put_text(w, key);
	put_text(w, lines ? ": " : "=");
	if (!lines && (value[0] == '\0' || strpbrk(value, " \"=\\") != NULL))
		put_quoted(w, value);
	else
		put_text(w, value);
	put_char(w, lines ? '\n' : ' ');
}

static void
put_flag(struct writer *w, const char *key, bool value)
{
	put_fact(w, key, value ? "true" : "false");
}

static void
put_cert(struct writer *w, const char *whose, const struct tls_info_cert *c)
{
	const struct {
		const char *key, *value;
	} facts[] = {
		{ "Issuer", c->issuer },
		{ "Subject", c->subject },
		{ "Thumbprint", c->sha1 },
		{ "Thumbprint.SHA256", c->sha256 },
	};
	char key[48];

	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		(void)snprintf(
		    key, sizeof key, "%sCertificate.%s", whose, facts[i].key);
		put_fact(w, key, facts[i].value);
	}
}

const char *
tls_info_format(const struct tls_info *facts, enum tls_info_style style,
    char *text, size_t size)
{
	struct writer w = { text, size, 0, style };
	char bits[16];

	text[0] = '\0';
	(void)snprintf(bits, sizeof bits, "%d", facts->cipher_bits);
	put_fact(&w, "CipherAlgorithm", facts->cipher);
	put_fact(&w, "CipherStrength", bits);
	put_fact(&w, "HashAlgorithm", facts->hash);
	put_fact(&w, "KeyExchange", facts->key_exchange);
	put_flag(&w, "IsAuthenticated", true);
	put_flag(&w, "IsEncrypted", true);
	if (facts->is_mutual_unknown)
		put_fact(&w, "IsMutuallyAuthenticated", "unknown");
	else
		put_flag(&w, "IsMutuallyAuthenticated", facts->is_mutual);
	put_flag(&w, "IsServer", facts->is_server);
	put_flag(&w, "IsSigned", true);
	put_fact(&w, "SslProtocol", facts->protocol);
	put_flag(&w, "IsResumed", facts->is_resumed);
	put_cert(&w, "Remote", &facts->remote);
	put_cert(&w, "Local", &facts->local);
	return text;
}
