/* test_keys: updates of keys, with GnuTLS's; keys that wear out, and rest. */
#include "common/tls/keys.h"

#include <gnutls/gnutls.h>

#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	ROLES = 2,
	WORN = 1 << 24, /* no record of a key has this number */
};

static struct tls_pair p;
static struct mutual m;

static void
set_numbers(struct tls_pair_side *side, uint64_t number)
{
	side->tls->keys[TLS_OUT].number = number;
	side->other->tls->keys[TLS_IN].number = number;
}

static void
echo(void)
{
	p.server.got_size = p.client.got_size = 0;
	tls_pair_write(&p.client, "hello", 5);
	tls_pair_write(&p.server, "world", 5);
	tls_pair_run(&p, 7);
	ck_assert_uint_eq(p.server.got_size, 5);
	ck_assert_uint_eq(p.client.got_size, 5);
}

TEST_LOOP(a_worn_key_is_changed, MUTUAL_OURS)
{
	tls_pair_establish(&p, _i);
	set_numbers(&p.client, WORN - 20);
	set_numbers(&p.server, WORN - 10);
	for (int i = 0; i < 40; i++)
		echo();
	if (p.server.tls->is_tls13) {
		ck_assert_uint_lt(p.server.tls->keys[TLS_OUT].number, 40);
		ck_assert_uint_lt(p.client.tls->keys[TLS_OUT].number, 40);
	} else /* which has no other key */
		ck_assert_uint_eq(
		    p.client.tls->keys[TLS_OUT].number, WORN + 20);
	tls_pair_close(&p);
}

/* A cipher that has been given back is made again when it is needed. */
TEST_LOOP(rests, MUTUAL_OURS)
{
	tls_pair_establish(&p, _i);
	ck_assert(!tls_rest(p.server.tls));
	for (int i = 0; i < 5; i++) {
		echo();
		ck_assert(tls_rest(p.server.tls));
		ck_assert(!tls_rest(p.server.tls));
		ck_assert_ptr_null(p.server.tls->keys[TLS_IN].cipher);
		ck_assert_ptr_null(p.server.tls->keys[TLS_OUT].cipher);
	}
	echo();
	tls_pair_close(&p);
}

/* The client or the server is GnuTLS's, with either hash. */
TEST_LOOP(updates_with_gnutls, MUTUAL_OURS / 2 * ROLES)
{
	struct tls_pair_side *peer = _i % ROLES == 0 ? &p.client : &p.server;
	struct tls_key *keys;
	gnutls_session_t session;

	mutual_init(&m, mutual_priorities[_i / ROLES * 2]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	session = tls_pair_keep_session(peer);
	keys = peer->other->tls->keys;
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	for (int i = 0; i < 6; i++) { /* it minds more than 8 a second */
		echo();
		echo();
		ck_assert_uint_ge(keys[TLS_OUT].number, 2);
		ck_assert_int_eq(gnutls_session_key_update(
				     session, i % 2 == 0 ? GNUTLS_KU_PEER : 0),
		    0);
		tls_pair_run(&p, TLS_PAIR_SIZE);
		ck_assert_uint_eq(keys[TLS_IN].number, 0);
		if (i % 2 == 0) /* was asked for */
			ck_assert_uint_eq(keys[TLS_OUT].number, 0);
		peer->other->tls->owes_key = i == 4; /* not asked for */
	}
	echo();
	tls_pair_close(&p);
	mutual_fini(&m);
}

SUITE("common/tls/keys")
