/*
 * ticket: finds the ticket in a ClientHello; see the header.
 *
 * A ticket of GnuTLS is (after RFC 5077, 4):
 *	key name 16 | IV 16 | size 2 | state, AES-256-CBC | HMAC-SHA1 20
 */
#include "common/tls/ticket.h"

#include "common/creds/ticket_keys.h"
#include "common/tls/view.h"

enum {
	IV_SIZE = 16,
	BLOCK_SIZE = 16,
	MAC_SIZE = 20,
	AGE_SIZE = 4, /* of an identity, obfuscated */
};

const uint8_t *
tls_ticket_key_name(struct view v)
{
	const uint8_t *name = view_take(&v, TLS_TICKET_NAME_SIZE);
	struct view state;

	if (view_take(&v, IV_SIZE) == NULL || !view_vector(&v, 2, &state) ||
	    v.left != MAC_SIZE || state.left == 0 ||
	    state.left % BLOCK_SIZE != 0)
		return NULL;
	return name;
}

const uint8_t *
tls_ticket_of_identities(struct view extension)
{
	const uint8_t *name = NULL;
	struct view identities, identity;

	if (!view_vector(&extension, 2, &identities))
		return NULL;
	while (name == NULL && view_vector(&identities, 2, &identity) &&
	    view_take(&identities, AGE_SIZE) != NULL)
		name = tls_ticket_key_name(identity);
	return name;
}
