/*
 * test_input_limit: how much a session takes in that is neither data nor a step
 * of the handshake.
 */
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
	HANDSHAKE = 22, /* ContentType */
	STATES = 2,
};

/* For loop tests: before and after data has gone past the session. */
static const int states[STATES] = { 0, MUTUAL_WARM };

static struct tls_pair p;
static struct mutual m;

static void
setup(int state)
{
	mutual_init(&m, mutual_versions[state]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	if (state == MUTUAL_WARM)
		tls_pair_warm_up(&p);
}

static void
teardown(void)
{
	tls_pair_close(&p);
	mutual_fini(&m);
}

/* From the client, content and type as they are. */
static void
send_inner(const uint8_t *inner, size_t n)
{
	tls_path_use_session(p.client.tls);
	p.server.end += record_send(
	    p.client.tls->session, inner, n, p.server.inbox + p.server.end);
}

/* Pieces of handshake messages that say nothing: GnuTLS would keep them all. */
TEST_LOOP(empty_messages_without_end, STATES)
{
	unsigned sent = 0;

	setup(states[_i]);
	while (p.server.result != TLS_FAIL) {
		ck_assert_uint_lt(sent++, 300);
		send_inner((const uint8_t[]){ HANDSHAKE }, 1);
		tls_pair_run(&p, sent % 3 == 0 ? 7 : TLS_PAIR_SIZE);
	}
	ck_assert_uint_gt(sent, 200);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);
	ck_assert_int_eq(tls_reason(p.client.tls), REASON_PEER_ALERT);
	teardown();
}

/* All in one piece, of which no more is taken than that. */
TEST_LOOP(empty_messages_at_once, STATES)
{
	setup(states[_i]);
	for (int i = 0; i < 1000; i++)
		send_inner((const uint8_t[]){ HANDSHAKE }, 1);
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_uint_lt(p.server.tls->input_limit.cost, 260 * 1024);
	teardown();
}

/* A NewSessionTicket of 16 MiB, to whom may have one. */
TEST_LOOP(a_message_without_end, STATES)
{
	static uint8_t inner[TLS_RECORD_MAX + 1] = { 4, 0xff, 0xff, 0xff };
	size_t sent = 0;

	setup(states[_i]);
	inner[TLS_RECORD_MAX] = HANDSHAKE;
	while (p.client.result != TLS_FAIL) {
		ck_assert_uint_lt(sent, 300 * 1024);
		p.client.begin = p.client.end = 0;
		tls_path_use_session(p.server.tls);
		p.client.end = record_send(
		    p.server.tls->session, inner, sizeof inner, p.client.inbox);
		inner[0] = 0;
		sent += sizeof inner;
		tls_pair_step(&p.client, TLS_PAIR_SIZE);
	}
	inner[0] = 4;
	ck_assert_int_eq(tls_reason(p.client.tls), REASON_PROTOCOL);
	teardown();
}

/* Nor does data in between help. */
TEST_LOOP(empty_messages_and_data, STATES)
{
	unsigned sent = 0;

	setup(states[_i]);
	while (p.server.result != TLS_FAIL && p.client.result != TLS_FAIL) {
		ck_assert_uint_lt(sent++, 300);
		send_inner((const uint8_t[]){ HANDSHAKE }, 1);
		tls_pair_write(&p.client, "hello", 5);
		tls_pair_run(&p, sent % 3 == 0 ? 7 : TLS_PAIR_SIZE);
		if (p.server.result == TLS_AGAIN)
			tls_pair_write(&p.server, "hello", 5);
	}
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);
	teardown();
}

/* The same of strangers, who need not even have a certificate. */
TEST_LOOP(a_hello_without_end, MUTUAL_VERSIONS)
{
	static const uint8_t header[] = { HANDSHAKE, 3, 1, 0x40, 0 };
	static const uint8_t hello[] = { 1, 0xff, 0xff, 0xfc, 3, 3 };
	size_t taken = 0;

	mutual_init(&m, mutual_versions[_i]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	while (p.server.result != TLS_FAIL) {
		ck_assert_uint_lt(taken, 400 * 1024);
		p.server.begin = 0;
		p.server.end = sizeof header + 0x4000;
		memset(p.server.inbox, 0, p.server.end);
		memcpy(p.server.inbox, header, sizeof header);
		if (taken == 0)
			memcpy(p.server.inbox + sizeof header, hello,
			    sizeof hello);
		taken += p.server.end;
		tls_pair_step(&p.server, 20000);
	}
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);
	ck_assert_uint_gt(p.client.end, p.client.begin); /* an alert */
	teardown();
}

TEST_LOOP(new_keys_cost_nothing, STATES)
{
	setup(states[_i]);
	for (int i = 0; i < 6; i++) {
		tls_path_use_session(p.client.tls);
		ck_assert_int_eq(
		    gnutls_session_key_update(p.client.tls->session, 0), 0);
		tls_pair_run(&p, i % 2 == 0 ? TLS_PAIR_SIZE : 1);
		ck_assert_uint_eq(p.server.tls->input_limit.cost, 0);
	}
	teardown();
}

TEST_LOOP(data_costs_nothing, MUTUAL_VERSIONS)
{
	mutual_init(&m, mutual_versions[_i]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	tls_pair_handshake(&p, 100);
	for (int i = 0; i < 2000; i++) {
		tls_pair_write(&p.client, "hello", 5);
		tls_pair_run(&p, i % 2 == 0 ? TLS_PAIR_SIZE : 7);
		ck_assert_uint_eq(p.server.tls->input_limit.cost, 0);
	}
	ck_assert_uint_eq(p.server.got_size, 2000 * 5);
	teardown();
}

SUITE("common/tls/input_limit")
