/*
 * observer: lets a client look on while its handshake goes on, and finish it
 * with a server whose certificate is not good: for a program that explains what
 * is wrong, and sends nothing that is worth protecting.
 *
 * Use:		between tls_init and the first tls_handshake:
 *	static const struct tls_observer observer = { on_message, on_verdict };
 *	tls_observe(&tls, &observer, owner);
 */
#ifndef COMMON_TLS_OBSERVER_H
#define COMMON_TLS_OBSERVER_H

#include <gnutls/gnutls.h>
#include <stdbool.h>

#include "common/base/close_reason.h"

struct tls;

struct tls_observer {
	/*
	 * A message of the handshake, type and body (RFC 8446, 4; RFC 5246,
	 * 7.4), before it is sent, or before GnuTLS reads it. The body is valid
	 * during the call.
	 */
	void (*on_message)(void *owner, unsigned type, bool is_incoming,
	    const gnutls_datum_t *body);
	/* The server's certificate has been judged: NONE, or why it is not
	 * good. The handshake goes on in both cases. */
	void (*on_verdict)(void *owner, enum close_reason reason);
};

/* Of a client's session. The observer must outlive it. */
void tls_observe(
    struct tls *tls, const struct tls_observer *observer, void *owner);

#endif
