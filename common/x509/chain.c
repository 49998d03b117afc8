/* chain: asks GnuTLS about the peer's certificates; see the header. */
#include "common/x509/chain.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>

void
tls_chain_free(struct tls_chain *chain)
{
	for (unsigned i = 0; i < chain->count; i++)
		gnutls_x509_crt_deinit(chain->crts[i]);
	free(chain->crts);
}

enum close_reason
tls_chain_read(struct tls_chain *chain, gnutls_session_t session)
{
	unsigned count = 0;
	const gnutls_datum_t *ders =
	    gnutls_certificate_get_peers(session, &count);

	chain->count = 0;
	chain->crts = calloc(count, sizeof(gnutls_x509_crt_t));
	if (chain->crts == NULL)
		return REASON_INTERNAL;
	while (chain->count < count) {
		gnutls_x509_crt_t *crt = &chain->crts[chain->count];

		if (gnutls_x509_crt_init(crt) < 0)
			return REASON_INTERNAL;
		chain->count++;
		if (gnutls_x509_crt_import(
			*crt, &ders[chain->count - 1], GNUTLS_X509_FMT_DER) < 0)
			return REASON_BAD_CERTIFICATE;
	}
	return REASON_NONE;
}
