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
	LIMIT = 256 * 1024,      /* in bytes, a record as 1 KiB more */
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

/* Records of one byte cost more than their bytes. */
TEST_LOOP(a_hello_in_small_records, MUTUAL_VERSIONS * 2)
{
	static const uint8_t hello[] = { 1, 0, 0xff, 0xff, 3, 3 };
	unsigned records = 0;

	setup(_i / 2);
	while (p.server.result != TLS_FAIL) {
		ck_assert_uint_le(records, LIMIT / 1024 + 2);
		put_record(
		    &p.server, hello + (records < 6 ? records : 5), 1, 1);
		tls_pair_step(&p.server, TLS_PAIR_SIZE);
		records++;
	}
	ck_assert_uint_gt(records, 200);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);
	teardown();
}

/* Our limit ends it, or one of GnuTLS's. */
TEST_LOOP(empty_records_in_the_handshake, MUTUAL_VERSIONS)
{
	unsigned records = 0;

	setup(_i);
	while (p.server.result != TLS_FAIL) {
		ck_assert_uint_le(records++, LIMIT / 1024 + 2);
		put_record(&p.server, "", 0, 0);
		tls_pair_step(&p.server, TLS_PAIR_SIZE);
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
