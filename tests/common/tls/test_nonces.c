/*
 * test_nonces: that no key ever seals twice with the same nonce, which would
 * give it away (RFC 5116, 5.1.1), whatever else happens.
 */
#include <dlfcn.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/tls/keys.h"
#include "common/tls/records.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	ROLES = 2,
	KEY_MAX = 32,
	WORN = 1 << 24, /* no record of a key has this number */
	SESSIONS = 400,
	STEPS = 100,
	SEALS_MAX = 4096,
	CIPHERS_MAX = 8,
};

/* The key and the nonce that have sealed one record. */
struct seal {
	uint8_t key[KEY_MAX], nonce[TLS_IV_SIZE];
};

static struct tls_pair p;
static struct seal seals[SEALS_MAX];
static size_t seals_count;
static unsigned fails; /* how many calls from now GnuTLS has no memory */
static struct {
	gnutls_aead_cipher_hd_t cipher;
	uint8_t key[KEY_MAX];
} ciphers[CIPHERS_MAX];
static size_t ciphers_count;

/* The library has the function, too, that one of this program hides. */
static void
find_hidden(const char *name, void *function)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (found == NULL)
		abort();
	memcpy(function, &found, sizeof found);
}

static uint8_t *
key_of(gnutls_aead_cipher_hd_t cipher)
{
	size_t i = 0;

	while (i < ciphers_count && ciphers[i].cipher != cipher)
		i++;
	ck_assert_uint_lt(i, CIPHERS_MAX);
	ciphers[i].cipher = cipher;
	if (i == ciphers_count)
		ciphers_count++;
	return ciphers[i].key;
}

int
gnutls_aead_cipher_init(gnutls_aead_cipher_hd_t *handle,
    gnutls_cipher_algorithm_t cipher, const gnutls_datum_t *key)
{
	int (*hidden)(gnutls_aead_cipher_hd_t *, gnutls_cipher_algorithm_t,
	    const gnutls_datum_t *);
	int error;

	if (fails > 0 && --fails == 0)
		return GNUTLS_E_MEMORY_ERROR;
	find_hidden(__func__, &hidden);
	error = hidden(handle, cipher, key);
	ck_assert_int_eq(error, 0);
	ck_assert_uint_le(key->size, KEY_MAX);
	memset(key_of(*handle), 0, KEY_MAX);
	memcpy(key_of(*handle), key->data, key->size);
	return 0;
}

void
gnutls_aead_cipher_deinit(gnutls_aead_cipher_hd_t handle)
{
	void (*hidden)(gnutls_aead_cipher_hd_t);
	uint8_t *key = key_of(handle);

	for (size_t i = 0; i < ciphers_count; i++)
		if (ciphers[i].key == key)
			ciphers[i] = ciphers[--ciphers_count];
	find_hidden(__func__, &hidden);
	hidden(handle);
}

int
gnutls_hkdf_expand(gnutls_mac_algorithm_t mac, const gnutls_datum_t *key,
    const gnutls_datum_t *info, void *output, size_t size)
{
	int (*hidden)(gnutls_mac_algorithm_t, const gnutls_datum_t *,
	    const gnutls_datum_t *, void *, size_t);

	if (fails > 0 && --fails == 0)
		return GNUTLS_E_MEMORY_ERROR;
	find_hidden(__func__, &hidden);
	return hidden(mac, key, info, output, size);
}

int
gnutls_aead_cipher_encrypt(gnutls_aead_cipher_hd_t handle, const void *nonce,
    size_t nonce_size, const void *extra, size_t extra_size, size_t tag_size,
    const void *content, size_t n, void *to, size_t *to_size)
{
	int (*hidden)(gnutls_aead_cipher_hd_t, const void *, size_t,
	    const void *, size_t, size_t, const void *, size_t, void *,
	    size_t *);
	struct seal *seal = &seals[seals_count++];

	ck_assert_uint_lt(seals_count, SEALS_MAX);
	ck_assert_uint_eq(nonce_size, sizeof seal->nonce);
	memcpy(seal->key, key_of(handle), KEY_MAX);
	memcpy(seal->nonce, nonce, nonce_size);
	for (const struct seal *old = seals; old < seal; old++)
		if (memcmp(old, seal, sizeof *old) == 0)
			ck_abort_msg("a nonce is used again");
	if (fails > 0 && --fails == 0)
		return GNUTLS_E_MEMORY_ERROR;
	find_hidden(__func__, &hidden);
	return hidden(handle, nonce, nonce_size, extra, extra_size, tag_size,
	    content, n, to, to_size);
}

static unsigned
draw(unsigned limit)
{
	return (unsigned)rand() % limit;
}

/* The data of a side: each byte depends on its place alone. */
static uint8_t
byte_at(size_t place)
{
	return (uint8_t)(place * 31 + place / 256);
}

static void
reads_what_was_written(const struct tls_pair_side *side)
{
	for (size_t i = 0; i < side->got_size; i++)
		if (side->got[i] != byte_at(i))
			ck_abort_msg("byte %zu is not what was written", i);
}

static size_t written[ROLES];

static void
write_some(struct tls_pair_side *side)
{
	static uint8_t bytes[2 * TLS_RECORD_MAX];
	size_t *place = &written[side == &p.server];
	size_t n = draw(20) == 0 ? draw(sizeof bytes) : draw(100);
	uint64_t records;

	if (side->other->end + n > TLS_PAIR_SIZE / 2 ||
	    *place + n > TLS_PAIR_SIZE)
		return;
	for (size_t i = 0; i < n; i++)
		bytes[i] = byte_at(*place + i);
	*place += n;
	side->result = tls_write(side->tls, bytes, n, &records);
	if (side->result == TLS_OK)
		side->result = TLS_AGAIN;
}

/* Tells the other side of a new key, and perhaps asks for its new one. */
static void
ask_for_key(struct tls_pair_side *side)
{
	const uint8_t message[] = { 24, 0, 0, 1, (uint8_t)draw(2) };

	if (!side->tls->is_tls13 || side->tls->said_close_notify ||
	    side->room < TLS_PAIR_SIZE || tls_key_is_worn(side->tls) ||
	    fails > 0)
		return;
	tls_pair_send(side, TLS_HANDSHAKE, message, sizeof message);
	ck_assert(tls_key_update(side->tls, TLS_OUT));
}

/* Moves the numbers at both ends up, to where a key is nearly worn. */
static void
wear(struct tls_pair_side *side)
{
	struct tls_pair_side *other = side->other;
	uint64_t number = WORN - 2 - draw(8);

	if (other->begin == other->end && other->result == TLS_AGAIN &&
	    other->tls->partial == NULL &&
	    side->tls->keys[TLS_OUT].number < number &&
	    side->tls->keys[TLS_OUT].number == other->tls->keys[TLS_IN].number)
		side->tls->keys[TLS_OUT].number =
		    other->tls->keys[TLS_IN].number = number;
}

static void
fail_or_refuse(struct tls_pair_side *side)
{
	switch (draw(16)) {
	case 0:
		fails = 1 + draw(8);
		break;
	case 1:
		side->room = draw(3) == 0 ? draw(100) : 0;
		break;
	case 2:
		side->result = TLS_FAIL;
		tls_refuse(side->tls, REASON_REVOKED);
		break;
	case 3:
		if (side->begin < side->end)
			side->inbox[side->begin + draw(20)] ^= 1;
		break;
	default:
		fails = 0;
		side->room = TLS_PAIR_SIZE;
	}
}

/* A side that has failed does nothing; one that has read EOF may write. */
static void
do_something(struct tls_pair_side *side, bool mishaps)
{
	if (side->result == TLS_FAIL)
		return;
	switch (draw(12)) {
	case 0:
	case 1:
		ask_for_key(side);
		break;
	case 2:
		(void)tls_rest(side->tls);
		break;
	case 3:
		wear(side);
		break;
	case 4:
		if (draw(8) == 0)
			tls_close_notify(side->tls);
		break;
	case 5:
		if (mishaps)
			fail_or_refuse(side);
		break;
	case 6:
	case 7:
	case 8:
		tls_pair_step(side, draw(2) == 0 ? draw(60) : TLS_PAIR_SIZE);
		break;
	default:
		if (!side->tls->said_close_notify)
			write_some(side);
	}
}

static void
rewind_inbox(struct tls_pair_side *side)
{
	if (side->begin == side->end)
		side->begin = side->end = 0;
}

static void
establish(int suite)
{
	fails = 0;
	seals_count = 0;
	memset(written, 0, sizeof written);
	tls_pair_establish(&p, suite);
}

static void
talk_at_random(int suite, bool mishaps)
{
	establish(suite);
	for (int i = 0; i < STEPS; i++) {
		do_something(draw(2) == 0 ? &p.client : &p.server, mishaps);
		rewind_inbox(&p.client);
		rewind_inbox(&p.server);
	}
	reads_what_was_written(&p.client);
	reads_what_was_written(&p.server);
}

/* Encryption checks each key and nonce; see gnutls_aead_cipher_encrypt. */
TEST_WITH(no_nonce_twice, .loops = MUTUAL_OURS, .limit_s = 60)
{
	size_t sum = 0;

	srand(8446 + (unsigned)_i);
	for (int i = 0; i < SESSIONS; i++) {
		talk_at_random(_i, true);
		sum += seals_count;
		tls_pair_close(&p);
	}
	ck_assert_uint_gt(sum, (size_t)SESSIONS * STEPS / 10);
}

/* If memory does not fail and nobody tampers, all data arrives. */
TEST_WITH(all_arrives, .loops = MUTUAL_OURS, .limit_s = 60)
{
	srand(5246 + (unsigned)_i);
	for (int i = 0; i < SESSIONS; i++) {
		talk_at_random(_i, false);
		tls_pair_run(&p, 1 + draw(3000));
		ck_assert_uint_eq(p.server.got_size, written[0]);
		ck_assert_uint_eq(p.client.got_size, written[1]);
		tls_pair_close(&p);
	}
}

/* Whichever call fails for want of memory, only the session ends. */
TEST_LOOP(a_worn_key_that_cannot_be_changed, MUTUAL_OURS / 2)
{
	enum tls_result result = TLS_FAIL;
	uint64_t records;

	for (unsigned i = 0; result == TLS_FAIL; i++) {
		establish(2 * _i);
		p.server.tls->keys[TLS_OUT].number = WORN - 2;
		fails = i;
		p.server.room = i > 0 ? TLS_PAIR_SIZE : 0;
		result = tls_write(
		    p.server.tls, (const uint8_t *)"world", 5, &records);
		ck_assert_int_eq(result == TLS_FAIL, i == 0 || fails == 0);
		if (result == TLS_FAIL)
			ck_assert_int_eq(
			    tls_reason(p.server.tls), REASON_INTERNAL);
		else
			ck_assert_uint_gt(i, 5);
		tls_pair_close(&p);
	}
}

SUITE("common/tls/nonces")
