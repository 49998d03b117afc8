/* keys: secrets, keys and numbers of records; see the header. */
#include "common/tls/keys.h"

#include <string.h>

#include "common/base/assertion.h"

enum {
	/* AES-GCM may seal 2^24.5 records of full size (RFC 8446, 5.5). */
	RECORDS_PER_KEY_MAX = 1 << 24,
	/* That tells of the next key, and an alert if that fails. */
	RECORDS_LAST = 2,
	LABEL_MAX = 32,
};

/* HKDF-Expand-Label without a context (RFC 8446, 7.1). */
bool
tls_key_derive(const struct tls *tls, enum tls_way way, const char *label,
    uint8_t *to, size_t size)
{
	gnutls_mac_algorithm_t hash = (gnutls_mac_algorithm_t)tls->agreed.hash;
	const gnutls_datum_t secret = {
		(unsigned char *)(uintptr_t)tls->secrets[way],
		(unsigned)gnutls_hmac_get_len(hash)
	};
	uint8_t info[2 + 1 + LABEL_MAX + 1] = { 0, (uint8_t)size };
	size_t label_size = strlen("tls13 ") + strlen(label);

	ASSERT(tls->is_tls13 && label_size <= LABEL_MAX);
	info[2] = (uint8_t)label_size;
	memcpy(info + 3, "tls13 ", strlen("tls13 "));
	memcpy(info + 3 + strlen("tls13 "), label, strlen(label));
	return gnutls_hkdf_expand(hash, &secret,
		   &(gnutls_datum_t){ info, (unsigned)(3 + label_size + 1) },
		   to, size) == 0;
}

static bool
make_cipher(struct tls *tls, enum tls_way way)
{
	gnutls_cipher_algorithm_t cipher =
	    (gnutls_cipher_algorithm_t)tls->agreed.cipher;
	size_t size = gnutls_cipher_get_key_size(cipher);
	uint8_t key[TLS_KEY_MAX];
	gnutls_datum_t datum = { key, (unsigned)size };
	bool made;

	ASSERT(tls->gnutls == NULL && size <= TLS_KEY_MAX);
	if (!tls->is_tls13)
		memcpy(key, tls->secrets[way], size);
	else if (!tls_key_derive(tls, way, "key", key, size))
		return false;
	made = gnutls_aead_cipher_init(
		   &tls->keys[way].cipher, cipher, &datum) == 0;
	if (!made)
		tls->keys[way].cipher = NULL;
	gnutls_memset(key, 0, sizeof key);
	return made;
}

gnutls_aead_cipher_hd_t
tls_key_cipher(struct tls *tls, enum tls_way way)
{
	struct tls_key *key = &tls->keys[way];

	if (key->cipher == NULL && !make_cipher(tls, way))
		return NULL;
	return key->cipher;
}

uint64_t
tls_key_number(struct tls *tls, enum tls_way way)
{
	struct tls_key *key = &tls->keys[way];

	ASSERT(
	    key->number < (way == TLS_OUT && tls->is_tls13 ? RECORDS_PER_KEY_MAX
							   : UINT64_MAX));
	return key->number++;
}

bool
tls_key_is_worn(const struct tls *tls)
{
	return tls->is_tls13 &&
	    tls->keys[TLS_OUT].number >= RECORDS_PER_KEY_MAX - RECORDS_LAST;
}

bool
tls_key_update(struct tls *tls, enum tls_way way)
{
	uint8_t next[TLS_SECRET_MAX];
	size_t size =
	    gnutls_hmac_get_len((gnutls_mac_algorithm_t)tls->agreed.hash);
	bool made = tls_key_derive(tls, way, "traffic upd", next, size);

	if (made) {
		memcpy(tls->secrets[way], next, size);
		tls_key_rest(tls, way);
		tls->keys[way].number = 0;
		made = tls_key_derive(
		    tls, way, "iv", tls->keys[way].iv, TLS_IV_SIZE);
	}
	gnutls_memset(next, 0, sizeof next);
	return made;
}

bool
tls_key_rest(struct tls *tls, enum tls_way way)
{
	struct tls_key *key = &tls->keys[way];

	if (key->cipher == NULL)
		return false;
	gnutls_aead_cipher_deinit(key->cipher);
	key->cipher = NULL;
	return true;
}
