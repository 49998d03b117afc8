/*
 * own: the certificates that credentials show, and the keys that belong to
 * them: here, or in a process that signs.
 */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "common/base/assertion.h"
#include "common/creds/identity.h"
#include "common/creds/private.h"
#include "common/creds/signer.h"
#include "common/x509/chain.h"
#include "common/x509/datum.h"

static int
add_key_pair(
    struct tls_creds *c, const struct tls_key_pair *pair, struct errmsg *e)
{
	gnutls_datum_t cert = tls_datum_of(&pair->cert);
	gnutls_datum_t key = tls_datum_of(&pair->key);
	int result = gnutls_certificate_set_x509_key_mem2(
	    c->x509, &cert, &key, GNUTLS_X509_FMT_PEM, NULL, 0);

	if (result == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
		return errmsg_set(
		    e, "the private key does not belong to the certificate");
	if (result < 0)
		return errmsg_set(
		    e, "certificate and key: %s", gnutls_strerror(result));
	return 0;
}

/* A server chooses among them by itself. */
static int
add_choice(struct tls_creds *c, const struct tls_key_pair *pair, unsigned i,
    struct errmsg *e)
{
	struct tls_choice *choice = &c->choices[i];
	int error = c->signer != NULL
	    ? tls_choice_read_remote(choice, &pair->cert, c->signer, i)
	    : tls_choice_read(choice, c->x509, i);

	if (error < 0)
		return errmsg_set(e, "certificate: %s", gnutls_strerror(error));
	c->choice_count = i + 1;
	return 0;
}

/* For sessions that show it. */
static int
keep_own(struct tls_creds *c, unsigned i, struct errmsg *e)
{
	gnutls_datum_t der;

	if (c->signer != NULL)
		c->own[i] =
		    tls_identity_new(&c->choices[i].own.chain[0].cert, 1);
	else if (gnutls_certificate_get_crt_raw(c->x509, i, 0, &der) == 0)
		c->own[i] = tls_identity_new(&der, 1);
	return c->own[i] != NULL ? 0 : errmsg_set(e, "out of memory");
}

static int
add_own(struct tls_creds *c, const struct tls_key_pair *pair, unsigned i,
    struct errmsg *e)
{
	if (c->signer == NULL && add_key_pair(c, pair, e) < 0)
		return -1;
	if (c->settings.role == TLS_SERVER && add_choice(c, pair, i, e) < 0)
		return -1;
	return keep_own(c, i, e);
}

/*
 * All that a client's key does is to sign (RFC 8446, 4.4.3; RFC 5246, 7.4.8),
 * and GnuTLS would find out in the middle of the handshake, where it looks like
 * a fault of the server. (GnuTLS 3.7.9 refuses this even with %COMPAT.)
 */
static int
check_may_sign(const struct tls_creds *c, struct errmsg *e)
{
	struct tls_chain chain = TLS_CHAIN_INIT;
	bool may = true;

	if (c->settings.role != TLS_CLIENT)
		return 0;
	for (unsigned i = 0; may && tls_own_chain(c, i, &chain) == 0; i++) {
		may = chain.crts == NULL || tls_may_sign(chain.crts[0]);
		tls_chain_free(&chain);
	}
	return may ? 0
		   : errmsg_set(e,
			 "the client's certificate cannot be used: its key "
			 "usage lacks digitalSignature; issue one that has "
			 "it, as tlsecho-certs client does");
}

int
tls_own_set(struct tls_creds *c, const struct tls_bundle *bundle,
    const struct tls_signer_source *source, struct errmsg *e)
{
	ASSERT(bundle->keys_id == 0 || c->settings.role == TLS_SERVER);
	if (bundle->keys_id != 0 &&
	    tls_signer_new(&c->signer, bundle->keys_id, source) < 0)
		return errmsg_set(e, "out of memory");
	for (int i = 0; i < bundle->key_pair_count; i++) {
		if (add_own(c, &bundle->key_pairs[i], (unsigned)i, e) == 0)
			continue;
		if (bundle->key_pair_count == 1)
			return -1;
		return errmsg_prepend(e, "certificate %d", i + 1);
	}
	if (c->settings.shows_by_session || c->settings.role == TLS_SERVER)
		tls_certified_key_allow(c->x509);
	return check_may_sign(c, e);
}

/* Those of a choice are in the order in which they are sent. */
static int
copy_chain(const struct tls_certified_key *own, struct tls_chain *chain)
{
	for (unsigned i = 0; i < own->count; i++)
		if (tls_chain_add(
			chain, &own->chain[i].cert, GNUTLS_X509_FMT_DER) < 0) {
			tls_chain_free(chain);
			return -1;
		}
	return 0;
}

int
tls_own_chain(const struct tls_creds *c, unsigned i, struct tls_chain *chain)
{
	if (c->signer != NULL)
		return i < c->choice_count
		    ? copy_chain(&c->choices[i].own, chain)
		    : -1;
	return gnutls_certificate_get_x509_crt(
		   c->x509, i, &chain->crts, &chain->count) == 0 &&
		chain->count > 0
	    ? 0
	    : -1;
}
