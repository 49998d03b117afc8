/*
 * ticket: the session ticket that a ClientHello offers, and its age.
 *
 * GnuTLS takes one master key a session. A server that accepts several reads
 * the offered ticket's key name in a hook for the ClientHello, before GnuTLS
 * does, and sets the key that gave it.
 *
 * Borrows:	an offer points into the ClientHello, so it is good only as long
 *		as that is: until the hook returns.
 * Errors:	the peer wrote all of this: whatever it is, it is no ticket, or
 *		one whose age cannot be told, and never more than that.
 * Use:
 *	struct tls_ticket_offer offer;
 *	if (tls_ticket_offered(&offer, message))
 *		i = tls_ticket_keys_find(&keys, offer.bytes, time(NULL));
 */
#ifndef COMMON_TLS_TICKET_H
#define COMMON_TLS_TICKET_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/creds/ticket_keys.h"

struct tls_ticket_offer {
	const uint8_t *bytes; /* long enough to begin with a key name */
	size_t size;
	bool is_psk; /* an identity of TLS 1.3 (RFC 8446, 4.2.11); else of
			TLS 1.2 (RFC 5077, 3.2) */
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
 * identities of TLS 1.3 it is the first that has the length and the form of a
 * ticket of GnuTLS; one of TLS 1.2 counts if there is none of those.
 */
bool tls_ticket_offered(
    struct tls_ticket_offer *offer, const gnutls_datum_t *client_hello);

/*
 * When the ticket was made (TLS 1.3), or the session that it continues (TLS
 * 1.2, in whole seconds: such a ticket does not say more), in nanoseconds of
 * Unix time. -1 if it was not made with this key, not in the current or the
 * previous period of the time given, or by another library.
 */
int64_t tls_ticket_made_at_ns(const struct tls_ticket_offer *offer,
    const uint8_t key[static TLS_TICKET_KEY_SIZE], int64_t unix_s);

#endif
