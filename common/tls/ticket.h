/*
 * ticket: the session ticket that a ClientHello offers.
 *
 * GnuTLS takes one master key a session. A server that accepts several reads
 * the key name of the offered ticket in a hook for the ClientHello, before
 * GnuTLS does, and sets the key that gave the name. Whether the ticket is
 * authentic and young enough is for GnuTLS to say.
 *
 * Borrows:	an offer points into the ClientHello: it is good until the hook
 *		returns.
 * Errors:	the peer wrote all of this: what cannot be read is no ticket.
 * Use:
 *	struct tls_ticket_offer offer;
 *	if (tls_ticket_offered(&offer, message))
 *		i = tls_ticket_keys_find(&keys, offer.key_name, time(NULL));
 */
#ifndef COMMON_TLS_TICKET_H
#define COMMON_TLS_TICKET_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/creds/ticket_keys.h"

struct tls_ticket_offer {
	const uint8_t *key_name; /* TLS_TICKET_NAME_SIZE bytes, or NULL */
	/*
	 * There is a ticket of TLS 1.2 in a hello that TLS 1.3 can answer. If
	 * that is what comes of it, GnuTLS 3.7 decrypts the ticket all the
	 * same, takes the session as resumed, sends no certificate, and the
	 * handshake fails. A server that speaks TLS 1.3 enables no tickets
	 * in such a session: it is then a full handshake.
	 */
	bool is_mixed;
};

/*
 * The message is what a GNUTLS_HOOK_PRE of the ClientHello is given. Of the
 * identities of TLS 1.3 the first that has the length and the form of a ticket
 * of GnuTLS counts; a ticket of TLS 1.2 counts if there is none of those.
 */
bool tls_ticket_offered(
    struct tls_ticket_offer *offer, const gnutls_datum_t *client_hello);

#endif
