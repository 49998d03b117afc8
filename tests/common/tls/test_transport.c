/* test_transport: how much a handshake, or a session of GnuTLS's, takes in. */
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/tls/private.h"
#include "common/tls/records.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	LARGE = 4096,
	LIMIT = 256 * 1024,      /* in bytes */
	LARGEST = 0x4000 + 1024, /* of one record, so much more may come */
};

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

static int
on_no_extension(gnutls_session_t session, const unsigned char *data, size_t n)
{
	(void)session;
	(void)data;
	(void)n;
	return 0;
}

/* As many zeros. */
static int
put_extension(gnutls_session_t session, gnutls_buffer_t extensions)
{
	static const uint8_t zeros[LARGE];

	(void)session;
	ck_assert_int_eq(
	    gnutls_buffer_append_data(extensions, zeros, sizeof zeros), 0);
	return LARGE;
}

/* Puts a record that is not sealed: these bytes, and zeros behind them. */
static void
put_record(struct tls_pair_side *to, const void *bytes, size_t n, size_t size)
{
	uint8_t *record = to->inbox;
	const uint8_t header[TLS_HEADER_SIZE] = { TLS_HANDSHAKE, 3, 1,
		(uint8_t)(size >> 8), (uint8_t)size };

	to->begin = 0;
	to->end = sizeof header + size;
	memset(record, 0, to->end);
	memcpy(record, header, sizeof header);
	memcpy(record + sizeof header, bytes, n);
}

/* Feeds a hello of 16 MiB until the side gives up: not late, nor at once. */
static void
refuses_to_read_on(struct tls_pair_side *side, uint8_t type)
{
	const uint8_t hello[] = { type, 0xff, 0xff, 0xfc, 3, 3 };
	size_t taken = 0;

	while (side->result != TLS_FAIL) {
		ck_assert_uint_le(taken, LIMIT + LARGEST);
		put_record(side, hello, taken == 0 ? sizeof hello : 0, 0x4000);
		taken += side->end;
		tls_pair_step(side, TLS_PAIR_SIZE);
	}
	ck_assert_uint_gt(taken, LIMIT / 2);
	ck_assert_int_eq(tls_reason(side->tls), REASON_PROTOCOL);
}

/* A stranger needs no certificate to send that. */
TEST_LOOP(a_hello_without_end, MUTUAL_VERSIONS)
{
	setup(_i);
	refuses_to_read_on(&p.server, GNUTLS_HANDSHAKE_CLIENT_HELLO);
	ck_assert_uint_gt(p.client.end, p.client.begin); /* an alert */
	teardown();
}

/* What the side has not read yet, cut into records of so many bytes. */
static void
cut_into_records(struct tls_pair_side *side, size_t content)
{
	static uint8_t whole[TLS_PAIR_SIZE];
	size_t size = side->end - side->begin, at = 0;
	uint8_t *to = side->inbox;

	memcpy(whole, side->inbox + side->begin, size);
	side->begin = 0;
	while (at < size) {
		const uint8_t *record = whole + at;
		size_t n = tls_record_size(record) - TLS_HEADER_SIZE;

		at += TLS_HEADER_SIZE + n;
		for (size_t i = 0; i < n; i += content) {
			size_t piece = n - i < content ? n - i : content;

			memcpy(to, record, 3);
			to[3] = 0;
			to[4] = (uint8_t)piece;
			memcpy(to + TLS_HEADER_SIZE,
			    record + TLS_HEADER_SIZE + i, piece);
			to += TLS_HEADER_SIZE + piece;
		}
	}
	side->end = (size_t)(to - side->inbox);
}

/* How large a peer's records are is its own choice. */
TEST_LOOP(a_large_hello_in_small_records, MUTUAL_VERSIONS * 3)
{
	static const size_t contents[] = { 1, 2, 20 };
	struct gnutls_session_int *client;

	setup(_i / 3);
	client = p.client.tls->gnutls->session;
	/* An extension that no server knows. */
	ck_assert_int_eq(gnutls_session_ext_register(client, "padding", 0xfa00,
			     GNUTLS_EXT_TLS, on_no_extension, put_extension,
			     NULL, NULL, NULL, 0),
	    0);
	tls_pair_step(&p.client, 0);
	ck_assert_uint_gt(p.server.end, LARGE);
	cut_into_records(&p.server, contents[_i % 3]);
	tls_pair_handshake(&p, 100);
	teardown();
}

/* Of one byte each: their headers are what there is of them. */
TEST_LOOP(a_hello_without_end_in_small_records, MUTUAL_VERSIONS)
{
	static const uint8_t hello[] = { 1, 0xff, 0xff, 0xff, 3, 3 };
	unsigned records = 0;

	setup(_i);
	while (p.server.result != TLS_FAIL) {
		ck_assert_uint_le(records, LIMIT / 6 + 2);
		put_record(
		    &p.server, hello + (records < 6 ? records : 5), 1, 1);
		tls_pair_step(&p.server, TLS_PAIR_SIZE);
		records++;
	}
	ck_assert_uint_gt(records, LIMIT / 6 - 2);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);
	teardown();
}

/* Our limit ends it, or one of GnuTLS's; each byte may come alone. */
TEST_LOOP(empty_records_in_the_handshake, MUTUAL_VERSIONS * 2)
{
	unsigned records = 0;

	setup(_i / 2);
	while (p.server.result != TLS_FAIL) {
		ck_assert_uint_le(records++, LIMIT / 4096 + 2);
		put_record(&p.server, "", 0, 0);
		while (
		    tls_pair_step(&p.server, _i % 2 == 0 ? TLS_PAIR_SIZE : 1))
			continue;
		if (records == 1)
			ck_assert_uint_eq(p.server.tls->gnutls->pulled,
			    TLS_HEADER_SIZE + 4096);
	}
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);
	teardown();
}

TEST_LOOP(a_server_without_end, MUTUAL_VERSIONS)
{
	setup(_i);
	tls_pair_step(&p.client, 0);
	refuses_to_read_on(&p.client, GNUTLS_HANDSHAKE_SERVER_HELLO);
	teardown();
}

/* The limit is for what comes without data. */
TEST_LOOP(data_costs_nothing, MUTUAL_SUITES)
{
	setup(_i);
	tls_pair_handshake(&p, 100);
	for (int i = 0; i < 2000; i++) {
		tls_pair_write(&p.client, "hello", 5);
		tls_pair_run(&p, i % 2 == 0 ? TLS_PAIR_SIZE : 7);
	}
	ck_assert_uint_eq(p.server.got_size, 2000 * 5);
	if (p.server.tls->gnutls != NULL)
		ck_assert_uint_eq(p.server.tls->gnutls->pulled, 0);
	teardown();
}

SUITE("common/tls/transport")
