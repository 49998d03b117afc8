/*
 * test_handover: which sessions' records become ours after the handshake, and
 * which stay with GnuTLS's session. Data passes in either case.
 */
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/tls/keys.h"
#include "common/tls/private.h"
#include "common/tls/records.h"
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

static gnutls_datum_t handshake_secret;
static uint8_t secret_bytes[TLS_SECRET_MAX];

static int
keep_handshake_secret(
    gnutls_session_t session, const char *label, const gnutls_datum_t *secret)
{
	if (strcmp(label, "CLIENT_HANDSHAKE_TRAFFIC_SECRET") == 0) {
		handshake_secret =
		    (gnutls_datum_t){ secret_bytes, secret->size };
		memcpy(secret_bytes, secret->data, secret->size);
	}
	tls_keep_secret(gnutls_session_get_ptr(session), label, secret);
	return 0;
}

/* Puts bytes behind the client's last message, into its record. */
static void
append_to_finished(const uint8_t *bytes, size_t size)
{
	struct tls tls = { .is_tls13 = true, .agreed = p.client.tls->agreed };
	struct tls_pair_side *server = &p.server;
	uint8_t *last = NULL, message[200];
	const uint8_t *content;
	size_t n = 0;

	for (enum tls_way way = 0; way < TLS_WAYS; way++) {
		memcpy(tls.secrets[way], handshake_secret.data,
		    handshake_secret.size);
		ck_assert(tls_key_derive(
		    &tls, way, "iv", tls.keys[way].iv, TLS_IV_SIZE));
	}
	for (size_t at = server->begin; at < server->end;
	     at += tls_record_size(last)) {
		last = server->inbox + at;
		if (last[0] == TLS_APPLICATION_DATA)
			ck_assert_int_eq(
			    tls_record_open(&tls, last, tls_record_size(last),
				&content, &n),
			    TLS_HANDSHAKE);
	}
	ck_assert_uint_le(n + size, sizeof message);
	memcpy(message, content, n);
	ck_assert_int_eq(message[0], GNUTLS_HANDSHAKE_FINISHED);
	memcpy(message + n, bytes, size);
	tls.keys[TLS_OUT].number = tls.keys[TLS_IN].number - 1;
	server->end = (size_t)(last - server->inbox) +
	    tls_record_seal(&tls, TLS_HANDSHAKE, message, n + size, last);
	tls_fini(&tls);
}

/* Keys change behind it, so nothing may follow (RFC 8446, 5.1). */
TEST_LOOP(message_behind_finished, 3)
{
	static const uint8_t update[] = { 24, 0, 0, 1, 0 };
	static const uint8_t unknown[] = { 99, 0, 0, 0 };
	static const struct {
		const uint8_t *bytes;
		size_t size;
	} rows[] = { { update, sizeof update }, { update, 2 },
		{ unknown, sizeof unknown } };

	setup(0);
	gnutls_session_set_keylog_function(
	    p.client.tls->gnutls->session, keep_handshake_secret);
	tls_pair_step(&p.client, 0);
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	tls_pair_step(&p.client, TLS_PAIR_SIZE);
	append_to_finished(rows[_i].bytes, rows[_i].size);
	tls_pair_write(&p.client, "hello", 5);
	p.client.begin = p.client.end;
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	ck_assert_uint_eq(p.server.got_size, 0);
	tls_pair_refused(&p.server, GNUTLS_A_UNEXPECTED_MESSAGE);
	teardown();
}

SUITE("common/tls/handover")
