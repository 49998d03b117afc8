/* records: application data under TLS 1.3; see the header. */
#include "common/tls/records.h"

#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/assertion.h"
#include "common/tls/session.h"

enum {
	APPLICATION_DATA = 23, /* ContentType, RFC 8446, 5.1 */
	HEADER_SIZE = 5,
	TYPE_SIZE = 1,
	TAG_SIZE = 16,
	NONCE_SIZE = 12,
	NUMBER_SIZE = 8,
	KEY_SIZE_MAX = 32,
	INNER_MAX = TLS_RECORD_MAX + TYPE_SIZE, /* padding included: 5.4 */
	/* AES-GCM may seal 2^24.5 records of full size (RFC 8446, 5.5). */
	RECORDS_PER_KEY_MAX = 1 << 24,
};
_Static_assert(TLS_RECORDS_OVERHEAD == HEADER_SIZE + TYPE_SIZE + TAG_SIZE,
    "a record is its header, content, type and tag");

/* One cache line: all that a record needs, except for the cipher's tables. */
struct direction {
	_Alignas(TLS_CACHE_LINE) gnutls_aead_cipher_hd_t cipher;
	uint64_t number; /* of the next record */
	uint8_t iv[NONCE_SIZE];
	uint8_t key_size;
	bool is_taken;
	uint8_t key[KEY_SIZE_MAX]; /* compared with the session's, when taken */
};
_Static_assert(sizeof(struct direction) == TLS_CACHE_LINE, "one cache line");

struct tls_records {
	struct direction in, out;
};

static _Thread_local uint8_t opened[INNER_MAX];
static _Thread_local uint8_t to_seal[INNER_MAX];

static void
put_number(uint8_t to[static NUMBER_SIZE], uint64_t number)
{
	for (int i = NUMBER_SIZE - 1; i >= 0; i--, number >>= 8)
		to[i] = (uint8_t)number;
}

static uint64_t
get_number(const uint8_t from[static NUMBER_SIZE])
{
	uint64_t number = 0;

	for (int i = 0; i < NUMBER_SIZE; i++)
		number = number << 8 | from[i];
	return number;
}

static void
drop_key(struct direction *d)
{
	if (d->cipher != NULL)
		gnutls_aead_cipher_deinit(d->cipher);
	gnutls_memset(d, 0, sizeof *d);
}

static bool
set_key(struct direction *d, gnutls_cipher_algorithm_t algorithm,
    const gnutls_datum_t *key)
{
	if (d->cipher != NULL && d->key_size == key->size &&
	    memcmp(d->key, key->data, key->size) == 0)
		return true;
	drop_key(d);
	if (gnutls_aead_cipher_init(&d->cipher, algorithm, key) < 0) {
		d->cipher = NULL;
		return false;
	}
	memcpy(d->key, key->data, key->size);
	d->key_size = (uint8_t)key->size;
	return true;
}

static bool
take(struct direction *d, gnutls_session_t session, bool read)
{
	gnutls_datum_t iv, key;
	uint8_t number[NUMBER_SIZE];

	if (gnutls_record_get_state(session, read, NULL, &iv, &key, number) <
		0 ||
	    iv.size != NONCE_SIZE || key.size > KEY_SIZE_MAX ||
	    !set_key(d, gnutls_cipher_get(session), &key))
		return false;
	memcpy(d->iv, iv.data, NONCE_SIZE);
	d->number = get_number(number);
	return true;
}

static bool
is_supported(gnutls_session_t session)
{
	if (gnutls_protocol_get_version(session) != GNUTLS_TLS1_3)
		return false;
	switch (gnutls_cipher_get(session)) {
	case GNUTLS_CIPHER_AES_128_GCM:
	case GNUTLS_CIPHER_AES_256_GCM:
	case GNUTLS_CIPHER_CHACHA20_POLY1305:
		return true;
	default:
		return false;
	}
}

bool
tls_records_take(struct tls_records **records, gnutls_session_t session)
{
	struct tls_records *r = *records;

	if (r == NULL) {
		if (!is_supported(session))
			return false;
		r = *records = aligned_alloc(TLS_CACHE_LINE, sizeof *r);
		if (r == NULL)
			return false;
		memset(r, 0, sizeof *r);
	}
	ASSERT(!r->in.is_taken && !r->out.is_taken);
	r->in.is_taken = r->out.is_taken =
	    take(&r->in, session, true) && take(&r->out, session, false);
	return r->in.is_taken;
}

static void
give_back(struct direction *d, gnutls_session_t session, bool read)
{
	uint8_t number[NUMBER_SIZE];
	int error;

	ASSERT(d->is_taken);
	d->is_taken = false;
	put_number(number, d->number);
	error = gnutls_record_set_state(session, read, number);
	ASSERT(error == 0);
}

void
tls_records_give_back(struct tls_records *records, gnutls_session_t session)
{
	give_back(&records->in, session, true);
	give_back(&records->out, session, false);
}

void
tls_records_free(struct tls_records **records)
{
	struct tls_records *r = *records;

	*records = NULL;
	if (r == NULL)
		return;
	drop_key(&r->in);
	drop_key(&r->out);
	free(r);
}

/* The vector, its end combined with the sequence number (RFC 8446, 5.3). */
static void
make_nonce(uint8_t nonce[static NONCE_SIZE], const struct direction *d)
{
	uint8_t number[NUMBER_SIZE];

	put_number(number, d->number);
	memcpy(nonce, d->iv, NONCE_SIZE);
	for (int i = 0; i < NUMBER_SIZE; i++)
		nonce[NONCE_SIZE - NUMBER_SIZE + i] ^= number[i];
}

/* The first record's size, if it is whole and of application data; else 0. */
static size_t
record_size(const uint8_t *in, size_t n)
{
	size_t size;

	if (n < HEADER_SIZE || in[0] != APPLICATION_DATA || in[1] != 3 ||
	    in[2] != 3)
		return 0;
	size = (size_t)in[3] << 8 | in[4];
	if (size < TYPE_SIZE + TAG_SIZE || size > INNER_MAX + TAG_SIZE ||
	    n < HEADER_SIZE + size)
		return 0;
	return HEADER_SIZE + size;
}

/*
 * The content is followed by its type and any number of zeros. Returns the
 * offset of the type if that is application data; else -1.
 */
static ptrdiff_t
find_type(const uint8_t *inner, size_t n)
{
	while (n > 0 && inner[n - 1] == 0)
		n--;
	if (n == 0 || inner[n - 1] != APPLICATION_DATA)
		return -1;
	return (ptrdiff_t)n - TYPE_SIZE;
}

size_t
tls_records_open(struct tls_records *records, const uint8_t *in, size_t n,
    const uint8_t **content, size_t *size)
{
	struct direction *d = &records->in;
	size_t record = record_size(in, n);
	size_t inner = sizeof opened;
	uint8_t nonce[NONCE_SIZE];
	ptrdiff_t type;

	ASSERT(d->is_taken);
	if (record == 0)
		return 0;
	make_nonce(nonce, d);
	/* A record that is not authentic may overwrite opened, too. */
	if (gnutls_aead_cipher_decrypt(d->cipher, nonce, sizeof nonce, in,
		HEADER_SIZE, TAG_SIZE, in + HEADER_SIZE, record - HEADER_SIZE,
		opened, &inner) < 0)
		return 0;
	type = find_type(opened, inner);
	if (type < 0)
		return 0;
	*content = opened;
	*size = (size_t)type;
	d->number++;
	return record;
}

bool
tls_records_needs_new_key(const struct tls_records *records)
{
	return records->out.number >= RECORDS_PER_KEY_MAX;
}

int
tls_records_seal(
    struct tls_records *records, const uint8_t *content, size_t n, uint8_t *to)
{
	struct direction *d = &records->out;
	size_t sealed = n + TYPE_SIZE + TAG_SIZE;
	uint8_t nonce[NONCE_SIZE];
	int error;

	ASSERT(n >= 1 && n <= TLS_RECORD_MAX);
	ASSERT(d->is_taken && d->number < RECORDS_PER_KEY_MAX);
	memcpy(to_seal, content, n);
	to_seal[n] = APPLICATION_DATA;
	to[0] = APPLICATION_DATA;
	to[1] = 3;
	to[2] = 3;
	to[3] = (uint8_t)(sealed >> 8);
	to[4] = (uint8_t)sealed;
	make_nonce(nonce, d);
	error = gnutls_aead_cipher_encrypt(d->cipher, nonce, sizeof nonce, to,
	    HEADER_SIZE, TAG_SIZE, to_seal, n + TYPE_SIZE, to + HEADER_SIZE,
	    &sealed);
	if (error == 0)
		d->number++;
	return error;
}
