/* chain: asks GnuTLS for certificates; see the header. */
#include "common/x509/chain.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/x509/datum.h"

void
tls_chain_free(struct tls_chain *chain)
{
	for (unsigned i = 0; i < chain->count; i++)
		gnutls_x509_crt_deinit(chain->crts[i]);
	gnutls_free(chain->crts);
	*chain = (struct tls_chain)TLS_CHAIN_INIT;
}

int
tls_chain_import(struct tls_chain *chain, const struct file_bytes *bytes,
    gnutls_x509_crt_fmt_t format)
{
	gnutls_datum_t datum = tls_datum_of(bytes);
	int error;

	ASSERT(chain->crts == NULL && chain->count == 0);
	error = gnutls_x509_crt_list_import2(
	    &chain->crts, &chain->count, &datum, format, 0);
	if (error < 0)
		*chain = (struct tls_chain)TLS_CHAIN_INIT;
	return error < 0 ? error : 0;
}

/* Both halves have the same identifier: a hash of the public one. */
bool
tls_chain_has_key(const struct tls_chain *chain, gnutls_x509_privkey_t key)
{
	uint8_t ids[2][32];
	size_t sizes[2] = { sizeof ids[0], sizeof ids[1] };

	ASSERT(chain->count > 0);
	return gnutls_x509_crt_get_key_id(chain->crts[0],
		   GNUTLS_KEYID_USE_SHA256, ids[0], &sizes[0]) >= 0 &&
	    gnutls_x509_privkey_get_key_id(
		key, GNUTLS_KEYID_USE_SHA256, ids[1], &sizes[1]) >= 0 &&
	    memcmp(ids[0], ids[1], sizeof ids[0]) == 0;
}

static enum close_reason
read_all(struct tls_chain *chain, const gnutls_datum_t *ders, unsigned count)
{
	chain->crts = gnutls_calloc(count, sizeof *chain->crts);
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

enum close_reason
tls_chain_read(
    struct tls_chain *chain, const gnutls_datum_t *ders, unsigned count)
{
	enum close_reason reason;

	*chain = (struct tls_chain)TLS_CHAIN_INIT;
	reason = read_all(chain, ders, count);
	if (reason != REASON_NONE)
		tls_chain_free(chain);
	return reason;
}
