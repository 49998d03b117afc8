/* records: what is around the content of a record; see the header. */
#include "common/tls/records.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/tls/keys.h"
#include "common/tls/session.h"

enum {
	TYPE_SIZE = 1,
	TAG_SIZE = 16,
	SALT_SIZE = TLS_IV_SIZE - TLS_NUMBER_SIZE,
	EXTRA_12_SIZE = TLS_NUMBER_SIZE + TLS_HEADER_SIZE,
	INNER_MAX = TLS_RECORD_MAX + TYPE_SIZE, /* padding included: 5.4 */
	EXPANSION_12_MAX = 2048,                /* RFC 5246, 6.2.3 */
};
_Static_assert(TLS_OVERHEAD_MAX == TLS_HEADER_SIZE + TLS_NUMBER_SIZE + TAG_SIZE,
    "TLS 1.2 with AES-GCM adds most");

static _Thread_local uint8_t opened[TLS_RECORD_MAX + EXPANSION_12_MAX];
static _Thread_local uint8_t to_seal[INNER_MAX];

static void
put_number(uint8_t to[static TLS_NUMBER_SIZE], uint64_t number)
{
	for (int i = TLS_NUMBER_SIZE - 1; i >= 0; i--, number >>= 8)
		to[i] = (uint8_t)number;
}

/*
 * The vector, its end combined with the number (RFC 8446, 5.3; RFC 7905). That
 * of AES-GCM under TLS 1.2 is a salt and zeros: there the number stands alone.
 */
static void
combine(uint8_t nonce[static TLS_IV_SIZE], const struct tls_key *key,
    uint64_t number)
{
	uint8_t bytes[TLS_NUMBER_SIZE];

	put_number(bytes, number);
	memcpy(nonce, key->iv, TLS_IV_SIZE);
	for (int i = 0; i < TLS_NUMBER_SIZE; i++)
		nonce[SALT_SIZE + i] ^= bytes[i];
}

static void
put_header(uint8_t to[static TLS_HEADER_SIZE], int type, size_t size)
{
	to[0] = (uint8_t)type;
	to[1] = 3;
	to[2] = 3;
	to[3] = (uint8_t)(size >> 8);
	to[4] = (uint8_t)size;
}

/* TLS 1.2: bytes of the nonce that each record of AES-GCM brings along. */
static size_t
explicit_size(const struct tls *tls)
{
	return tls->agreed.cipher == GNUTLS_CIPHER_CHACHA20_POLY1305
	    ? 0
	    : TLS_NUMBER_SIZE;
}

/* The version of TLS 1.3's is to be ignored (RFC 8446, 5.1). */
int
tls_record_check(const struct tls *tls, const uint8_t *header)
{
	size_t max = tls->is_tls13 ? INNER_MAX + TAG_SIZE
				   : TLS_RECORD_MAX + EXPANSION_12_MAX;

	if (tls->is_tls13
		? header[0] != TLS_APPLICATION_DATA
		: header[0] < TLS_ALERT || header[0] > TLS_APPLICATION_DATA)
		return GNUTLS_A_UNEXPECTED_MESSAGE;
	if (!tls->is_tls13 && (header[1] != 3 || header[2] != 3))
		return GNUTLS_A_PROTOCOL_VERSION;
	return tls_record_size(header) > TLS_HEADER_SIZE + max
	    ? GNUTLS_A_RECORD_OVERFLOW
	    : 0;
}

/* The content is followed by its type and any number of zeros. */
static int
take_type(const uint8_t *inner, size_t size, size_t *n)
{
	if (size > INNER_MAX)
		return -GNUTLS_A_RECORD_OVERFLOW;
	while (size > 0 && inner[size - 1] == 0)
		size--;
	if (size == 0)
		return -GNUTLS_A_UNEXPECTED_MESSAGE;
	*n = size - TYPE_SIZE;
	return inner[*n];
}

static int
open_13(struct tls *tls, gnutls_aead_cipher_hd_t cipher, const uint8_t *record,
    size_t size, size_t *n)
{
	uint8_t nonce[TLS_IV_SIZE];
	size_t inner = sizeof opened;

	combine(nonce, &tls->keys[TLS_IN], tls_key_number(tls, TLS_IN));
	if (gnutls_aead_cipher_decrypt(cipher, nonce, sizeof nonce, record,
		TLS_HEADER_SIZE, TAG_SIZE, record + TLS_HEADER_SIZE,
		size - TLS_HEADER_SIZE, opened, &inner) < 0)
		return -GNUTLS_A_BAD_RECORD_MAC;
	return take_type(opened, inner, n);
}

/* What else the tag of TLS 1.2 protects (RFC 5246, 6.2.3.3). */
static void
put_extra_12(
    uint8_t extra[static EXTRA_12_SIZE], uint64_t number, int type, size_t size)
{
	put_number(extra, number);
	put_header(extra + TLS_NUMBER_SIZE, type, size);
}

static int
open_12(struct tls *tls, gnutls_aead_cipher_hd_t cipher, const uint8_t *record,
    size_t size, size_t *n)
{
	const struct tls_key *key = &tls->keys[TLS_IN];
	uint64_t number = tls_key_number(tls, TLS_IN);
	size_t before = TLS_HEADER_SIZE + explicit_size(tls);
	uint8_t nonce[TLS_IV_SIZE], extra[EXTRA_12_SIZE];

	if (size < before + TAG_SIZE)
		return -GNUTLS_A_BAD_RECORD_MAC;
	combine(nonce, key, number);
	if (before > TLS_HEADER_SIZE)
		memcpy(nonce + SALT_SIZE, record + TLS_HEADER_SIZE,
		    TLS_NUMBER_SIZE);
	put_extra_12(extra, number, record[0], size - before - TAG_SIZE);
	*n = sizeof opened;
	if (gnutls_aead_cipher_decrypt(cipher, nonce, sizeof nonce, extra,
		sizeof extra, TAG_SIZE, record + before, size - before, opened,
		n) < 0)
		return -GNUTLS_A_BAD_RECORD_MAC;
	return *n > TLS_RECORD_MAX ? -GNUTLS_A_RECORD_OVERFLOW : record[0];
}

int
tls_record_open(struct tls *tls, const uint8_t *record, size_t size,
    const uint8_t **content, size_t *n)
{
	int alert = tls_record_check(tls, record);
	gnutls_aead_cipher_hd_t cipher;

	ASSERT(size == tls_record_size(record));
	if (alert != 0)
		return -alert;
	cipher = tls_key_cipher(tls, TLS_IN);
	if (cipher == NULL)
		return -GNUTLS_A_INTERNAL_ERROR;
	*content = opened;
	return tls->is_tls13 ? open_13(tls, cipher, record, size, n)
			     : open_12(tls, cipher, record, size, n);
}

static size_t
seal_13(struct tls *tls, gnutls_aead_cipher_hd_t cipher, int type,
    const uint8_t *content, size_t n, uint8_t *to)
{
	size_t sealed = n + TYPE_SIZE + TAG_SIZE;
	uint8_t nonce[TLS_IV_SIZE];

	if (n > 0)
		memcpy(to_seal, content, n);
	to_seal[n] = (uint8_t)type;
	put_header(to, TLS_APPLICATION_DATA, sealed);
	combine(nonce, &tls->keys[TLS_OUT], tls_key_number(tls, TLS_OUT));
	if (gnutls_aead_cipher_encrypt(cipher, nonce, sizeof nonce, to,
		TLS_HEADER_SIZE, TAG_SIZE, to_seal, n + TYPE_SIZE,
		to + TLS_HEADER_SIZE, &sealed) < 0)
		return 0;
	return TLS_HEADER_SIZE + sealed;
}

static size_t
seal_12(struct tls *tls, gnutls_aead_cipher_hd_t cipher, int type,
    const uint8_t *content, size_t n, uint8_t *to)
{
	uint64_t number = tls_key_number(tls, TLS_OUT);
	size_t visible = explicit_size(tls);
	size_t sealed = n + TAG_SIZE;
	uint8_t nonce[TLS_IV_SIZE], extra[EXTRA_12_SIZE];

	put_header(to, type, visible + sealed);
	combine(nonce, &tls->keys[TLS_OUT], number);
	if (visible > 0) /* the number itself, which never repeats */
		memcpy(
		    to + TLS_HEADER_SIZE, nonce + SALT_SIZE, TLS_NUMBER_SIZE);
	put_extra_12(extra, number, type, n);
	to += TLS_HEADER_SIZE + visible;
	if (gnutls_aead_cipher_encrypt(cipher, nonce, sizeof nonce, extra,
		sizeof extra, TAG_SIZE, content, n, to, &sealed) < 0)
		return 0;
	return TLS_HEADER_SIZE + visible + sealed;
}

size_t
tls_record_seal(
    struct tls *tls, int type, const uint8_t *content, size_t n, uint8_t *to)
{
	gnutls_aead_cipher_hd_t cipher = tls_key_cipher(tls, TLS_OUT);

	ASSERT(n <= TLS_RECORD_MAX);
	if (cipher == NULL)
		return 0;
	return tls->is_tls13 ? seal_13(tls, cipher, type, content, n, to)
			     : seal_12(tls, cipher, type, content, n, to);
}
