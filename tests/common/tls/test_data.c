/*
 * test_data: data that goes through the session and past it in turn: when
 * it changes over, and that nobody can tell from what arrives.
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
	LIMIT = 1 << 24, /* records of a key */
	ROUNDS = 3000,
	IN_VAIN = 100 * 1024, /* for the empty records among them */
};

static struct tls_pair p;
static struct mutual m;
static uint8_t data[TLS_RECORD_MAX];

static void
setup(int state)
{
	mutual_init(&m, mutual_versions[state]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 13 + i / 239);
}

static void
open_up(int state)
{
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

/* Makes room, where all has been read. */
static void
rewind_inbox(struct tls_pair_side *side)
{
	if (side->begin == side->end)
		side->begin = side->end = 0;
}

/* From one side to the other, in pieces. */
static void
carry(struct tls_pair_side *from, size_t size, size_t piece)
{
	struct tls_pair_side *to = from->other;

	rewind_inbox(&p.client);
	rewind_inbox(&p.server);
	to->got_size = 0;
	tls_pair_write(from, data, size);
	tls_pair_run(&p, piece);
	ck_assert_uint_eq(to->got_size, size);
	ck_assert_mem_eq(to->got, data, size);
}

static void
echo(size_t size)
{
	carry(&p.client, size, TLS_PAIR_SIZE);
	carry(&p.server, size, TLS_PAIR_SIZE);
}

TEST(past_it_when_both_ways_have_worked)
{
	setup(MUTUAL_WARM);
	open_up(0);
	ck_assert_int_eq(p.server.tls->path, TLS_PATH_SLOW);
	carry(&p.server, 10, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.tls->path, TLS_PATH_SLOW);
	carry(&p.client, 10, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.tls->path, TLS_PATH_SLOW_READ);
	carry(&p.server, 10, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.tls->path, TLS_PATH_SLOW_READY);
	carry(&p.client, 10, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.tls->path, TLS_PATH_FAST);
	teardown();
}

TEST(never_under_tls12)
{
	setup(1);
	open_up(1);
	for (int i = 0; i < 10; i++)
		echo(10);
	ck_assert_int_eq(p.server.tls->path, TLS_PATH_SLOW_ALWAYS);
	ck_assert_int_eq(p.client.tls->path, TLS_PATH_SLOW_ALWAYS);
	ck_assert_ptr_null(p.server.tls->records);
	teardown();
}

TEST(a_record_in_pieces_is_the_sessions)
{
	setup(MUTUAL_WARM);
	open_up(MUTUAL_WARM);
	carry(&p.client, 10, 7);
	ck_assert_int_eq(p.server.tls->path, TLS_PATH_SLOW_READ);
	echo(10);
	echo(10);
	ck_assert_int_eq(p.server.tls->path, TLS_PATH_FAST);
	teardown();
}

static uint64_t
number_of(struct tls_pair_side *side, enum record_way way)
{
	tls_path_use_session(side->tls);
	return record_number(side->tls->session, way);
}

static void
set_number(struct tls_pair_side *side, enum record_way way, uint64_t number)
{
	tls_path_use_session(side->tls);
	record_set_number(side->tls->session, way, number);
}

/* Things that only a session sends, now and then. */
static void
interrupt_data(struct tls_pair_side *side, int i)
{
	gnutls_session_t session = side->tls->session;

	if (gnutls_protocol_get_version(session) != GNUTLS_TLS1_3)
		return;
	tls_path_use_session(side->tls);
	if (i % (ROUNDS / 4) == 0) /* GnuTLS minds more than 8 a second */
		ck_assert_int_eq(gnutls_session_key_update(
				     session, i % 2 == 0 ? GNUTLS_KU_PEER : 0),
		    0);
	else if (i % 3 == 0)
		ck_assert_int_eq(
		    gnutls_record_send2(session, "", 0, 1 + (size_t)i % 90, 0),
		    0);
	/* Read where nothing may be written, nor may it reach the data. */
	tls_pair_run(&p, TLS_PAIR_SIZE);
}

/* Sizes, pieces and directions at random: in all of them the bytes arrive. */
TEST_LOOP(changing_over_at_random, MUTUAL_STATES)
{
	setup(_i);
	open_up(_i);
	srand(5246 + (unsigned)_i);
	for (int i = 1; i < ROUNDS; i++) {
		size_t size = 1 + (size_t)rand() % (i % 10 == 0 ? 16384 : 200);
		size_t piece =
		    rand() % 3 == 0 ? 1 + (size_t)rand() % 300 : TLS_PAIR_SIZE;
		struct tls_pair_side *from =
		    rand() % 2 == 0 ? &p.client : &p.server;

		if (i % 25 == 0)
			interrupt_data(from, i);
		carry(from, size, piece);
	}
	/* Whoever sends data and changes keys may do so for ever. */
	ck_assert_uint_lt(p.server.tls->input_limit.cost, IN_VAIN);
	ck_assert_uint_lt(p.client.tls->input_limit.cost, IN_VAIN);
	teardown();
}

TEST(a_worn_key_is_changed)
{
	setup(MUTUAL_WARM);
	open_up(MUTUAL_WARM);
	set_number(&p.server, RECORD_WRITE, LIMIT - 10);
	set_number(&p.client, RECORD_READ, LIMIT - 10);
	tls_pair_warm_up(&p);
	for (int i = 0; i < 20; i++)
		echo(10);
	ck_assert_uint_lt(number_of(&p.server, RECORD_WRITE), 20);
	ck_assert_uint_lt(number_of(&p.client, RECORD_READ), 20);
	echo(10);
	teardown();
}

/* Which allocation of GnuTLS's is the one that fails; 0: none. */
static unsigned failing;

static bool
fails_now(void)
{
	return failing > 0 && --failing == 0;
}

static void *
failing_malloc(size_t n)
{
	return fails_now() ? NULL : malloc(n);
}

static void *
failing_calloc(size_t count, size_t n)
{
	return fails_now() ? NULL : calloc(count, n);
}

static void *
failing_realloc(void *old, size_t n)
{
	return fails_now() ? NULL : realloc(old, n);
}

/* Or data would follow under the old key, and the peer would not follow. */
TEST(a_worn_key_that_cannot_be_changed_ends_it)
{
	enum tls_result result = TLS_FAIL;
	uint64_t records;

	gnutls_malloc = failing_malloc;
	gnutls_calloc = failing_calloc;
	gnutls_realloc = failing_realloc;
	for (unsigned i = 1; i < 50 && result == TLS_FAIL; i++) {
		setup(MUTUAL_WARM);
		open_up(MUTUAL_WARM);
		set_number(&p.server, RECORD_WRITE, LIMIT);
		set_number(&p.client, RECORD_READ, LIMIT);
		p.server.tls->path = TLS_PATH_SLOW_READY;
		carry(&p.client, 10, TLS_PAIR_SIZE);
		ck_assert_int_eq(p.server.tls->path, TLS_PATH_FAST);
		failing = i;
		result = tls_write(p.server.tls, data, 10, &records);
		if (failing > 0) {
			ck_assert_uint_gt(i, 5); /* it did reach GnuTLS */
			ck_assert_int_eq(result, TLS_OK);
		} else if (result == TLS_OK) {
			tls_pair_run(&p, TLS_PAIR_SIZE);
			ck_assert_uint_eq(p.client.got_size, 10);
			ck_assert_uint_lt(
			    number_of(&p.server, RECORD_WRITE), 10);
			result = TLS_FAIL; /* harmless: go on */
		}
		failing = 0;
		teardown();
	}
	ck_assert_int_eq(result, TLS_OK);
}

/* RFC 8446, 4.6.3: who is asked to change its key does so before it sends. */
TEST(a_peer_that_asks_for_a_new_key_gets_it)
{
	setup(MUTUAL_WARM);
	open_up(MUTUAL_WARM);
	for (int i = 0; i < 100; i++)
		echo(10);
	ck_assert_uint_gt(number_of(&p.server, RECORD_WRITE), 100);
	tls_path_use_session(p.client.tls);
	ck_assert_int_eq(
	    gnutls_session_key_update(p.client.tls->session, GNUTLS_KU_PEER),
	    0);
	carry(&p.client, 10, TLS_PAIR_SIZE);
	carry(&p.client, 10, TLS_PAIR_SIZE);
	carry(&p.server, 10, TLS_PAIR_SIZE);
	ck_assert_uint_eq(number_of(&p.server, RECORD_WRITE), 1);
	echo(10);
	teardown();
}

/* From a server that sends past its session; the client's reads. */
static void
carry_limited(size_t size, size_t limit)
{
	echo(10);
	echo(10);
	carry(&p.client, 10, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.tls->path, TLS_PATH_FAST);
	tls_path_use_session(p.client.tls);
	p.client.records = 0;
	carry(&p.server, size, TLS_PAIR_SIZE);
	ck_assert_uint_ge(p.client.records, (size + limit - 1) / limit);
}

/* RFC 8449: the client wants records of so many bytes at most. */
TEST_LOOP(the_peer_limits_the_size, 3)
{
	static const size_t limits[] = { 64, 512, 1024 };
	const size_t limit = limits[_i];

	mutual_init(&m, MUTUAL_TLS13 ":%ALLOW_SMALL_RECORDS");
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	ck_assert_int_eq(
	    gnutls_record_set_max_recv_size(p.client.tls->session, limit), 0);
	open_up(MUTUAL_WARM);
	for (size_t size = 1; size < 3 * limit; size += 1 + size / 70) {
		carry_limited(size, limit);
		/* What the first has shown must not be more than the limit. */
		carry_limited(size, limit);
	}
	teardown();
}

TEST(output_lends_little)
{
	static const size_t rooms[] = { 1, 3, 21, 32, 33, 1000 };

	setup(MUTUAL_WARM);
	open_up(MUTUAL_WARM);
	for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
		p.server.room = rooms[i];
		echo(10);
		ck_assert_int_eq(p.server.tls->path, TLS_PATH_FAST);
	}
	teardown();
}

/* The record has used its number up, and the alert must have another. */
TEST(output_lends_nothing)
{
	uint64_t number, records;

	setup(MUTUAL_WARM);
	open_up(MUTUAL_WARM);
	number = number_of(&p.server, RECORD_WRITE);
	tls_pair_warm_up(&p);
	p.server.room = 0;
	ck_assert_int_eq(tls_write(p.server.tls, data, 10, &records), TLS_FAIL);
	ck_assert_uint_eq(records, 0);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_INTERNAL);
	ck_assert_uint_eq(number_of(&p.server, RECORD_WRITE), number + 2 + 2);
	teardown();
}

SUITE("common/tls/data")
