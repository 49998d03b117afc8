/*
 * certified_key: a chain of certificates and the key of its leaf, as one side
 * of a session shows them, and which session shows which.
 *
 * Owns:	chain and key, until tls_certified_key_free. Issuers may belong
 *		to another one, which has the same: thousands of clients of an
 *		authority have its certificate once.
 * Threads:	immutable in between: sessions of any thread may use it.
 * Errors:	an error of GnuTLS's; then there is nothing to free.
 * Use:
 *	tls_certified_key_init(&own, &chain, key, NULL);
 *	tls_certified_key_allow(x509);
 *	tls_certified_key_set(session, &own);
 *	tls_certified_key_free(&own);
 */
#ifndef COMMON_CREDS_CERTIFIED_KEY_H
#define COMMON_CREDS_CERTIFIED_KEY_H

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <stdbool.h>

struct tls_chain;
struct tls_signer;

struct tls_certified_key {
	gnutls_pcert_st *chain; /* the leaf first */
	unsigned count;
	bool borrows_issuers; /* all but the leaf are another one's */
	gnutls_privkey_t key;
};

/*
 * Takes the key, even on failure; the chain is copied, each certificate before
 * its issuer. like, which has to live longer, or NULL: its issuers are borrowed
 * if they are the same.
 */
int tls_certified_key_init(struct tls_certified_key *own,
    const struct tls_chain *chain, gnutls_x509_privkey_t key,
    const struct tls_certified_key *like);
/* The same with key number of a process that signs (creds/signer.h), which has
 * to live longer. */
int tls_certified_key_init_remote(struct tls_certified_key *own,
    const struct tls_chain *chain, struct tls_signer *signer, unsigned number);
/* A zeroed one may be freed. */
void tls_certified_key_free(struct tls_certified_key *own);

/* Sessions with these credentials show what the next function has said. */
void tls_certified_key_allow(gnutls_certificate_credentials_t x509);
void tls_certified_key_set(
    gnutls_session_t session, const struct tls_certified_key *own);

#endif
