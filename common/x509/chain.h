/*
 * chain: the certificates that a peer has sent.
 *
 * Owns:	the parsed certificates.
 * Borrows:	the DER of a session, for a call.
 * Use:
 *	if (tls_chain_read(&chain, session) == REASON_NONE) ...
 *	tls_chain_free(&chain);
 */
#ifndef COMMON_X509_CHAIN_H
#define COMMON_X509_CHAIN_H

#include <gnutls/x509.h>

#include "common/base/close_reason.h"

/* As sent: the leaf is first. */
struct tls_chain {
	gnutls_x509_crt_t *crts;
	unsigned count;
};

/* REASON_NONE, or what is wrong; to be freed in any case. */
enum close_reason tls_chain_read(
    struct tls_chain *chain, gnutls_session_t session);
void tls_chain_free(struct tls_chain *chain);

#endif
