/* tls_chain: asks GnuTLS about the peer's certificates; see the header. */
#include "common/tls_chain.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

#define OID_TLS_FEATURES "1.3.6.1.5.5.7.1.24"

void
tls_chain_free(struct tls_chain *chain)
{
	for (unsigned i = 0; i < chain->count; i++)
		gnutls_x509_crt_deinit(chain->crts[i]);
	free(chain->crts);
}

enum end
tls_chain_read(struct tls_chain *chain, gnutls_session_t session)
{
	unsigned count = 0;
	const gnutls_datum_t *ders =
	    gnutls_certificate_get_peers(session, &count);

	chain->count = 0;
	chain->crts = calloc(count, sizeof(gnutls_x509_crt_t));
	if (chain->crts == NULL)
		return END_INTERNAL;
	while (chain->count < count) {
		gnutls_x509_crt_t *crt = &chain->crts[chain->count];

		if (gnutls_x509_crt_init(crt) < 0)
			return END_INTERNAL;
		chain->count++;
		if (gnutls_x509_crt_import(
			*crt, &ders[chain->count - 1], GNUTLS_X509_FMT_DER) < 0)
			return END_BAD_CERTIFICATE;
	}
	return END_COUNT;
}

/* The length first: two chains of the same bytes are cut differently. */
static bool
hash_one(gnutls_hash_hd_t hash, const gnutls_datum_t *der)
{
	uint64_t size = der->size;

	return gnutls_hash(hash, &size, sizeof size) == 0 &&
	    gnutls_hash(hash, der->data, der->size) == 0;
}

bool
tls_chain_hash(const gnutls_datum_t *ders, unsigned count,
    uint8_t key[static TLS_CHAIN_KEY])
{
	gnutls_hash_hd_t hash;
	bool done = true;

	if (gnutls_hash_init(&hash, GNUTLS_DIG_SHA256) < 0)
		return false;
	for (unsigned i = 0; i < count && done; i++)
		done = hash_one(hash, &ders[i]);
	gnutls_hash_deinit(hash, key);
	return done;
}

static bool
has_ocsp_response(gnutls_session_t session, unsigned count)
{
	gnutls_datum_t response;

	for (unsigned i = 0; i < count; i++)
		if (gnutls_ocsp_status_request_get2(session, i, &response) !=
		    GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			return true;
	return false;
}

bool
tls_chain_key(gnutls_session_t session, uint8_t key[static TLS_CHAIN_KEY])
{
	unsigned count = 0;
	const gnutls_datum_t *ders =
	    gnutls_certificate_get_peers(session, &count);

	return ders != NULL && count > 0 &&
	    gnutls_certificate_type_get2(session, GNUTLS_CTYPE_PEERS) ==
	    GNUTLS_CRT_X509 &&
	    !has_ocsp_response(session, count) &&
	    tls_chain_hash(ders, count, key);
}

bool
tls_chain_dates(gnutls_x509_crt_t crt, int64_t dates_s[static 2])
{
	time_t from = gnutls_x509_crt_get_activation_time(crt);
	time_t until = gnutls_x509_crt_get_expiration_time(crt);

	dates_s[0] = from;
	dates_s[1] = (int64_t)until + 1; /* the last second counts */
	return from != (time_t)-1 && until != (time_t)-1;
}

static bool
names_features(gnutls_x509_crt_t crt)
{
	size_t size = 0;

	return gnutls_x509_crt_get_extension_by_oid(crt, OID_TLS_FEATURES, 0,
		   NULL, &size, NULL) != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

bool
tls_chain_cut(
    const struct tls_chain *chain, struct tls_span *span, int64_t now_s)
{
	int64_t dates_s[2];

	for (unsigned i = 0; i < chain->count; i++) {
		if (names_features(chain->crts[i]) ||
		    !tls_chain_dates(chain->crts[i], dates_s))
			return false;
		tls_span_cut(span, dates_s[0], now_s);
		tls_span_cut(span, dates_s[1], now_s);
	}
	return true;
}
