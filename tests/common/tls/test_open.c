/*
 * test_open: what a peer may do in an established session besides sending
 * data: empty records, alerts, renegotiation, key updates.
 */
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/tls/private.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/record.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	TLS12 = 1,
	FLOOD = 100,
};

/* For loop tests: before and after data has gone past the session. */
enum {
	TLS13_STATES = 2
};
static const int tls13_states[TLS13_STATES] = { 0, MUTUAL_WARM };

static struct tls_pair p;
static struct mutual m;

static void
setup(int version)
{
	mutual_init(&m, mutual_versions[version]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	if (version == MUTUAL_WARM)
		tls_pair_warm_up(&p);
}

/* To do with it what tls itself would not. */
static gnutls_session_t
session_of(struct tls_pair_side *side)
{
	tls_path_use_session(side->tls);
	return side->tls->session;
}

static void
teardown(void)
{
	tls_pair_close(&p);
	mutual_fini(&m);
}

static void
still_echoes(void)
{
	p.server.got_size = p.client.got_size = 0;
	tls_pair_write(&p.client, "hello", 5);
	tls_pair_run(&p, 1);
	ck_assert_uint_eq(p.server.got_size, 5);
	ck_assert_mem_eq(p.server.got, "hello", 5);
	tls_pair_write(&p.server, "world", 5);
	tls_pair_run(&p, 1);
	ck_assert_uint_eq(p.client.got_size, 5);
	ck_assert_mem_eq(p.client.got, "world", 5);
}

/*
 * GnuTLS does not send an empty record under TLS 1.2, but others do: made by
 * hand (RFC 5246, 6.2.3.3; RFC 5288, 3).
 */
static void
send_empty_record_12(struct tls_pair_side *from)
{
	gnutls_session_t session = session_of(from);
	gnutls_cipher_algorithm_t cipher = gnutls_cipher_get(session);
	gnutls_datum_t mac, iv, key;
	gnutls_aead_cipher_hd_t aead;
	uint8_t seq[8], nonce[12], extra[13];
	uint8_t record[5 + 8 + 16] = { 23, 3, 3, 0, 8 + 16 };
	size_t tag_size = 16;

	ck_assert_int_eq(
	    gnutls_record_get_state(session, 0, &mac, &iv, &key, seq), 0);
	ck_assert_uint_eq(iv.size, 4); /* GCM, that is */
	memcpy(nonce, iv.data, 4);
	memcpy(nonce + 4, seq, 8);
	memcpy(extra, seq, 8);
	memcpy(extra + 8, (const uint8_t[]){ 23, 3, 3, 0, 0 }, 5);
	memcpy(record + 5, seq, 8);
	ck_assert_int_eq(gnutls_aead_cipher_init(&aead, cipher, &key), 0);
	ck_assert_int_eq(
	    gnutls_aead_cipher_encrypt(aead, nonce, sizeof nonce, extra,
		sizeof extra, 16, NULL, 0, record + 13, &tag_size),
	    0);
	gnutls_aead_cipher_deinit(aead);
	memcpy(from->other->inbox + from->other->end, record, sizeof record);
	from->other->end += sizeof record;
	record_set_number(
	    session, RECORD_WRITE, record_number(session, RECORD_WRITE) + 1);
}

static void
send_empty_record(struct tls_pair_side *from)
{
	if (gnutls_protocol_get_version(session_of(from)) == GNUTLS_TLS1_2)
		send_empty_record_12(from);
	else
		ck_assert_int_eq(
		    gnutls_record_send2(session_of(from), "", 0, 1, 0), 0);
}

/* RFC 8446, 5.1: zero-length fragments of application data may be sent. */
TEST_LOOP(empty_records_are_not_the_end, MUTUAL_STATES)
{
	setup(_i);
	for (int i = 0; i < 3; i++)
		send_empty_record(&p.client);
	ck_assert_uint_gt(p.server.end, p.server.begin);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_AGAIN);
	still_echoes();
	ck_assert_uint_eq(p.server.records, 1);
	teardown();
}

TEST_LOOP(empty_record_before_data_in_one_piece, MUTUAL_STATES)
{
	setup(_i);
	send_empty_record(&p.client);
	tls_pair_write(&p.client, "hello", 5);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_AGAIN);
	ck_assert_uint_eq(p.server.got_size, 5);
	teardown();
}

static void
warn(struct tls_pair_side *from)
{
	ck_assert_int_eq(gnutls_alert_send(session_of(from), GNUTLS_AL_WARNING,
			     GNUTLS_A_USER_CANCELED),
	    0);
}

TEST(some_warnings_are_passed_over)
{
	setup(TLS12);
	for (int i = 0; i < 8; i++)
		warn(&p.client);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_AGAIN);
	still_echoes();
	warn(&p.client);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);
	teardown();
}

/* RFC 8446, 6: whatever its level says. */
TEST_LOOP(under_tls13_alerts_are_fatal, TLS13_STATES)
{
	setup(tls13_states[_i]);
	warn(&p.client);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PEER_ALERT);
	teardown();
}

TEST_LOOP(a_fatal_alert_ends_it, MUTUAL_STATES)
{
	setup(_i);
	ck_assert_int_eq(gnutls_alert_send(session_of(&p.client),
			     GNUTLS_AL_FATAL, GNUTLS_A_ACCESS_DENIED),
	    0);
	tls_pair_run(&p, 1);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PEER_ALERT);
	ck_assert_str_eq(tls_peer_alert(p.server.tls), "Access was denied");
	/* An alert is not answered. */
	ck_assert_uint_eq(p.client.begin, p.client.end);
	teardown();
}

/* The client is told why (RFC 5246, 7.2.2), and that this was the end. */
TEST(renegotiation_is_refused)
{
	struct tls_input in = { .bytes = NULL };
	gnutls_session_t client;

	setup(TLS12);
	client = session_of(&p.client);
	p.client.tls->in = &in;
	ck_assert_int_eq(gnutls_handshake(client), GNUTLS_E_AGAIN);
	ck_assert_uint_gt(p.server.end, p.server.begin);
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);

	in = (struct tls_input){ .bytes = p.client.inbox + p.client.begin,
		.n = p.client.end - p.client.begin };
	ck_assert_int_eq(
	    gnutls_handshake(client), GNUTLS_E_WARNING_ALERT_RECEIVED);
	ck_assert_int_eq(gnutls_alert_get(client), GNUTLS_A_NO_RENEGOTIATION);
	ck_assert_int_eq(
	    gnutls_handshake(client), GNUTLS_E_FATAL_ALERT_RECEIVED);
	ck_assert_int_eq(gnutls_alert_get(client), GNUTLS_A_UNEXPECTED_MESSAGE);
	teardown();
}

/* The other way round: HelloRequest to our client. */
TEST(hello_request_is_refused)
{
	setup(TLS12);
	ck_assert_int_eq(gnutls_rehandshake(session_of(&p.server)), 0);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.client.result, TLS_AGAIN);
	ck_assert_uint_eq(p.client.tls->warnings, 1);
	for (int i = 0; i < FLOOD; i++)
		(void)gnutls_rehandshake(session_of(&p.server));
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.client.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.client.tls), REASON_PROTOCOL);
	teardown();
}

TEST_LOOP(key_updates_are_followed, TLS13_STATES)
{
	setup(tls13_states[_i]);
	ck_assert_int_eq(
	    gnutls_session_key_update(session_of(&p.client), 0), 0);
	still_echoes();
	ck_assert_int_eq(
	    gnutls_session_key_update(session_of(&p.client), GNUTLS_KU_PEER),
	    0);
	still_echoes();
	/* And in front of data in the same piece. */
	ck_assert_int_eq(
	    gnutls_session_key_update(session_of(&p.server), GNUTLS_KU_PEER),
	    0);
	p.client.got_size = 0;
	tls_pair_write(&p.server, "behind", 6);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_uint_eq(p.client.got_size, 6);
	still_echoes();
	teardown();
}

TEST_LOOP(a_flood_of_key_updates_ends_it, TLS13_STATES)
{
	setup(tls13_states[_i]);
	for (int i = 0; i < FLOOD; i++)
		(void)gnutls_session_key_update(
		    session_of(&p.client), GNUTLS_KU_PEER);
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);
	teardown();
}

/* A second authentication after the handshake is not asked for, nor given. */
TEST_LOOP(client_hello_under_tls13, TLS13_STATES)
{
	static const uint8_t hello[] = { 22, 3, 3, 0, 4, 1, 0, 0, 0 };

	setup(tls13_states[_i]);
	memcpy(p.server.inbox + p.server.end, hello, sizeof hello);
	p.server.end += sizeof hello;
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);
	teardown();
}

SUITE("common/tls/open")
