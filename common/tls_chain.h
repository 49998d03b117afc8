/*
 * tls_chain: the chain that a peer has sent: its certificates, the key by which
 * it is known, and the dates at which a verdict on it may change.
 *
 * Owns:	the parsed certificates.
 * Borrows:	the DER of a session, for a call.
 * Use:
 *	if (tls_chain_read(&chain, session) == END_COUNT) ...
 *	tls_chain_free(&chain);
 */
#ifndef COMMON_TLS_CHAIN_H
#define COMMON_TLS_CHAIN_H

#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/ends.h"
#include "common/tls_chain_cache.h"

/* As sent: the leaf is first. */
struct tls_chain {
	gnutls_x509_crt_t *crts;
	unsigned count;
};

/* END_COUNT, or what is wrong; to be freed in any case. */
enum end tls_chain_read(struct tls_chain *chain, gnutls_session_t session);
void tls_chain_free(struct tls_chain *chain);

/* SHA-256 of all certificates and their lengths; false without memory. */
bool tls_chain_hash(const gnutls_datum_t *ders, unsigned count,
    uint8_t key[static TLS_CHAIN_KEY]);

/*
 * The same of a session's peer. False for one that a cache must not know:
 * without a certificate, or with something beside it that is judged, too (OCSP
 * responses, RFC 8446, 4.4.2.1).
 */
bool tls_chain_key(gnutls_session_t session, uint8_t key[static TLS_CHAIN_KEY]);

/*
 * Cuts the span at the dates of a good chain. False when the verdict depends on
 * more than time: a certificate that names TLS features (RFC 7633) is good only
 * in a session that has not asked for OCSP responses.
 */
bool tls_chain_cut(
    const struct tls_chain *chain, struct tls_span *span, int64_t now_s);

/* From when a certificate is valid, and from when it no longer is. */
bool tls_chain_dates(gnutls_x509_crt_t crt, int64_t dates_s[static 2]);

#endif
