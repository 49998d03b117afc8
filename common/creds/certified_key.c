/* certified_key: chain and key, and GnuTLS's question for them; see the header.
 */
#include "common/creds/certified_key.h"

#include <gnutls/x509.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/creds/signer.h"
#include "common/x509/chain.h"

/* A certificate that issued none of the others is left out. */
static int
import_chain(struct tls_certified_key *own, const struct tls_chain *chain)
{
	int error;

	if (chain->count == 0 || chain->count > TLS_CHAIN_MAX)
		return GNUTLS_E_CERTIFICATE_ERROR;
	own->chain = calloc(chain->count, sizeof *own->chain);
	if (own->chain == NULL)
		return GNUTLS_E_MEMORY_ERROR;
	own->count = chain->count;
	error = gnutls_pcert_import_x509_list(
	    own->chain, chain->crts, &own->count, GNUTLS_X509_CRT_LIST_SORT);
	if (error < 0)
		own->count = 0;
	return error;
}

static int
import_key(struct tls_certified_key *own, gnutls_x509_privkey_t key)
{
	int error = gnutls_privkey_init(&own->key);

	if (error == 0)
		error = gnutls_privkey_import_x509(
		    own->key, key, GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE);
	if (error < 0)
		gnutls_x509_privkey_deinit(key);
	return error;
}

static bool
has_same_issuers(
    const struct tls_certified_key *a, const struct tls_certified_key *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 1; i < a->count; i++) {
		const gnutls_datum_t *one = &a->chain[i].cert;
		const gnutls_datum_t *other = &b->chain[i].cert;

		if (one->size != other->size ||
		    memcmp(one->data, other->data, one->size) != 0)
			return false;
	}
	return true;
}

static void
free_issuers(struct tls_certified_key *own)
{
	for (unsigned i = 1; !own->borrows_issuers && i < own->count; i++)
		gnutls_pcert_deinit(&own->chain[i]);
}

static void
borrow_issuers(
    struct tls_certified_key *own, const struct tls_certified_key *like)
{
	free_issuers(own);
	own->borrows_issuers = true;
	for (unsigned i = 1; i < own->count; i++)
		own->chain[i] = like->chain[i];
}

int
tls_certified_key_init(struct tls_certified_key *own,
    const struct tls_chain *chain, gnutls_x509_privkey_t key,
    const struct tls_certified_key *like)
{
	int error;

	*own = (struct tls_certified_key){ .count = 0 };
	error = import_key(own, key);
	if (error == 0)
		error = import_chain(own, chain);
	if (error < 0) {
		tls_certified_key_free(own);
		return error;
	}
	if (like != NULL && has_same_issuers(own, like))
		borrow_issuers(own, like);
	return 0;
}

int
tls_certified_key_init_remote(struct tls_certified_key *own,
    const struct tls_chain *chain, struct tls_signer *signer, unsigned number)
{
	int error;

	*own = (struct tls_certified_key){ .count = 0 };
	error = import_chain(own, chain);
	if (error >= 0)
		error = tls_signer_key(
		    signer, number, own->chain[0].pubkey, &own->key);
	if (error < 0)
		tls_certified_key_free(own);
	return error < 0 ? error : 0;
}

void
tls_certified_key_free(struct tls_certified_key *own)
{
	free_issuers(own);
	if (own->count > 0)
		gnutls_pcert_deinit(&own->chain[0]);
	free(own->chain);
	if (own->key != NULL)
		gnutls_privkey_deinit(own->key);
	*own = (struct tls_certified_key){ .count = 0 };
}

/* GnuTLS calls back once in a handshake; nothing is copied, nor freed. */
/* NOLINTBEGIN(readability-function-size): it has eight parameters */
static int
on_retrieve(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
    gnutls_pcert_st **chain, unsigned *count, gnutls_ocsp_data_st **ocsp,
    unsigned *ocsp_count, gnutls_privkey_t *key, unsigned *flags)
{
	const struct tls_certified_key *own = gnutls_db_get_ptr(session);

	ASSERT(own != NULL);
	(void)info;
	*ocsp = NULL;
	*ocsp_count = 0;
	*flags = 0;
	*chain = own->chain;
	*count = own->count;
	*key = own->key;
	return 0;
}
/* NOLINTEND(readability-function-size) */

void
tls_certified_key_allow(gnutls_certificate_credentials_t x509)
{
	gnutls_certificate_set_retrieve_function3(x509, on_retrieve);
}

/* The pointer for a database of sessions, of which there is none, is free. */
void
tls_certified_key_set(
    gnutls_session_t session, const struct tls_certified_key *own)
{
	gnutls_db_set_ptr(session, (void *)(uintptr_t)own);
}
