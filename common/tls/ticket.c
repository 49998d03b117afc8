/*
 * ticket: finds the ticket in a ClientHello; see the header.
 *
 * A ticket of GnuTLS is (after RFC 5077, 4):
 *	key name 16 | IV 16 | size 2 | state, AES-256-CBC | HMAC-SHA1 20
 */
#include "common/tls/ticket.h"

enum {
	EXTENSION_SESSION_TICKET = 35, /* RFC 5077, 8 */
	EXTENSION_PRE_SHARED_KEY = 41, /* RFC 8446, 4.2 */
	EXTENSION_SUPPORTED_VERSIONS = 43,
	TLS13 = 0x0304,
	IV_SIZE = 16,
	BLOCK_SIZE = 16,
	MAC_SIZE = 20
};

/* What the extensions of a ClientHello say. */
struct hello {
	const uint8_t *psk_name;    /* of a ticket of TLS 1.3, or NULL */
	const uint8_t *ticket_name; /* of a ticket of TLS 1.2, or NULL */
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

/* The key name of a ticket, or NULL if these bytes do not look like one. */
static const uint8_t *
key_name(struct view v)
{
	const uint8_t *name = take(&v, TLS_TICKET_NAME_SIZE);
	struct view state;

	if (take(&v, IV_SIZE) == NULL || !take_vector(&v, 2, &state) ||
	    v.left != MAC_SIZE || state.left == 0 ||
	    state.left % BLOCK_SIZE != 0)
		return NULL;
	return name;
}

/* Of the first identity that looks like a ticket (RFC 8446, 4.2.11). */
static const uint8_t *
find_identity(struct view extension)
{
	const uint8_t *name = NULL;
	struct view identities, identity;

	if (!take_vector(&extension, 2, &identities))
		return NULL;
	while (name == NULL && take_vector(&identities, 2, &identity) &&
	    take(&identities, 4) != NULL) /* its obfuscated age */
		name = key_name(identity);
	return name;
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
	const struct view extension = { data, size };

	if (type == EXTENSION_PRE_SHARED_KEY)
		hello->psk_name = find_identity(extension);
	else if (type == EXTENSION_SUPPORTED_VERSIONS)
		hello->has_tls13 = find_tls13(extension);
	else if (type == EXTENSION_SESSION_TICKET)
		hello->ticket_name = key_name(extension);
	return 0;
}

bool
tls_ticket_offered(
    struct tls_ticket_offer *offer, const gnutls_datum_t *client_hello)
{
	struct hello hello = { .has_tls13 = false };
	/* A malformed message is GnuTLS's to refuse, after the hook. */
	bool read = gnutls_ext_raw_parse(&hello, on_extension, client_hello,
			GNUTLS_EXT_RAW_FLAG_TLS_CLIENT_HELLO) >= 0;

	*offer = (struct tls_ticket_offer){ .key_name = NULL };
	if (!read)
		return false;
	offer->key_name =
	    hello.psk_name != NULL ? hello.psk_name : hello.ticket_name;
	offer->is_mixed = hello.ticket_name != NULL && hello.has_tls13;
	return offer->key_name != NULL;
}
