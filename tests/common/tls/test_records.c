/* test_records: one record, sealed and opened, against GnuTLS's and forged. */
#include "common/tls/records.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	ROLES = 2,
	TAG = 16,
	INNER_MAX = TLS_RECORD_MAX + 1,
	TLS12 = 0x0303, /* the version in every header (RFC 8446, 5.1) */
	GUARD = 0x77,
};

static struct tls_pair p;
static struct mutual m;
/* The records of one are ours; those of its peer GnuTLS's, or forged. */
static struct tls_pair_side *ours, *peer;
static uint8_t data[2 * TLS_RECORD_MAX];

static void
fill_data(void)
{
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 11 + i / 253 + 1);
}

/* A row is a suite and a role of ours. */
static gnutls_session_t
meet_gnutls(int row)
{
	gnutls_session_t session;

	fill_data();
	ours = row % ROLES == 0 ? &p.server : &p.client;
	mutual_init(&m, mutual_priorities[row / ROLES]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	peer = ours->other;
	session = tls_pair_keep_session(peer);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	ck_assert(ours->tls->gnutls == NULL && peer->tls->gnutls != NULL);
	return session;
}

static void
part_with_gnutls(void)
{
	tls_pair_close(&p);
	mutual_fini(&m);
}

static void
establish(int suite)
{
	fill_data();
	tls_pair_establish(&p, suite);
	ours = &p.server;
	peer = &p.client;
}

static void
rewind_inbox(struct tls_pair_side *side)
{
	ck_assert_uint_eq(side->begin, side->end);
	side->begin = side->end = 0;
}

/* Opens the next record: its type, or an alert, negated. */
static int
open_next(const uint8_t **content, size_t *n)
{
	const uint8_t *record = ours->inbox + ours->begin;
	size_t size = tls_record_size(record);

	ck_assert_uint_le(size, ours->end - ours->begin);
	ours->begin += size;
	return tls_record_open(ours->tls, record, size, content, n);
}

static void
opens(int type, const void *expected, size_t size)
{
	const uint8_t *content;
	size_t n;

	ck_assert_int_eq(open_next(&content, &n), type);
	ck_assert_uint_eq(n, size);
	ck_assert_mem_eq(content, expected, size);
	rewind_inbox(ours);
}

static void
opens_not(int alert)
{
	const uint8_t *content;
	size_t n;

	ck_assert_int_eq(open_next(&content, &n), -alert);
	rewind_inbox(ours);
}

/* The sizes to try: all small ones, some others, the 20 largest. */
static size_t
next_size(size_t size)
{
	return size < 70 || size > TLS_RECORD_MAX - 20 ? size + 1 : size + 997;
}

TEST_LOOP(opens_what_gnutls_seals, MUTUAL_OURS *ROLES)
{
	meet_gnutls(_i);
	for (size_t n = 1; n <= TLS_RECORD_MAX; n = next_size(n)) {
		tls_pair_write(peer, data, n);
		opens(TLS_APPLICATION_DATA, data, n);
	}
	part_with_gnutls();
}

TEST_LOOP(gnutls_opens_what_is_sealed, MUTUAL_OURS *ROLES)
{
	meet_gnutls(_i);
	for (size_t n = 0; n <= TLS_RECORD_MAX; n = next_size(n)) {
		peer->got_size = 0;
		tls_pair_send(ours, TLS_APPLICATION_DATA, data, n);
		tls_pair_step(peer, TLS_PAIR_SIZE);
		ck_assert_int_eq(peer->result, TLS_AGAIN);
		ck_assert_uint_eq(peer->got_size, n);
		ck_assert_mem_eq(peer->got, data, n);
		rewind_inbox(peer);
	}
	part_with_gnutls();
}

/* A pair without a handshake has the suite that a handshake agrees on. */
TEST_LOOP(suites_of_pairs, MUTUAL_OURS)
{
	struct tls_agreed agreed;

	meet_gnutls(_i * ROLES);
	agreed = ours->tls->agreed;
	part_with_gnutls();
	establish(_i);
	ck_assert_int_eq(ours->tls->agreed.version, agreed.version);
	ck_assert_int_eq(ours->tls->agreed.cipher, agreed.cipher);
	if (ours->tls->is_tls13)
		ck_assert_int_eq(ours->tls->agreed.hash, agreed.hash);
	tls_pair_close(&p);
}

static void
set_number(gnutls_session_t session, bool reads, uint64_t number)
{
	uint8_t bytes[8];

	for (int i = 7; i >= 0; i--, number >>= 8)
		bytes[i] = (uint8_t)number;
	ck_assert_int_eq(gnutls_record_set_state(session, reads, bytes), 0);
}

/* Each byte of the number must have its place in the nonce. */
TEST_LOOP(large_numbers, MUTUAL_OURS *ROLES)
{
	gnutls_session_t session = meet_gnutls(_i);

	for (int bits = 8; bits < (ours->tls->is_tls13 ? 24 : 48); bits++) {
		uint64_t number = (UINT64_C(1) << bits) - 1;

		set_number(session, false, number);
		set_number(session, true, number);
		ours->tls->keys[TLS_IN].number = number;
		ours->tls->keys[TLS_OUT].number = number;
		for (int i = 0; i < 2; i++) {
			tls_pair_write(peer, data, 10);
			opens(TLS_APPLICATION_DATA, data, 10);
			peer->got_size = 0;
			tls_pair_send(ours, TLS_APPLICATION_DATA, data, 10);
			tls_pair_step(peer, TLS_PAIR_SIZE);
			ck_assert_uint_eq(peer->got_size, 10);
		}
	}
	part_with_gnutls();
}

/* Nothing is written behind the size that is returned. */
TEST_LOOP(sealed_size, MUTUAL_OURS)
{
	static uint8_t to[TLS_RECORD_MAX + TLS_OVERHEAD_MAX + 1];

	establish(_i);
	for (size_t n = 0; n <= TLS_RECORD_MAX; n = next_size(n)) {
		size_t size;

		memset(to, GUARD, sizeof to);
		size = tls_record_seal(
		    ours->tls, TLS_APPLICATION_DATA, data, n, to);
		ck_assert_uint_gt(size, n + TAG);
		ck_assert_uint_le(size, n + TLS_OVERHEAD_MAX);
		ck_assert_uint_eq(size, tls_record_size(to));
		ck_assert_int_eq(to[size], GUARD);
		ck_assert_int_eq(to[1] << 8 | to[2], TLS12);
	}
	tls_pair_close(&p);
}

/* Zeros that are content are not taken for padding. */
TEST_LOOP(padding_of_gnutls, MUTUAL_OURS / 2 * ROLES)
{
	static const uint8_t zeros[100];
	gnutls_session_t session = meet_gnutls(_i / ROLES * 2 * ROLES + _i % 2);
	static const size_t paddings[] = { 1, 2, 255, 256, 9000,
		TLS_RECORD_MAX - sizeof zeros };

	for (size_t i = 0; i < TEST_ROWS(paddings); i++) {
		ck_assert_int_eq(gnutls_record_send2(session, zeros,
				     sizeof zeros, paddings[i], 0),
		    sizeof zeros);
		opens(TLS_APPLICATION_DATA, zeros, sizeof zeros);
		ck_assert_int_eq(
		    gnutls_record_send2(session, "", 0, paddings[i], 0), 0);
		opens(TLS_APPLICATION_DATA, "", 0);
	}
	part_with_gnutls();
}

/* Sends content, its type and padding, under TLS 1.3. */
static void
send_padded(size_t content, uint8_t type, size_t padding)
{
	static uint8_t inner[2 * TLS_RECORD_MAX];

	memcpy(inner, data, content);
	inner[content] = type;
	memset(inner + content + 1, 0, padding);
	tls_pair_forge(
	    peer, TLS_APPLICATION_DATA, TLS12, inner, content + 1 + padding);
}

/* RFC 8446, 5.4: there may be 2^14 + 1 bytes, padding included. */
TEST_LOOP(as_large_as_allowed, MUTUAL_OURS / 2)
{
	establish(2 * _i);
	send_padded(TLS_RECORD_MAX, TLS_ALERT, 0);
	opens(TLS_ALERT, data, TLS_RECORD_MAX);
	send_padded(0, TLS_HANDSHAKE, TLS_RECORD_MAX);
	opens(TLS_HANDSHAKE, data, 0);
	for (size_t n = 0; n < 4 * TAG; n++) {
		send_padded(TLS_RECORD_MAX, TLS_ALERT, 1 + n);
		opens_not(GNUTLS_A_RECORD_OVERFLOW);
		send_padded(TLS_RECORD_MAX + 1 + n, TLS_ALERT, 0);
		opens_not(GNUTLS_A_RECORD_OVERFLOW);
		send_padded(n, TLS_ALERT, TLS_RECORD_MAX + 1 - n);
		opens_not(GNUTLS_A_RECORD_OVERFLOW);
	}
	tls_pair_close(&p);
}

/* RFC 8446, 5.4: a record of nothing but zeros has no type. */
TEST_LOOP(nothing_but_padding, MUTUAL_OURS / 2)
{
	static const size_t sizes[] = { 0, 1, 100, INNER_MAX };
	static const uint8_t zeros[INNER_MAX];

	establish(2 * _i);
	for (size_t i = 0; i < TEST_ROWS(sizes); i++) {
		tls_pair_forge(
		    peer, TLS_APPLICATION_DATA, TLS12, zeros, sizes[i]);
		opens_not(GNUTLS_A_UNEXPECTED_MESSAGE);
	}
	tls_pair_close(&p);
}

/* RFC 5246, 6.2.3: the limit is that of the content. */
TEST_LOOP(as_large_as_allowed_12, MUTUAL_OURS / 2)
{
	establish(2 * _i + 1);
	for (size_t n = TLS_RECORD_MAX - 2; n < TLS_RECORD_MAX + 200; n++) {
		tls_pair_forge(peer, TLS_HANDSHAKE, TLS12, data, n);
		if (n <= TLS_RECORD_MAX)
			opens(TLS_HANDSHAKE, data, n);
		else
			opens_not(GNUTLS_A_RECORD_OVERFLOW);
	}
	tls_pair_close(&p);
}

/* RFC 8446, 5.2 and 5.4; RFC 5246, 6.2.3. */
TEST_LOOP(sizes_of_records, MUTUAL_OURS)
{
	unsigned max = TLS_RECORD_MAX + (_i % 2 == 0 ? 1 + TAG : 2048);
	uint8_t header[] = { 23, 3, 3, (uint8_t)(max >> 8), (uint8_t)max };

	establish(_i);
	ck_assert_int_eq(tls_record_check(ours->tls, header), 0);
	header[4]++;
	ck_assert_int_eq(
	    tls_record_check(ours->tls, header), GNUTLS_A_RECORD_OVERFLOW);
	tls_pair_close(&p);
}

TEST_LOOP(too_short_or_not_sealed, MUTUAL_OURS)
{
	uint8_t record[TLS_HEADER_SIZE + 100] = { 23, 3, 3 };
	const uint8_t *content;
	size_t n;

	establish(_i);
	for (; record[4] <= 100; record[4]++)
		ck_assert_int_eq(tls_record_open(ours->tls, record,
				     tls_record_size(record), &content, &n),
		    -GNUTLS_A_BAD_RECORD_MAC);
	tls_pair_close(&p);
}

static const uint8_t inner[] = { 'x', 'y', TLS_ALERT };

/* Each record is sealed with the type that its header has. */
TEST_LOOP(forged_types, MUTUAL_OURS)
{
	int others = _i % 2; /* that TLS 1.2 shows in the header */

	establish(_i);
	for (int type = 0; type < 256; type++) {
		tls_pair_forge(peer, type, TLS12, inner, sizeof inner);
		if (type > TLS_APPLICATION_DATA ||
		    type < TLS_APPLICATION_DATA - 2 * others)
			opens_not(GNUTLS_A_UNEXPECTED_MESSAGE);
		else
			opens(others ? type : TLS_ALERT, inner, others ? 3 : 2);
		peer->tls->keys[TLS_OUT].number =
		    ours->tls->keys[TLS_IN].number;
	}
	tls_pair_close(&p);
}

/* Under TLS 1.3 the version must be ignored (RFC 8446, 5.1). */
TEST_LOOP(forged_versions, MUTUAL_OURS)
{
	static const int versions[] = { 0, 0x0300, 0x0301, 0x0302, 0x0304,
		0x0403, 0xfefd, 0xffff };

	establish(_i);
	for (size_t i = 0; i < TEST_ROWS(versions); i++) {
		tls_pair_forge(peer, TLS_APPLICATION_DATA, versions[i], inner,
		    sizeof inner);
		if (ours->tls->is_tls13)
			opens(TLS_ALERT, "xy", 2);
		else
			opens_not(GNUTLS_A_PROTOCOL_VERSION);
	}
	tls_pair_close(&p);
}

/* With any bit turned over it does not open; unchanged it does, once. */
TEST_LOOP(tampered_with, MUTUAL_OURS)
{
	static uint8_t record[100];
	struct tls_key *key;
	const uint8_t *content;
	size_t size, n;

	establish(_i);
	key = &ours->tls->keys[TLS_IN];
	size =
	    tls_record_seal(peer->tls, TLS_APPLICATION_DATA, data, 30, record);
	for (size_t bit = 0; bit < 8 * size; bit++) {
		/* Its length is what says where it ends. */
		if (bit / 8 == 3 || bit / 8 == 4)
			continue;
		record[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_assert_int_lt(
		    tls_record_open(ours->tls, record, size, &content, &n), 0);
		record[bit / 8] ^= (uint8_t)(1 << bit % 8);
		key->number = 0;
	}
	ck_assert_int_eq(tls_record_open(ours->tls, record, size, &content, &n),
	    TLS_APPLICATION_DATA);
	/* Once: not again, nor in the other direction. */
	ck_assert_int_eq(tls_record_open(ours->tls, record, size, &content, &n),
	    -GNUTLS_A_BAD_RECORD_MAC);
	ck_assert_int_eq(tls_record_open(peer->tls, record, size, &content, &n),
	    -GNUTLS_A_BAD_RECORD_MAC);
	tls_pair_close(&p);
}

TEST_LOOP(one_that_was_left_out, MUTUAL_OURS)
{
	establish(_i);
	tls_pair_send(peer, TLS_APPLICATION_DATA, data, 2);
	ours->end = 0;
	tls_pair_send(peer, TLS_APPLICATION_DATA, data, 3);
	opens_not(GNUTLS_A_BAD_RECORD_MAC);
	tls_pair_close(&p);
}

SUITE("common/tls/records")
