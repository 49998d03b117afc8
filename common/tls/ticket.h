/*
 * ticket: the session ticket that a ClientHello offers.
 *
 * GnuTLS takes one master key a session. A server that accepts several reads
 * the key name of the offered ticket in a hook for the ClientHello, before
 * GnuTLS does, and sets the key that gave the name. Whether the ticket is
 * authentic and young enough is for GnuTLS to say.
 *
 * Borrows:	names point into the ClientHello: they are good until the hook
 *		returns.
 * Errors:	the peer wrote all of this: what cannot be read is no ticket.
 * Use:
 *	tls_hello_read(&hello, message);
 *	name = tls_ticket_offered(&hello.ticket);
 *	if (name != NULL)
 *		i = tls_ticket_keys_find(&keys, name, time(NULL));
 */
#ifndef COMMON_TLS_TICKET_H
#define COMMON_TLS_TICKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct view;

struct tls_ticket_secrets;

/* Each begins with its key's name, of TLS_TICKET_NAME_SIZE bytes
 * (creds/ticket_keys.h), and has the form that GnuTLS gives it; or NULL. */
struct tls_ticket_offer {
	const uint8_t *psk_name;    /* of a ticket of TLS 1.3 */
	const uint8_t *ticket_name; /* of a ticket of TLS 1.2 */
	/*
	 * There is a ticket of TLS 1.2 in a hello that TLS 1.3 can answer. If
	 * that is what comes of it, GnuTLS 3.7 decrypts the ticket all the
	 * same, takes the session as resumed, sends no certificate, and the
	 * handshake fails. A server that speaks TLS 1.3 enables no tickets
	 * in such a session: it is then a full handshake.
	 */
	bool is_mixed;
};

/* The name that counts: a ticket of TLS 1.2 does if there is no other. */
static inline const uint8_t *
tls_ticket_offered(const struct tls_ticket_offer *offer)
{
	return offer->psk_name != NULL ? offer->psk_name : offer->ticket_name;
}

/* The key name of these bytes; NULL: they are not like a ticket of GnuTLS. */
const uint8_t *tls_ticket_key_name(struct view ticket);

/* Of the extension pre_shared_key (RFC 8446, 4.2.11): of the first identity
 * that has the length and the form of a ticket. */
const uint8_t *tls_ticket_of_identities(struct view extension);

/*
 * Whether another version of GnuTLS has made this ticket, of which it resumes
 * none: each writes a number of its own into it. False if that cannot be told.
 */
bool tls_ticket_is_of_other_version(const uint8_t *ticket, bool is_tls13,
    const struct tls_ticket_secrets *secrets);

#endif
