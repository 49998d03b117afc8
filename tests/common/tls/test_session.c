/* test_session: sessions joined in memory: handshake, data, ends. */
#include "common/tls/session.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/tls/alert.h"
#include "common/tls/private.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static struct tls_pair p;
static struct mutual m;
static uint8_t data[200000];

static void
setup(int version)
{
	mutual_init(&m, mutual_priorities[version]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 7 + i / 251);
}

static void
teardown(void)
{
	tls_pair_close(&p);
	mutual_fini(&m);
}

TEST_LOOP(one_byte_at_a_time, MUTUAL_SUITES)
{
	setup(_i);
	tls_pair_handshake(&p, 1);
	ck_assert(!tls_is_resumed(p.client.tls));
	tls_pair_write(&p.client, data, 1000);
	tls_pair_write(&p.server, data, 3000);
	tls_pair_run(&p, 1);
	ck_assert_uint_eq(p.server.got_size, 1000);
	ck_assert_mem_eq(p.server.got, data, 1000);
	ck_assert_uint_eq(p.client.got_size, 3000);
	ck_assert_mem_eq(p.client.got, data, 3000);
	teardown();
}

TEST_LOOP(any_size_in_any_pieces, MUTUAL_SUITES)
{
	static const size_t sizes[] = { 1, 2, 16383, 16384, 16385, 70000 };
	static const size_t pieces[] = { 7, 1447, 16384, 16406, TLS_PAIR_SIZE };

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		setup(_i);
		tls_pair_handshake(&p, pieces[i]);
		for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
			p.server.got_size = 0;
			tls_pair_write(&p.client, data, sizes[k]);
			tls_pair_run(&p, pieces[i]);
			ck_assert_uint_eq(p.server.got_size, sizes[k]);
			ck_assert_mem_eq(p.server.got, data, sizes[k]);
		}
		teardown();
	}
}

TEST_LOOP(a_full_record_stays_one, MUTUAL_SUITES)
{
	setup(_i);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	ck_assert_uint_eq(tls_pair_write(&p.client, data, TLS_RECORD_MAX), 1);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_uint_eq(p.server.records, 1);
	ck_assert_uint_eq(p.server.got_size, TLS_RECORD_MAX);
	ck_assert_uint_eq(
	    tls_pair_write(&p.client, data, TLS_RECORD_MAX + 1), 2);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_uint_eq(p.server.records, 3);
	ck_assert_uint_eq(tls_pair_write(&p.client, data, 0), 0);
	teardown();
}

/* The last handshake message and data, in one piece. */
TEST(data_behind_the_handshake)
{
	struct tls_input in;

	setup(0);
	/* ClientHello; the server's flight; then the client is done. */
	tls_pair_step(&p.client, 0);
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	tls_pair_step(&p.client, TLS_PAIR_SIZE);
	ck_assert(p.client.established);
	ck_assert(!p.server.established);
	tls_pair_write(&p.client, data, 100);
	tls_pair_write(&p.client, data + 100, 20000);

	in = (struct tls_input){ .bytes = p.server.inbox + p.server.begin,
		.n = p.server.end - p.server.begin };
	ck_assert_int_eq(tls_handshake(p.server.tls, &in), TLS_OK);
	ck_assert_uint_gt(in.n, 20100);
	p.server.begin = p.server.end - in.n;
	p.server.established = true;
	tls_pair_run(&p, 1000);
	ck_assert_uint_eq(p.server.got_size, 20100);
	ck_assert_mem_eq(p.server.got, data, 20100);
	ck_assert_uint_eq(p.server.records, 3);
	teardown();
}

TEST_LOOP(output_lends_little, MUTUAL_SUITES)
{
	setup(_i);
	p.client.room = 1;
	p.server.room = 3;
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_pair_write(&p.client, data, 20000);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_uint_eq(p.server.got_size, 20000);
	ck_assert_mem_eq(p.server.got, data, 20000);
	teardown();
}

TEST_LOOP(output_without_memory_in_the_handshake, MUTUAL_VERSIONS)
{
	setup(_i);
	p.client.room = 0;
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.client.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.client.tls), REASON_INTERNAL);
	ck_assert_int_eq(tls_peer_alert(p.client.tls), TLS_ALERT_NONE);
	teardown();

	setup(_i);
	p.server.room = 0;
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_INTERNAL);
	teardown();
}

TEST_LOOP(output_without_memory_for_data, MUTUAL_SUITES)
{
	uint64_t records;

	setup(_i);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	p.server.room = 0;
	ck_assert_int_eq(
	    tls_write(p.server.tls, data, 100, &records), TLS_FAIL);
	ck_assert_uint_eq(records, 0);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_INTERNAL);
	tls_close_notify(p.server.tls);
	teardown();
}

TEST_LOOP(close_notify_both_ways, MUTUAL_SUITES)
{
	size_t written;

	setup(_i);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_pair_write(&p.client, data, 10);
	tls_close_notify(p.client.tls);
	written = p.server.end;
	tls_close_notify(p.client.tls);
	ck_assert_uint_eq(p.server.end, written);
	tls_pair_run(&p, 1);
	ck_assert_int_eq(p.server.result, TLS_EOF);
	ck_assert_uint_eq(p.server.got_size, 10);
	ck_assert_int_eq(p.client.result, TLS_AGAIN);

	/* The other direction is open still. */
	tls_pair_write(&p.server, data, 50000);
	tls_close_notify(p.server.tls);
	tls_pair_run(&p, 1000);
	ck_assert_uint_eq(p.client.got_size, 50000);
	ck_assert_mem_eq(p.client.got, data, 50000);
	ck_assert_int_eq(p.client.result, TLS_EOF);
	teardown();
}

TEST_LOOP(close_notify_before_the_handshake_says_nothing, MUTUAL_VERSIONS)
{
	setup(_i);
	tls_close_notify(p.client.tls);
	tls_close_notify(p.server.tls);
	ck_assert_uint_eq(p.client.end + p.server.end, 0);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_close_notify(p.client.tls);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_EOF);
	teardown();
}

TEST_LOOP(hang_up_without_close_notify, MUTUAL_SUITES)
{
	setup(_i);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_pair_write(&p.client, data, 10);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	tls_pair_hang_up(&p.client);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_EOF);
	ck_assert_uint_eq(p.server.got_size, 10);
	tls_pair_step(&p.client, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.client.result, TLS_EOF);
	teardown();
}

TEST_LOOP(hang_up_within_a_record, MUTUAL_SUITES)
{
	setup(_i);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_pair_write(&p.client, data, 1000);
	tls_pair_step(&p.server, 500);
	tls_pair_hang_up(&p.client);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_EOF);
	ck_assert_uint_eq(p.server.got_size, 0);
	tls_pair_step(&p.client, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.client.result, TLS_EOF);
	teardown();
}

TEST_LOOP(hang_up_within_the_handshake, MUTUAL_VERSIONS)
{
	size_t said;

	setup(_i);
	tls_pair_step(&p.client, 0);
	tls_pair_step(&p.server, 100);
	tls_pair_hang_up(&p.client);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_EOF);
	tls_pair_step(&p.client, 0);
	said = p.server.end;
	tls_pair_hang_up(&p.server);
	ck_assert_int_eq(tls_reason(p.client.tls), REASON_EOF);
	ck_assert_uint_eq(p.server.end, said);
	teardown();
}

TEST(versions_that_do_not_meet)
{
	struct tls_creds *client;

	mutual_init(&m, MUTUAL_TLS13);
	client = pki_creds(TLS_CLIENT, &m.client, &m.root, MUTUAL_TLS12);
	tls_pair_open(&p, client, m.server_creds, MUTUAL_NAME);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_NO_VERSION);
	ck_assert_int_eq(p.client.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.client.tls), REASON_PEER_ALERT);
	ck_assert_int_eq(
	    tls_peer_alert(p.client.tls), GNUTLS_A_PROTOCOL_VERSION);
	tls_creds_unref(&client);
	teardown();
}

TEST_LOOP(something_else_than_tls, MUTUAL_VERSIONS)
{
	static const char request[] =
	    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

	setup(_i);
	memcpy(p.server.inbox, request, sizeof request - 1);
	p.server.end = sizeof request - 1;
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);
	teardown();
}

TEST_LOOP(a_record_that_was_tampered_with, MUTUAL_SUITES)
{
	setup(_i);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_pair_write(&p.client, data, 100);
	p.server.inbox[p.server.end - 1] ^= 1;
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);
	ck_assert_uint_eq(p.server.got_size, 0);
	ck_assert_int_eq(tls_reason(p.client.tls), REASON_PEER_ALERT);
	ck_assert_int_eq(tls_peer_alert(p.client.tls), GNUTLS_A_BAD_RECORD_MAC);
	teardown();
}

TEST_LOOP(moved_to_another_output, MUTUAL_SUITES)
{
	static struct tls_pair other;

	setup(_i);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	other.client.other = &other.server;
	other.client.room = TLS_PAIR_SIZE;
	other.server.end = 0;
	tls_set_output(p.client.tls, &tls_pair_output, &other.client);
	tls_pair_write(&p.client, data, 100);
	ck_assert_uint_eq(p.server.begin, p.server.end);
	ck_assert_uint_gt(other.server.end, 100);
	teardown();
}

TEST_LOOP(freed_in_the_handshake, MUTUAL_VERSIONS)
{
	setup(_i);
	tls_pair_step(&p.client, 0);
	tls_pair_step(&p.server, 50);
	ck_assert_ptr_nonnull(p.server.tls->gnutls);
	teardown(); /* in the middle of a handshake */
	ck_assert_ptr_null(p.server.tls->gnutls);
}

SUITE("common/tls/session")
