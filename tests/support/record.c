/* record: TLS records made by hand; see the header. */
#include "tests/support/record.h"

#include <check.h>
#include <gnutls/crypto.h>
#include <string.h>

enum {
	APPLICATION_DATA = 23,
	NONCE = 12,
	NUMBER = 8
};

uint64_t
record_number(gnutls_session_t session, enum record_way way)
{
	uint8_t bytes[NUMBER];
	uint64_t number = 0;

	ck_assert_int_eq(
	    gnutls_record_get_state(session, way, NULL, NULL, NULL, bytes), 0);
	for (int i = 0; i < NUMBER; i++)
		number = number << 8 | bytes[i];
	return number;
}

void
record_set_number(
    gnutls_session_t session, enum record_way way, uint64_t number)
{
	uint8_t bytes[NUMBER];

	for (int i = NUMBER - 1; i >= 0; i--, number >>= 8)
		bytes[i] = (uint8_t)number;
	ck_assert_int_eq(gnutls_record_set_state(session, way, bytes), 0);
}

size_t
record_forge(gnutls_session_t session,
    const uint8_t header[static RECORD_HEADER], const void *inner, size_t n,
    uint8_t *to)
{
	gnutls_datum_t iv, key;
	gnutls_aead_cipher_hd_t aead;
	uint8_t number[NUMBER], nonce[NONCE];
	size_t sealed = n + RECORD_TAG;

	ck_assert_int_eq(gnutls_record_get_state(
			     session, RECORD_WRITE, NULL, &iv, &key, number),
	    0);
	ck_assert_uint_eq(iv.size, sizeof nonce);
	memcpy(nonce, iv.data, sizeof nonce);
	for (int i = 0; i < NUMBER; i++)
		nonce[NONCE - NUMBER + i] ^= number[i];
	memcpy(to, header, RECORD_HEADER);
	ck_assert_int_eq(
	    gnutls_aead_cipher_init(&aead, gnutls_cipher_get(session), &key),
	    0);
	ck_assert_int_eq(gnutls_aead_cipher_encrypt(aead, nonce, sizeof nonce,
			     header, RECORD_HEADER, RECORD_TAG, inner, n,
			     to + RECORD_HEADER, &sealed),
	    0);
	gnutls_aead_cipher_deinit(aead);
	return RECORD_HEADER + sealed;
}

size_t
record_send(gnutls_session_t session, const void *inner, size_t n, uint8_t *to)
{
	const size_t sealed = n + RECORD_TAG;
	const uint8_t header[RECORD_HEADER] = { APPLICATION_DATA, 3, 3,
		(uint8_t)(sealed >> 8), (uint8_t)sealed };
	size_t size = record_forge(session, header, inner, n, to);

	record_set_number(
	    session, RECORD_WRITE, record_number(session, RECORD_WRITE) + 1);
	return size;
}
