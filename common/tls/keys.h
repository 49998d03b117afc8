/*
 * keys: traffic keys, one for each direction, after the handshake.
 *
 * Under TLS 1.3 a key and its vector come of a secret, and an update of the key
 * is the next secret (RFC 8446, 7.2 and 7.3). Under TLS 1.2 there is one key.
 *
 * The cipher's handle is made when a record needs it. Nothing seals without
 * tls_key_number, which never returns a number twice for a key: a nonce that is
 * used again would give the key away.
 */
#ifndef COMMON_TLS_KEYS_H
#define COMMON_TLS_KEYS_H

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/tls/state.h"

enum {
	TLS_KEY_MAX = 32,    /* bytes, of AES-256 and ChaCha20 */
	TLS_NUMBER_SIZE = 8, /* of a record's number, in a nonce */
};

/* Under TLS 1.3, of the direction's secret; size is 16, 32 or TLS_IV_SIZE. */
bool tls_key_derive(const struct tls *tls, enum tls_way way, const char *label,
    uint8_t *to, size_t size);

/* The cipher of a direction; NULL: no memory. */
gnutls_aead_cipher_hd_t tls_key_cipher(struct tls *tls, enum tls_way way);

/* The number of the record that is sealed or opened now. */
uint64_t tls_key_number(struct tls *tls, enum tls_way way);

/*
 * Our key may seal only two more records (RFC 8446, 5.5): one that tells of the
 * next key, or is the last; and an alert, should there be no memory for that.
 * Never so under TLS 1.2, which has no other key.
 */
bool tls_key_is_worn(const struct tls *tls);

/* The next key of TLS 1.3; numbers begin at 0. False: no memory. */
bool tls_key_update(struct tls *tls, enum tls_way way);

/* Frees the handle. False: there was none. */
bool tls_key_rest(struct tls *tls, enum tls_way way);

#endif
