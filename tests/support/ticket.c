/* ticket: session tickets by hand; see the header. */
#include "tests/support/ticket.h"

#include <check.h>
#include <gnutls/crypto.h>
#include <string.h>

static gnutls_cipher_hd_t
cipher_of(const struct tls_ticket_secrets *secrets, const uint8_t iv[static 16])
{
	uint8_t key_copy[32];
	uint8_t iv_copy[16];
	gnutls_datum_t key_datum = { key_copy, sizeof key_copy };
	gnutls_datum_t iv_datum = { iv_copy, sizeof iv_copy };
	gnutls_cipher_hd_t cipher;

	memcpy(key_copy, secrets->cipher_key, sizeof key_copy);
	memcpy(iv_copy, iv, sizeof iv_copy);
	ck_assert_int_eq(gnutls_cipher_init(&cipher, GNUTLS_CIPHER_AES_256_CBC,
			     &key_datum, &iv_datum),
	    0);
	return cipher;
}

size_t
ticket_open(uint8_t *state, const uint8_t *ticket, size_t size,
    const struct tls_ticket_secrets *secrets)
{
	gnutls_cipher_hd_t cipher = cipher_of(secrets, ticket + 16);
	size_t state_size = size - TICKET_FRAME;

	ck_assert_mem_eq(ticket, secrets->name, 16);
	ck_assert_uint_eq(state_size, (size_t)ticket[32] << 8 | ticket[33]);
	ck_assert_int_eq(gnutls_cipher_decrypt2(cipher, ticket + 34, state_size,
			     state, state_size),
	    0);
	gnutls_cipher_deinit(cipher);
	return state_size;
}

size_t
ticket_seal(uint8_t *ticket, const uint8_t *state, size_t size,
    const struct tls_ticket_secrets *secrets)
{
	gnutls_cipher_hd_t cipher;

	memcpy(ticket, secrets->name, 16);
	memset(ticket + 16, 0, 16);
	ticket[32] = (uint8_t)(size >> 8);
	ticket[33] = (uint8_t)size;
	cipher = cipher_of(secrets, ticket + 16);
	ck_assert_int_eq(
	    gnutls_cipher_encrypt2(cipher, state, size, ticket + 34, size), 0);
	gnutls_cipher_deinit(cipher);
	ck_assert_int_eq(gnutls_hmac_fast(GNUTLS_MAC_SHA1, secrets->mac_key, 16,
			     ticket, 34 + size, ticket + 34 + size),
	    0);
	return size + TICKET_FRAME;
}
