/* tls_pair: two TLS sessions joined in memory; see the header. */
#include "tests/support/tls_pair.h"

#include <check.h>
#include <endian.h>
#include <string.h>

#include "common/tls/keys.h"
#include "common/tls/private.h"
#include "common/tls/records.h"
#include "tests/support/mutual.h"

enum {
	TAG_SIZE = 16
};

static uint8_t *
room(void *owner, size_t *n)
{
	struct tls_pair_side *side = owner;
	struct tls_pair_side *to = side->other;

	if (side->room == 0)
		return NULL;
	ck_assert_uint_lt(to->end, TLS_PAIR_SIZE);
	*n = TLS_PAIR_SIZE - to->end;
	if (*n > side->room)
		*n = side->room;
	return to->inbox + to->end;
}

static void
commit(void *owner, size_t n)
{
	struct tls_pair_side *side = owner;

	ck_assert_uint_le(n, side->room);
	side->other->end += n;
}

const struct tls_output tls_pair_output = { room, commit };

/* Under TLS 1.2, the nonce that each record of AES-GCM brings along. */
static size_t
explicit_size(const struct tls *tls)
{
	return tls->is_tls13 ||
		tls->agreed.cipher == GNUTLS_CIPHER_CHACHA20_POLY1305
	    ? 0
	    : 8;
}

static void
begin_side(struct tls_pair_side *side, struct tls_pair_side *other)
{
	side->other = other;
	side->begin = side->end = side->got_size = 0;
	side->records = 0;
	side->established = false;
	side->result = TLS_AGAIN;
	side->room = TLS_PAIR_SIZE;
	side->tls = &side->storage;
}

static void
open_side(struct tls_pair_side *side, struct tls_pair_side *other,
    struct tls_creds *creds, const char *peer_name)
{
	begin_side(side, other);
	ck_assert_int_eq(tls_init(side->tls, creds, peer_name), 0);
	tls_set_output(side->tls, &tls_pair_output, side);
}

void
tls_pair_open(struct tls_pair *p, struct tls_creds *client,
    struct tls_creds *server, const char *peer_name)
{
	open_side(&p->client, &p->server, client, peer_name);
	open_side(&p->server, &p->client, server, NULL);
}

/* Keys of the sender, from a traffic secret or as they are. */
static void
set_key(struct tls *tls, enum tls_way way, int sender)
{
	struct tls_key *key = &tls->keys[way];

	for (int i = 0; i < TLS_SECRET_MAX; i++)
		tls->secrets[way][i] = (uint8_t)(i * 7 + sender);
	if (tls->is_tls13)
		ck_assert(tls_key_derive(tls, way, "iv", key->iv, TLS_IV_SIZE));
	else
		memset(
		    key->iv, 0x5a + sender, TLS_IV_SIZE - explicit_size(tls));
}

static void
establish_side(struct tls_pair_side *side, struct tls_pair_side *other,
    const struct tls_agreed *agreed, bool is_server)
{
	begin_side(side, other);
	*side->tls = (struct tls){ .agreed = *agreed,
		.is_tls13 = agreed->version == GNUTLS_TLS1_3,
		.is_server = is_server,
		.established = true,
		.sent_max = TLS_RECORD_MAX };
	tls_set_output(side->tls, &tls_pair_output, side);
	set_key(side->tls, TLS_IN, !is_server);
	set_key(side->tls, TLS_OUT, is_server);
	side->established = true;
}

void
tls_pair_establish(struct tls_pair *p, int suite)
{
	const struct tls_agreed agreed = {
		.version = suite % 2 == 0 ? GNUTLS_TLS1_3 : GNUTLS_TLS1_2,
		.cipher = suite < 2 ? GNUTLS_CIPHER_AES_128_GCM
		    : suite < 4     ? GNUTLS_CIPHER_CHACHA20_POLY1305
				    : GNUTLS_CIPHER_AES_256_GCM,
		.hash = suite < 4 ? GNUTLS_MAC_SHA256 : GNUTLS_MAC_SHA384,
	};

	ck_assert_int_lt(suite, MUTUAL_OURS);
	establish_side(&p->client, &p->server, &agreed, false);
	establish_side(&p->server, &p->client, &agreed, true);
}

void
tls_pair_close(struct tls_pair *p)
{
	tls_fini(p->client.tls);
	tls_fini(p->server.tls);
}

/* Every record goes to got, until the session wants more. */
static void
read_all(struct tls_pair_side *side, struct tls_input *in)
{
	const uint8_t *bytes;
	size_t n;

	while ((side->result = tls_read(side->tls, in, &bytes, &n)) == TLS_OK) {
		ck_assert_uint_ge(n, 1);
		ck_assert_uint_le(n, TLS_RECORD_MAX);
		ck_assert_uint_le(n, TLS_PAIR_SIZE - side->got_size);
		memcpy(side->got + side->got_size, bytes, n);
		side->got_size += n;
		side->records++;
	}
}

static void
advance(struct tls_pair_side *side, struct tls_input *in)
{
	if (!side->established) {
		side->result = tls_handshake(side->tls, in);
		if (side->result != TLS_OK)
			return;
		side->established = true;
	}
	read_all(side, in);
}

bool
tls_pair_step(struct tls_pair_side *side, size_t n)
{
	static _Thread_local uint8_t piece[TLS_PAIR_SIZE];
	size_t left = side->end - side->begin;
	struct tls_input in;

	if (side->result == TLS_FAIL || side->result == TLS_EOF)
		return false;
	if (n > left)
		n = left;
	/* A copy that is gone afterwards: a session must not look back. */
	memcpy(piece, side->inbox + side->begin, n);
	side->begin += n;
	in = (struct tls_input){ .bytes = piece, .n = n };
	advance(side, &in);
	if (side->result == TLS_AGAIN)
		ck_assert_uint_eq(in.n, 0);
	ck_assert(side->tls->gnutls == NULL || side->tls->gnutls->in == NULL);
	memset(piece, 0xdb, n);
	return n > 0;
}

void
tls_pair_run(struct tls_pair *p, size_t n)
{
	bool moved;

	do {
		size_t client_inbox = p->client.end;
		size_t server_inbox = p->server.end;

		moved = tls_pair_step(&p->client, n);
		moved = tls_pair_step(&p->server, n) || moved;
		moved = moved || client_inbox != p->client.end ||
		    server_inbox != p->server.end;
	} while (moved);
}

static const char *
reason_of(const struct tls_pair_side *side)
{
	return side->result == TLS_FAIL
	    ? close_reason_text(tls_reason(side->tls))
	    : "not failed";
}

void
tls_pair_handshake(struct tls_pair *p, size_t n)
{
	tls_pair_run(p, n);
	ck_assert_msg(p->client.established && p->server.established,
	    "client: %s, server: %s", reason_of(&p->client),
	    reason_of(&p->server));
}

uint64_t
tls_pair_write(struct tls_pair_side *side, const void *bytes, size_t n)
{
	uint64_t records = 0;

	ck_assert_int_eq(tls_write(side->tls, bytes, n, &records), TLS_OK);
	return records;
}

void
tls_pair_hang_up(struct tls_pair_side *side)
{
	advance(side->other, &(struct tls_input){ .ended = true });
}

struct gnutls_session_int *
tls_pair_keep_session(struct tls_pair_side *side)
{
	ck_assert(!side->established);
	side->tls->gnutls->wants_ticket = true;
	return side->tls->gnutls->session;
}

void
tls_pair_send(struct tls_pair_side *side, int type, const void *bytes, size_t n)
{
	struct tls_pair_side *to = side->other;
	size_t size;

	ck_assert_ptr_null(side->tls->gnutls);
	ck_assert_uint_lt(n + TLS_OVERHEAD_MAX, TLS_PAIR_SIZE - to->end);
	size = tls_record_seal(side->tls, type, bytes, n, to->inbox + to->end);
	ck_assert_uint_gt(size, n);
	to->end += size;
}

static void
put_header(uint8_t *to, int type, int version, size_t size)
{
	const uint8_t header[TLS_HEADER_SIZE] = { (uint8_t)type,
		(uint8_t)(version >> 8), (uint8_t)version, (uint8_t)(size >> 8),
		(uint8_t)size };

	memcpy(to, header, sizeof header);
}

void
tls_pair_forge(struct tls_pair_side *side, int type, int version,
    const void *inner, size_t n)
{
	struct tls *tls = side->tls;
	uint64_t number = htobe64(tls_key_number(tls, TLS_OUT));
	uint8_t *to = side->other->inbox + side->other->end;
	const size_t visible = explicit_size(tls);
	size_t sealed = n + TAG_SIZE;
	uint8_t nonce[TLS_IV_SIZE], extra[8 + TLS_HEADER_SIZE];

	ck_assert_uint_lt(
	    n + TLS_OVERHEAD_MAX, TLS_PAIR_SIZE - side->other->end);
	put_header(to, type, version, visible + sealed);
	memcpy(nonce, tls->keys[TLS_OUT].iv, sizeof nonce);
	for (size_t i = 0; i < sizeof number; i++)
		nonce[4 + i] ^= ((const uint8_t *)&number)[i];
	memcpy(to + TLS_HEADER_SIZE, nonce + 4, visible);
	memcpy(extra, &number, sizeof number);
	put_header(
	    extra + 8, type, version, tls->is_tls13 ? visible + sealed : n);
	ck_assert_int_eq(
	    gnutls_aead_cipher_encrypt(tls_key_cipher(tls, TLS_OUT), nonce,
		sizeof nonce, tls->is_tls13 ? extra + 8 : extra,
		tls->is_tls13 ? TLS_HEADER_SIZE : sizeof extra, TAG_SIZE, inner,
		n, to + TLS_HEADER_SIZE + visible, &sealed),
	    0);
	side->other->end += TLS_HEADER_SIZE + visible + sealed;
}

void
tls_pair_refused(struct tls_pair_side *side, int description)
{
	struct tls_pair_side *peer = side->other;
	size_t n = peer->end - peer->begin;

	ck_assert_int_eq(side->result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(side->tls), REASON_PROTOCOL);
	ck_assert_uint_gt(n, TLS_HEADER_SIZE);
	ck_assert_uint_eq(n, tls_record_size(peer->inbox + peer->begin));
	tls_pair_step(peer, n);
	ck_assert_int_eq(peer->result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(peer->tls), REASON_PEER_ALERT);
	ck_assert_int_eq(peer->tls->peer_alert, description);
}
