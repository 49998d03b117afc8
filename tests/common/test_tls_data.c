/*
 * test_tls_data: data that goes through the session and past it in turn: when
 * it changes over, and that nobody can tell from what arrives.
 */
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/tls.h"
#include "common/tls_private.h"
#include "tests/support/mutual.h"
#include "tests/support/pipe.h"
#include "tests/support/suite.h"

enum {
	LIMIT = 1 << 24, /* records of a key */
	ROUNDS = 3000,
};

static struct pipe p;
static struct mutual m;
static uint8_t data[TLS_RECORD_MAX];

static void
setup(int state)
{
	mutual_init(&m, mutual_versions[state]);
	pipe_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 13 + i / 239);
}

static void
open_up(int state)
{
	pipe_handshake(&p, PIPE_SIZE);
	if (state == MUTUAL_WARM)
		pipe_warm_up(&p);
}

static void
teardown(void)
{
	pipe_close(&p);
	mutual_fini(&m);
}

/* Makes room, where all has been read. */
static void
rewind_inbox(struct pipe_side *side)
{
	if (side->begin == side->end)
		side->begin = side->end = 0;
}

/* From one side to the other, in pieces. */
static void
carry(struct pipe_side *from, size_t size, size_t piece)
{
	struct pipe_side *to = from->other;

	rewind_inbox(&p.client);
	rewind_inbox(&p.server);
	to->got_size = 0;
	pipe_write(from, data, size);
	pipe_run(&p, piece);
	ck_assert_uint_eq(to->got_size, size);
	ck_assert_mem_eq(to->got, data, size);
}

static void
echo(size_t size)
{
	carry(&p.client, size, PIPE_SIZE);
	carry(&p.server, size, PIPE_SIZE);
}

START_TEST(past_it_when_both_ways_have_worked)
{
	setup(MUTUAL_WARM);
	open_up(0);
	ck_assert_int_eq(p.server.tls->way, TLS_WAY_SESSION);
	carry(&p.server, 10, PIPE_SIZE);
	ck_assert_int_eq(p.server.tls->way, TLS_WAY_SESSION);
	carry(&p.client, 10, PIPE_SIZE);
	ck_assert_int_eq(p.server.tls->way, TLS_WAY_SESSION_READ);
	carry(&p.server, 10, PIPE_SIZE);
	ck_assert_int_eq(p.server.tls->way, TLS_WAY_SESSION_BOTH);
	carry(&p.client, 10, PIPE_SIZE);
	ck_assert_int_eq(p.server.tls->way, TLS_WAY_RECORDS);
	teardown();
}
END_TEST

START_TEST(never_under_tls12)
{
	setup(1);
	open_up(1);
	for (int i = 0; i < 10; i++)
		echo(10);
	ck_assert_int_eq(p.server.tls->way, TLS_WAY_SESSION_ONLY);
	ck_assert_int_eq(p.client.tls->way, TLS_WAY_SESSION_ONLY);
	ck_assert_ptr_null(p.server.tls->records);
	teardown();
}
END_TEST

START_TEST(a_record_in_pieces_is_the_sessions)
{
	setup(MUTUAL_WARM);
	open_up(MUTUAL_WARM);
	carry(&p.client, 10, 7);
	ck_assert_int_eq(p.server.tls->way, TLS_WAY_SESSION_READ);
	echo(10);
	echo(10);
	ck_assert_int_eq(p.server.tls->way, TLS_WAY_RECORDS);
	teardown();
}
END_TEST

/* Sizes, pieces and directions at random: in all of them the bytes arrive. */
START_TEST(changing_over_at_random)
{
	setup(_i);
	open_up(_i);
	srand(5246 + (unsigned)_i);
	for (int i = 0; i < ROUNDS; i++) {
		size_t size = 1 + (size_t)rand() % (i % 10 == 0 ? 16384 : 200);
		size_t piece =
		    rand() % 3 == 0 ? 1 + (size_t)rand() % 300 : PIPE_SIZE;

		carry(rand() % 2 == 0 ? &p.client : &p.server, size, piece);
	}
	teardown();
}
END_TEST

static uint64_t
number_of(struct pipe_side *side, unsigned read)
{
	uint8_t bytes[8];
	uint64_t number = 0;

	tls_use_session(side->tls);
	ck_assert_int_eq(gnutls_record_get_state(
			     side->tls->session, read, NULL, NULL, NULL, bytes),
	    0);
	for (int i = 0; i < 8; i++)
		number = number << 8 | bytes[i];
	return number;
}

static void
set_number(struct pipe_side *side, unsigned read, uint64_t number)
{
	uint8_t bytes[8];

	for (int i = 7; i >= 0; i--, number >>= 8)
		bytes[i] = (uint8_t)number;
	tls_use_session(side->tls);
	ck_assert_int_eq(
	    gnutls_record_set_state(side->tls->session, read, bytes), 0);
}

START_TEST(a_worn_key_is_changed)
{
	setup(MUTUAL_WARM);
	open_up(MUTUAL_WARM);
	set_number(&p.server, 0, LIMIT - 10);
	set_number(&p.client, 1, LIMIT - 10);
	pipe_warm_up(&p);
	for (int i = 0; i < 20; i++)
		echo(10);
	ck_assert_uint_lt(number_of(&p.server, 0), 20);
	ck_assert_uint_lt(number_of(&p.client, 1), 20);
	echo(10);
	teardown();
}
END_TEST

/* RFC 8446, 4.6.3: who is asked to change its key does so before it sends. */
START_TEST(a_peer_that_asks_for_a_new_key_gets_it)
{
	setup(MUTUAL_WARM);
	open_up(MUTUAL_WARM);
	for (int i = 0; i < 100; i++)
		echo(10);
	ck_assert_uint_gt(number_of(&p.server, 0), 100);
	tls_use_session(p.client.tls);
	ck_assert_int_eq(
	    gnutls_session_key_update(p.client.tls->session, GNUTLS_KU_PEER),
	    0);
	carry(&p.client, 10, PIPE_SIZE);
	carry(&p.client, 10, PIPE_SIZE);
	carry(&p.server, 10, PIPE_SIZE);
	ck_assert_uint_eq(number_of(&p.server, 0), 1);
	echo(10);
	teardown();
}
END_TEST

/* RFC 8449: the client wants records of 1,024 bytes at most. */
START_TEST(the_peer_limits_the_size)
{
	setup(_i);
	ck_assert_int_eq(
	    gnutls_record_set_max_recv_size(p.client.tls->session, 1024), 0);
	open_up(_i);
	for (size_t size = 50; size < sizeof data; size += 50) {
		carry(&p.client, size > 1000 ? 1000 : size, PIPE_SIZE);
		p.client.records = 0;
		carry(&p.server, size, PIPE_SIZE);
		ck_assert_uint_ge(p.client.records, (size + 1023) / 1024);
	}
	teardown();
}
END_TEST

START_TEST(output_lends_little_or_nothing)
{
	static const size_t rooms[] = { 1, 3, 21, 32, 33, 1000 };
	uint64_t records;

	setup(MUTUAL_WARM);
	open_up(MUTUAL_WARM);
	for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
		p.server.room = rooms[i];
		echo(10);
		ck_assert_int_eq(p.server.tls->way, TLS_WAY_RECORDS);
	}
	p.server.room = 0;
	ck_assert_int_eq(tls_write(p.server.tls, data, 10, &records), TLS_FAIL);
	ck_assert_uint_eq(records, 0);
	ck_assert_int_eq(tls_cause(p.server.tls), END_INTERNAL);
	teardown();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("common/tls: data");

	SUITE_ADD(s, past_it_when_both_ways_have_worked);
	SUITE_ADD(s, never_under_tls12);
	SUITE_ADD(s, a_record_in_pieces_is_the_sessions);
	SUITE_ADD_LOOP(s, changing_over_at_random, MUTUAL_STATES);
	SUITE_ADD(s, a_worn_key_is_changed);
	SUITE_ADD(s, a_peer_that_asks_for_a_new_key_gets_it);
	SUITE_ADD_LOOP(s, the_peer_limits_the_size, MUTUAL_STATES);
	SUITE_ADD(s, output_lends_little_or_nothing);
	return suite_run(s, argc, argv);
}
