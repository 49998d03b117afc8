/*
 * ticket: finds the ticket in a ClientHello; see the header.
 *
 * A ticket of GnuTLS is (after RFC 5077, 4):
 *	key name 16 | IV 16 | size 2 | state, AES-256-CBC | HMAC-SHA1 20
 */
#include "common/tls/ticket.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

#include "common/creds/ticket_keys.h"
#include "common/tls/view.h"

enum {
	IV_SIZE = 16,
	BLOCK_SIZE = 16,
	MAC_SIZE = 20,
	AGE_SIZE = 4, /* of an identity, obfuscated */
	STATE_AT = TLS_TICKET_NAME_SIZE + IV_SIZE + 2,
	STATE_BEGIN = 352, /* in which a packed session begins */
};

/* It begins with this plus the version's number. */
#define SESSION_MAGIC UINT32_C(0xfadebadd)

const uint8_t *
tls_ticket_key_name(struct view ticket)
{
	const uint8_t *name = view_take(&ticket, TLS_TICKET_NAME_SIZE);
	struct view state;

	if (view_take(&ticket, IV_SIZE) == NULL ||
	    !view_vector(&ticket, 2, &state) || ticket.left != MAC_SIZE ||
	    state.left == 0 || state.left % BLOCK_SIZE != 0)
		return NULL;
	return name;
}

/* What GnuTLS puts before the session that it has packed into a ticket of TLS
 * 1.3: hash, age, lifetime, secret, nonce, size. NULL: that is not there. */
static const uint8_t *
skip_to_session(struct view *v)
{
	struct view secret, nonce;

	return view_take(v, 2 + 4 + 4) != NULL && view_vector(v, 1, &secret) &&
		view_vector(v, 1, &nonce)
	    ? view_take(v, 2)
	    : NULL;
}

/* The beginning of the state. False: no memory. */
static bool
decrypt(uint8_t state[static STATE_BEGIN], size_t size, const uint8_t *ticket,
    const struct tls_ticket_secrets *secrets)
{
	gnutls_datum_t key = { (uint8_t *)(uintptr_t)secrets->cipher_key,
		sizeof secrets->cipher_key };
	gnutls_datum_t iv = {
		(uint8_t *)(uintptr_t)ticket + TLS_TICKET_NAME_SIZE, IV_SIZE
	};
	gnutls_cipher_hd_t cipher;
	bool done;

	if (gnutls_cipher_init(&cipher, GNUTLS_CIPHER_AES_256_CBC, &key, &iv) <
	    0)
		return false;
	done = gnutls_cipher_decrypt2(
		   cipher, ticket + STATE_AT, size, state, size) == 0;
	gnutls_cipher_deinit(cipher);
	return done;
}

/* 3.7.9 is 0x030709. */
static uint32_t
version_number(void)
{
	const char *text = gnutls_check_version(NULL);
	uint32_t number = 0;

	for (int i = 0; i < 3; i++) {
		char *end;

		number = number << 8 | (uint32_t)strtoul(text, &end, 10);
		text = *end == '.' ? end + 1 : end;
	}
	return number;
}

bool
tls_ticket_is_of_other_version(const uint8_t *ticket, bool is_tls13,
    const struct tls_ticket_secrets *secrets)
{
	uint8_t state[STATE_BEGIN];
	size_t size = (size_t)ticket[STATE_AT - 2] << 8 | ticket[STATE_AT - 1];
	struct view v = { state, size < STATE_BEGIN ? size : STATE_BEGIN };
	uint32_t magic, version;
	bool known;

	known = decrypt(state, v.left, ticket, secrets) &&
	    (!is_tls13 || skip_to_session(&v) != NULL) &&
	    view_number(&v, 4, &magic);
	gnutls_memset(state, 0, sizeof state); /* a secret is in it */
	version = known ? magic - SESSION_MAGIC : 0;
	return version >> 16 == GNUTLS_VERSION_MAJOR &&
	    version != version_number();
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
