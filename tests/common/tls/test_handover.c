/*
 * test_handover: which sessions' records become ours after the handshake, and
 * which stay with GnuTLS's session. Data passes in either case.
 */
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/tls/private.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static struct tls_pair p;
static struct mutual m;

static void
setup(int suite)
{
	mutual_init(&m, mutual_priorities[suite]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
}

static void
teardown(void)
{
	tls_pair_close(&p);
	mutual_fini(&m);
}

static void
echo(void)
{
	p.server.got_size = p.client.got_size = 0;
	tls_pair_write(&p.client, "hello", 5);
	tls_pair_run(&p, 1);
	ck_assert_uint_eq(p.server.got_size, 5);
	tls_pair_write(&p.server, "world", 5);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_uint_eq(p.client.got_size, 5);
}

TEST_LOOP(by_suite, MUTUAL_SUITES)
{
	const bool is_ours = _i < MUTUAL_OURS;

	setup(_i);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(p.server.tls->gnutls == NULL, is_ours);
		ck_assert_int_eq(p.client.tls->gnutls == NULL, is_ours);
		echo();
	}
	/* Only records of ours have handles of ciphers to give back. */
	ck_assert_int_eq(tls_rest(p.server.tls), is_ours);
	echo();
	teardown();
}

/* Under TLS 1.3 records need the secrets, which the key log tells. */
TEST_LOOP(secrets_that_are_missing, 2 * MUTUAL_VERSIONS)
{
	setup(_i % 2);
	(void)tls_pair_keep_session(&p.client);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	p.client.tls->gnutls->has_secret[_i / 2] = false;
	p.client.tls->gnutls->wants_ticket = false;
	echo();
	echo();
	ck_assert_int_eq(p.client.tls->gnutls == NULL, _i % 2 == 1);
	teardown();
}

/* After an update of a key, the secret of the handshake is not its own. */
TEST_LOOP(keys_of_another_secret, MUTUAL_OURS)
{
	gnutls_session_t session;

	setup(_i / 2 * 2);
	session = tls_pair_keep_session(&p.client);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(gnutls_session_key_update(
			     session, _i % 2 == 0 ? 0 : GNUTLS_KU_PEER),
	    0);
	p.client.tls->gnutls->wants_ticket = false;
	for (int i = 0; i < 3; i++)
		echo();
	ck_assert_ptr_nonnull(p.client.tls->gnutls);
	teardown();
}

/* GnuTLS has read a part of a record: the session is kept until it is whole. */
TEST_LOOP(handed_over_later, MUTUAL_OURS)
{
	setup(_i);
	(void)tls_pair_keep_session(&p.client);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	p.client.tls->gnutls->wants_ticket = false;
	tls_pair_write(&p.server, "world", 5);
	tls_pair_write(&p.server, "world", 5);
	tls_pair_step(&p.client, 10);
	ck_assert_ptr_nonnull(p.client.tls->gnutls);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_ptr_null(p.client.tls->gnutls);
	ck_assert_uint_eq(p.client.got_size, 10);
	for (int i = 0; i < 3; i++)
		echo();
	teardown();
}

SUITE("common/tls/handover")
