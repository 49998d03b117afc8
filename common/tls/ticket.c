/*
 * ticket: tickets as GnuTLS 3.7 makes them; see the header.
 *
 * A ticket is (after RFC 5077, 4):
 *	key name 16 | IV 16 | size 2 | state, AES-256-CBC | HMAC-SHA1 20
 */
#include "common/tls/ticket.h"

#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>

enum {
	EXTENSION_SESSION_TICKET = 35, /* RFC 5077, 8 */
	EXTENSION_PRE_SHARED_KEY = 41, /* RFC 8446, 4.2 */
	EXTENSION_SUPPORTED_VERSIONS = 43,
	TLS13 = 0x0304,
	IV_SIZE = 16,
	BLOCK_SIZE = 16,
	MAC_SIZE = 20
};

#define NS_PER_S INT64_C(1000000000)

/* What the extensions of a ClientHello say. */
struct hello {
	struct tls_ticket_offer *offer;
	bool has_tls12_ticket;
	bool has_tls13;
};

/* Bytes that have not been read yet. */
struct view {
	const uint8_t *at;
	size_t left;
};

static const uint8_t *
take(struct view *v, size_t n)
{
	const uint8_t *taken = v->at;

	if (n > v->left)
		return NULL;
	v->at += n;
	v->left -= n;
	return taken;
}

/* Big-endian, of at most 8 bytes. */
static bool
take_number(struct view *v, size_t size, uint64_t *number)
{
	const uint8_t *bytes = take(v, size);

	*number = 0;
	if (bytes == NULL)
		return false;
	for (size_t i = 0; i < size; i++)
		*number = *number << 8 | bytes[i];
	return true;
}

/* A vector that its size precedes (RFC 8446, 3.4). */
static bool
take_vector(struct view *v, size_t size_bytes, struct view *vector)
{
	uint64_t size;

	if (!take_number(v, size_bytes, &size))
		return false;
	vector->left = (size_t)size;
	vector->at = take(v, vector->left);
	return vector->at != NULL;
}

/* The state of a ticket, or false if these bytes do not look like one. */
static bool
find_state(const uint8_t *ticket, size_t size, struct view *state)
{
	struct view v = { ticket, size };

	return take(&v, TLS_TICKET_NAME_SIZE + IV_SIZE) != NULL &&
	    take_vector(&v, 2, state) && v.left == MAC_SIZE &&
	    state->left > 0 && state->left % BLOCK_SIZE == 0;
}

static void
find_identity(struct tls_ticket_offer *offer, struct view extension)
{
	struct view identities, identity, state;

	if (!take_vector(&extension, 2, &identities))
		return;
	while (take_vector(&identities, 2, &identity) &&
	    take(&identities, 4) != NULL) { /* its obfuscated age */
		if (!find_state(identity.at, identity.left, &state))
			continue;
		offer->bytes = identity.at;
		offer->size = identity.left;
		offer->is_psk = true;
		return;
	}
}

static bool
find_tls13(struct view extension)
{
	struct view versions;
	uint64_t version;

	if (!take_vector(&extension, 1, &versions))
		return false;
	while (take_number(&versions, 2, &version))
		if (version == TLS13)
			return true;
	return false;
}

static int
on_extension(void *ctx, unsigned type, const unsigned char *data, unsigned size)
{
	struct hello *hello = ctx;
	struct view extension = { data, size };
	struct view state;

	if (type == EXTENSION_PRE_SHARED_KEY) {
		find_identity(hello->offer, extension);
	} else if (type == EXTENSION_SUPPORTED_VERSIONS) {
		hello->has_tls13 = find_tls13(extension);
	} else if (type == EXTENSION_SESSION_TICKET &&
	    find_state(data, size, &state)) {
		hello->has_tls12_ticket = true;
		if (hello->offer->is_psk)
			return 0;
		hello->offer->bytes = data;
		hello->offer->size = size;
	}
	return 0;
}

bool
tls_ticket_offered(
    struct tls_ticket_offer *offer, const gnutls_datum_t *client_hello)
{
	struct hello hello = { .offer = offer };

	*offer = (struct tls_ticket_offer){ .bytes = NULL };
	/* A malformed message is GnuTLS's to refuse, after the hook. */
	if (gnutls_ext_raw_parse(&hello, on_extension, client_hello,
		GNUTLS_EXT_RAW_FLAG_TLS_CLIENT_HELLO) < 0)
		return false;
	offer->is_mixed = hello.has_tls12_ticket && hello.has_tls13;
	return offer->bytes != NULL;
}

static bool
is_authentic(const struct tls_ticket_offer *offer,
    const struct tls_ticket_secrets *secrets)
{
	size_t signed_size = offer->size - MAC_SIZE;
	uint8_t mac[MAC_SIZE];

	return gnutls_hmac_fast(GNUTLS_MAC_SHA1, secrets->mac_key,
		   sizeof secrets->mac_key, offer->bytes, signed_size,
		   mac) == 0 &&
	    gnutls_memcmp(mac, offer->bytes + signed_size, MAC_SIZE) == 0;
}

static bool
decrypt(uint8_t *plain, struct view state, const uint8_t iv[static IV_SIZE],
    struct tls_ticket_secrets *secrets)
{
	uint8_t iv_copy[IV_SIZE];
	gnutls_datum_t key_datum = { secrets->cipher_key,
		sizeof secrets->cipher_key };
	gnutls_datum_t iv_datum = { iv_copy, sizeof iv_copy };
	gnutls_cipher_hd_t cipher;
	int result;

	memcpy(iv_copy, iv, IV_SIZE);
	if (gnutls_cipher_init(
		&cipher, GNUTLS_CIPHER_AES_256_CBC, &key_datum, &iv_datum) < 0)
		return false;
	result = gnutls_cipher_decrypt2(
	    cipher, state.at, state.left, plain, state.left);
	gnutls_cipher_deinit(cipher);
	return result == 0;
}

/*
 * TLS 1.3: PRF 2 | age_add 4 | lifetime 4 | secret <1> | nonce <1> |
 * session <2> | made at: seconds 8, nanoseconds 4 | padding
 */
static int64_t
made_at_of_psk(struct view v)
{
	struct view skipped;
	uint64_t s, ns;

	if (take(&v, 2 + 4 + 4) == NULL || !take_vector(&v, 1, &skipped) ||
	    !take_vector(&v, 1, &skipped) || !take_vector(&v, 2, &skipped) ||
	    !take_number(&v, 8, &s) || !take_number(&v, 4, &ns))
		return -1;
	if (s >= INT64_MAX / NS_PER_S || ns >= (uint64_t)NS_PER_S)
		return -1;
	return (int64_t)s * NS_PER_S + (int64_t)ns;
}

/* TLS 1.2: a session as it would be stored in a cache. */
static int64_t
made_at_of_session(gnutls_datum_t entry)
{
	time_t made = gnutls_db_check_entry_time(&entry);

	return made > 0 ? (int64_t)made * NS_PER_S : -1;
}

static int64_t
open_ticket(
    const struct tls_ticket_offer *offer, struct tls_ticket_secrets *secrets)
{
	struct view state;
	uint8_t *plain;
	int64_t made_at_ns = -1;

	if (!find_state(offer->bytes, offer->size, &state) ||
	    !is_authentic(offer, secrets))
		return -1;
	plain = malloc(state.left);
	if (plain == NULL)
		return -1;
	if (decrypt(plain, state, offer->bytes + TLS_TICKET_NAME_SIZE, secrets))
		made_at_ns = offer->is_psk
		    ? made_at_of_psk((struct view){ plain, state.left })
		    : made_at_of_session(
			  (gnutls_datum_t){ plain, (unsigned)state.left });
	explicit_bzero(plain, state.left);
	free(plain);
	return made_at_ns;
}

int64_t
tls_ticket_made_at_ns(const struct tls_ticket_offer *offer,
    const uint8_t key[static TLS_TICKET_KEY_SIZE], int64_t unix_s)
{
	struct tls_ticket_secrets secrets;
	int64_t made_at_ns;

	if (!tls_ticket_key_is_of(&secrets, key, offer->bytes, unix_s))
		return -1;
	made_at_ns = open_ticket(offer, &secrets);
	gnutls_memset(&secrets, 0, sizeof secrets);
	return made_at_ns;
}
