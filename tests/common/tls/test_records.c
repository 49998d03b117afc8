/*
 * test_records: records opened and sealed outside a session, against GnuTLS
 * itself at the other end.
 */
#include "common/tls/records.h"

#include <gnutls/gnutls.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common/tls/session.h"
#include "tests/support/raw_tls.h"
#include "tests/support/record.h"
#include "tests/support/suite.h"

enum {
	CIPHERS = 3,
	LIMIT = 1 << 24, /* records of a key */
	APPLICATION_DATA = 23,
};

static const char *const ciphers[CIPHERS] = {
	RAW_TLS_13 ":-CIPHER-ALL:+AES-128-GCM",
	RAW_TLS_13 ":-CIPHER-ALL:+AES-256-GCM",
	RAW_TLS_13 ":-CIPHER-ALL:+CHACHA20-POLY1305",
};

/* The server's records are ours, the client's are GnuTLS's. */
static struct raw_tls r;
static struct tls_records *records;
static uint8_t data[TLS_RECORD_MAX];

static void
setup(const char *priority)
{
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 11 + i / 253);
	raw_tls_open(&r, priority, GNUTLS_NO_TICKETS);
	raw_tls_handshake(&r);
	ck_assert_ptr_null(records);
}

static void
teardown(void)
{
	tls_records_free(&records);
	ck_assert_ptr_null(records);
	raw_tls_close(&r);
}

/* What we can open of what waits for the server. */
static size_t
open_one(const uint8_t **content, size_t *n)
{
	struct raw_tls_side *side = &r.server;
	size_t used = tls_records_open(records, side->inbox + side->begin,
	    side->end - side->begin, content, n);

	side->begin += used;
	return used;
}

static void
opens(const void *expected, size_t size)
{
	const uint8_t *content;
	size_t n;

	ck_assert_uint_gt(open_one(&content, &n), size);
	ck_assert_uint_eq(n, size);
	ck_assert_mem_eq(content, expected, size);
}

static void
opens_nothing(void)
{
	const uint8_t *content;
	size_t n;

	ck_assert_uint_eq(open_one(&content, &n), 0);
}

static void
client_sends(const void *bytes, size_t n)
{
	ck_assert_int_eq(
	    gnutls_record_send(r.client.session, bytes, n), (ssize_t)n);
}

static void
server_seals(const void *bytes, size_t n)
{
	struct raw_tls_side *side = &r.client;

	ck_assert_int_eq(
	    tls_records_seal(records, bytes, n, side->inbox + side->end), 0);
	side->end += n + TLS_RECORDS_OVERHEAD;
}

static void
reads(struct raw_tls_side *side, const void *expected, size_t n)
{
	static uint8_t got[TLS_RECORD_MAX];

	ck_assert_int_eq(
	    gnutls_record_recv(side->session, got, sizeof got), (ssize_t)n);
	ck_assert_mem_eq(got, expected, n);
	ck_assert_uint_eq(side->begin, side->end);
}

TEST_LOOP(both_ways_with_each_cipher, CIPHERS)
{
	static const size_t sizes[] = { 1, 2, 15, 16, 17, 100, 4096, 16383,
		TLS_RECORD_MAX };

	setup(ciphers[_i]);
	ck_assert(tls_records_take(&records, r.server.session));
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		client_sends(data, sizes[i]);
		opens(data, sizes[i]);
		server_seals(data, sizes[i]);
		reads(&r.client, data, sizes[i]);
	}
	teardown();
}

/* Each goes on where the other has stopped. */
TEST_LOOP(in_turn_with_the_session, CIPHERS)
{
	setup(ciphers[_i]);
	for (uint64_t i = 0; i < 300; i++) {
		ck_assert(tls_records_take(&records, r.server.session));
		client_sends("past", 4);
		opens("past", 4);
		server_seals("past", 4);
		server_seals("again", 5);
		ck_assert_int_eq(
		    gnutls_record_recv(r.client.session, data, 4), 4);
		reads(&r.client, "again", 5);
		tls_records_give_back(records, r.server.session);
		ck_assert_uint_eq(
		    record_number(r.server.session, RECORD_READ), 2 * i + 1);
		ck_assert_uint_eq(
		    record_number(r.server.session, RECORD_WRITE), 3 * i + 2);

		client_sends("through", 7);
		reads(&r.server, "through", 7);
		ck_assert_int_eq(
		    gnutls_record_send(r.server.session, "through", 7), 7);
		reads(&r.client, "through", 7);
	}
	teardown();
}

static void
update_keys(void)
{
	ck_assert_int_eq(
	    gnutls_session_key_update(r.client.session, GNUTLS_KU_PEER), 0);
	client_sends("new", 3);
	/* Not data: it is the session's, which goes on as if it had all. */
	opens_nothing();
	tls_records_give_back(records, r.server.session);
	while (r.server.begin < r.server.end)
		(void)gnutls_record_recv(r.server.session, data, sizeof data);
	ck_assert_int_eq(gnutls_record_send(r.server.session, "new", 3), 3);
	while (gnutls_record_recv(r.client.session, data, sizeof data) != 3)
		ck_assert_uint_lt(r.client.begin, r.client.end);
}

TEST_LOOP(new_keys_are_taken, CIPHERS)
{
	setup(ciphers[_i]);
	ck_assert(tls_records_take(&records, r.server.session));
	client_sends("old", 3);
	opens("old", 3);
	for (int i = 0; i < 2; i++) {
		update_keys();
		ck_assert(tls_records_take(&records, r.server.session));
		client_sends("newer", 5);
		opens("newer", 5);
		server_seals("newer", 5);
		reads(&r.client, "newer", 5);
	}
	teardown();
}

/* In all of these nothing has changed, and the session reads what it was. */
TEST_LOOP(left_to_the_session, CIPHERS)
{
	size_t end;

	setup(ciphers[_i]);
	ck_assert(tls_records_take(&records, r.server.session));
	opens_nothing();
	client_sends("hello", 5);
	end = r.server.end;
	for (r.server.end = r.server.begin; r.server.end < end; r.server.end++)
		opens_nothing(); /* not whole */
	for (size_t i = r.server.begin; i < end; i++) {
		r.server.inbox[i] ^= 1; /* not authentic, or not whole */
		opens_nothing();
		r.server.inbox[i] ^= 1;
	}
	opens("hello", 5);

	/* An alert, of which only the inside tells. */
	ck_assert_int_eq(gnutls_bye(r.client.session, GNUTLS_SHUT_WR), 0);
	opens_nothing();
	tls_records_give_back(records, r.server.session);
	ck_assert_int_eq(gnutls_record_recv(r.server.session, data, 1), 0);
	teardown();
}

/* The client's next record is this one. */
static void
client_forges(
    const uint8_t header[static RECORD_HEADER], const void *inner, size_t n)
{
	r.server.end += record_forge(
	    r.client.session, header, inner, n, r.server.inbox + r.server.end);
}

/* How much comes out of a record with so much in it. */
static size_t
opened_size(size_t content, size_t padding)
{
	static uint8_t inner[2 * TLS_RECORD_MAX];
	uint64_t number = record_number(r.client.session, RECORD_WRITE);
	const uint8_t *got;
	size_t size = 0;

	memset(inner, 0, sizeof inner);
	memset(inner, 'x', content);
	inner[content] = APPLICATION_DATA;
	r.server.begin = 0;
	r.server.end = record_send(
	    r.client.session, inner, content + 1 + padding, r.server.inbox);
	if (open_one(&got, &size) == 0) /* nor does it count */
		record_set_number(r.client.session, RECORD_WRITE, number);
	return size;
}

TEST_LOOP(padding_is_taken_off, CIPHERS)
{
	setup(ciphers[_i]);
	ck_assert(tls_records_take(&records, r.server.session));
	for (size_t i = 1; i < 400; i += 57) {
		ck_assert_int_eq(
		    gnutls_record_send2(r.client.session, "a\0\0", 3, i, 0), 3);
		opens("a\0\0", 3);
	}
	ck_assert_uint_eq(opened_size(100, 100), 100);
	/* Nothing else may be in it, either. */
	ck_assert_int_eq(gnutls_record_send2(r.client.session, "", 0, 9, 0), 0);
	opens("", 0);
	teardown();
}

/* RFC 8446, 5.4: 2^14 + 1 in all, padding included. */
TEST_LOOP(as_large_as_allowed, CIPHERS)
{
	setup(ciphers[_i]);
	ck_assert(tls_records_take(&records, r.server.session));
	ck_assert_uint_eq(opened_size(TLS_RECORD_MAX, 0), TLS_RECORD_MAX);
	ck_assert_uint_eq(opened_size(TLS_RECORD_MAX, 1), 0);
	ck_assert_uint_eq(opened_size(TLS_RECORD_MAX + 1, 0), 0);
	ck_assert_uint_eq(opened_size(1, TLS_RECORD_MAX - 1), 1);
	ck_assert_uint_eq(opened_size(1, TLS_RECORD_MAX), 0);
	ck_assert_uint_eq(opened_size(1, TLS_RECORD_MAX + 238), 0);
	ck_assert_uint_eq(opened_size(1, TLS_RECORD_MAX + 1000), 0);
	ck_assert_uint_eq(opened_size(10, 10), 10);
	teardown();
}

/* Authentic all of them, but not what application data looks like. */
TEST_LOOP(forged_headers, CIPHERS)
{
	static const uint8_t inner[] = { 'x', 'y', APPLICATION_DATA };
	static const uint8_t good[RECORD_HEADER] = { 23, 3, 3, 0, 19 };
	static const uint8_t bad[][RECORD_HEADER] = {
		{ 22, 3, 3, 0, 19 },
		{ 21, 3, 3, 0, 19 },
		{ 20, 3, 3, 0, 19 },
		{ 0, 3, 3, 0, 19 },
		{ 23, 3, 1, 0, 19 },
		{ 23, 0, 3, 0, 19 },
		{ 23, 3, 3, 0, 18 },
		{ 23, 3, 3, 0, 20 },
		{ 23, 3, 3, 0, 0 },
		{ 23, 3, 3, 0xff, 0xff },
	};

	setup(ciphers[_i]);
	ck_assert(tls_records_take(&records, r.server.session));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		r.server.begin = r.server.end = 0;
		client_forges(bad[i], inner, sizeof inner);
		/* So that a length does not stop it. */
		r.server.end = sizeof r.server.inbox;
		opens_nothing();
	}
	/* Not even a type: in the padding, and without any. */
	r.server.begin = r.server.end = 0;
	client_forges((const uint8_t[RECORD_HEADER]){ 23, 3, 3, 0, 17 }, "", 1);
	client_forges(
	    (const uint8_t[RECORD_HEADER]){ 23, 3, 3, 0, 16 }, inner, 0);
	opens_nothing();
	r.server.begin += RECORD_HEADER + RECORD_TAG + 1;
	opens_nothing();

	r.server.begin = r.server.end = 0;
	client_forges(good, inner, sizeof inner);
	opens("xy", 2);
	teardown();
}

TEST_LOOP(of_other_sessions_nothing_is_taken, 2)
{
	static const char *const others[] = { RAW_TLS_12,
		RAW_TLS_13 ":-CIPHER-ALL:+AES-128-CCM" };

	setup(others[_i]);
	ck_assert(!tls_records_take(&records, r.server.session));
	ck_assert_ptr_null(records);
	teardown();
}

TEST(a_key_wears_out)
{
	setup(ciphers[0]);
	record_set_number(r.server.session, RECORD_WRITE, LIMIT - 2);
	record_set_number(r.client.session, RECORD_READ, LIMIT - 2);
	ck_assert(tls_records_take(&records, r.server.session));
	for (int i = 0; i < 2; i++) {
		ck_assert(!tls_records_needs_new_key(records));
		server_seals("hello", 5);
		reads(&r.client, "hello", 5);
	}
	ck_assert(tls_records_needs_new_key(records));
	teardown();
}

TEST_WITH(seals_nothing_when_given_back, .signal = SIGABRT)
{
	setup(ciphers[0]);
	ck_assert(tls_records_take(&records, r.server.session));
	tls_records_give_back(records, r.server.session);
	server_seals("hello", 5);
}

TEST(free_of_nothing)
{
	struct tls_records *none = NULL;

	tls_records_free(&none);
	ck_assert_ptr_null(none);
}

SUITE("common/tls/records")
