/*
 * test_data: records of ours that come in pieces or many at once, and where
 * they leave; with memory and without.
 */
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "common/tls/private.h"
#include "common/tls/records.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	MANY = 500,
};

static struct tls_pair p;
static uint8_t data[4 * TLS_RECORD_MAX];
static unsigned fails; /* how many of the next calls have no memory */

/* The linker puts them in place of the library's: see the Makefile. */
void *__wrap_malloc(size_t n);
void *__real_malloc(size_t n);
void *__wrap_realloc(void *old, size_t n);
void *__real_realloc(void *old, size_t n);

void *
__wrap_malloc(size_t n)
{
	return fails > 0 && fails-- > 0 ? NULL : __real_malloc(n);
}

void *
__wrap_realloc(void *old, size_t n)
{
	return fails > 0 && fails-- > 0 ? NULL : __real_realloc(old, n);
}

static void
establish(int suite)
{
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 13 + i / 239);
	tls_pair_establish(&p, suite);
}

static void
has_come(size_t n)
{
	ck_assert_int_eq(p.server.result, TLS_AGAIN);
	ck_assert_uint_eq(p.server.got_size, n);
	ck_assert_mem_eq(p.server.got, data, n);
	ck_assert_ptr_null(p.server.tls->partial);
}

/* Records, one of them empty, are cut anywhere, in their headers, too. */
TEST_LOOP(in_pieces_of_any_size, MUTUAL_OURS)
{
	for (size_t piece = 1; piece < 60; piece++) {
		establish(_i);
		for (size_t n = 0; n < 30; n++)
			tls_pair_write(&p.client, data + n * (n - 1) / 2, n);
		tls_pair_send(&p.client, TLS_APPLICATION_DATA, "", 0);
		tls_pair_write(&p.client, data + 435, 1000);
		tls_pair_run(&p, piece);
		ck_assert_uint_eq(p.server.records, 29 + 1);
		has_come(435 + 1000);
		tls_pair_close(&p);
	}
}

/* A part of a record comes, and then the rest of it and another. */
TEST_LOOP(cut_once, MUTUAL_OURS)
{
	size_t size = 1;

	for (size_t cut = 0; cut < size; cut++) {
		establish(_i);
		tls_pair_write(&p.client, data, 20);
		size = p.server.end;
		tls_pair_write(&p.client, data + 20, 20);
		tls_pair_step(&p.server, cut);
		ck_assert_uint_eq(p.server.records, 0);
		tls_pair_step(&p.server, TLS_PAIR_SIZE);
		ck_assert_uint_eq(p.server.records, 2);
		has_come(40);
		tls_pair_close(&p);
	}
}

TEST_LOOP(many_in_one_piece, MUTUAL_OURS)
{
	establish(_i);
	for (size_t i = 0; i < MANY; i++)
		tls_pair_write(&p.client, data + i, 1);
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	ck_assert_uint_eq(p.server.records, MANY);
	has_come(MANY);
	tls_pair_close(&p);
}

TEST_LOOP(freed_within_a_record, MUTUAL_OURS)
{
	establish(_i);
	tls_pair_write(&p.client, data, 100);
	tls_pair_step(&p.server, 50);
	ck_assert_ptr_nonnull(p.server.tls->partial);
	tls_pair_close(&p);
	ck_assert_ptr_null(p.server.tls->partial);
}

/* The header of a record that is too large is enough to refuse it. */
TEST_LOOP(too_large_by_its_header, MUTUAL_OURS)
{
	size_t max =
	    TLS_RECORD_MAX + (_i % 2 == 0 ? 1 + 16 : 2048); /* see records.c */

	for (size_t n = max; n <= max + 1; n++) {
		const uint8_t header[TLS_HEADER_SIZE] = { TLS_APPLICATION_DATA,
			3, 3, (uint8_t)(n >> 8), (uint8_t)n };

		establish(_i);
		memcpy(p.server.inbox, header, sizeof header);
		p.server.end = sizeof header;
		tls_pair_run(&p, n % 2 == 0 ? 1 : TLS_PAIR_SIZE);
		if (n > max)
			ck_assert_int_eq(
			    p.client.tls->peer_alert, GNUTLS_A_RECORD_OVERFLOW);
		else
			ck_assert_int_eq(p.server.result, TLS_AGAIN);
		tls_pair_close(&p);
	}
	/* Nor does it help to send all of it. */
	establish(_i);
	memcpy(p.server.inbox, "\x17\3\3\xff\xff", TLS_HEADER_SIZE);
	p.server.end = TLS_HEADER_SIZE + 0xffff;
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	tls_pair_refused(&p.server, GNUTLS_A_RECORD_OVERFLOW);
	tls_pair_close(&p);
}

/* Memory fails for a part of a header, or for the rest of the record. */
TEST_LOOP(no_memory_for_a_part, MUTUAL_OURS * 2)
{
	struct tls_input in = { .n = 50 };
	const uint8_t *bytes;
	size_t n;

	establish(_i / 2);
	tls_pair_write(&p.client, data, 100);
	if (_i % 2 == 0) /* then its header is here */
		tls_pair_step(&p.server, 3);
	else
		in.n = 3;
	in.bytes = p.server.inbox + p.server.begin;
	fails = 1;
	p.server.result = tls_read(p.server.tls, &in, &bytes, &n);
	ck_assert_uint_eq(fails, 0);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_INTERNAL);
	tls_pair_step(&p.client, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.client.tls->peer_alert, GNUTLS_A_INTERNAL_ERROR);
	tls_pair_close(&p);
}

/* With 100 bytes of data, 129 bytes are enough to seal in place. */
TEST_LOOP(output_lends_little, MUTUAL_OURS)
{
	for (size_t room = 1; room < 135; room += room < 99 ? 7 : 1) {
		establish(_i);
		p.client.room = room;
		tls_pair_write(&p.client, data, 100);
		tls_pair_run(&p, TLS_PAIR_SIZE);
		has_come(100);
		tls_pair_close(&p);
	}
}

/* Record and alert are lost, but each has used a number up. */
TEST_LOOP(output_lends_nothing, MUTUAL_OURS)
{
	uint64_t records;

	establish(_i);
	p.client.room = 0;
	ck_assert_int_eq(
	    tls_write(p.client.tls, data, 100, &records), TLS_FAIL);
	ck_assert_uint_eq(records, 0);
	ck_assert_int_eq(tls_reason(p.client.tls), REASON_INTERNAL);
	ck_assert_uint_eq(p.client.tls->keys[TLS_OUT].number, 2);
	ck_assert_uint_eq(p.server.end, 0);
	tls_pair_close(&p);
}

/* Data leaves in as few records as the limit of the peer allows. */
TEST_LOOP(no_more_than_the_peer_takes, MUTUAL_OURS)
{
	static const uint16_t limits[] = { 63, 64, 512, 16383, TLS_RECORD_MAX };

	for (size_t i = 0; i < TEST_ROWS(limits); i++)
		for (size_t n = 1; n <= sizeof data; n = n * 5 / 2 + 1) {
			size_t records = (n + limits[i] - 1) / limits[i];

			establish(_i);
			p.client.tls->sent_max = limits[i];
			ck_assert_uint_eq(
			    tls_pair_write(&p.client, data, n), records);
			tls_pair_run(&p, TLS_PAIR_SIZE);
			ck_assert_uint_eq(p.server.records, records);
			has_come(n);
			tls_pair_close(&p);
		}
}

/* The stream ends between two records, or within one. */
TEST_LOOP(hang_up, MUTUAL_OURS)
{
	for (size_t n = 0; n < 2; n++) {
		establish(_i);
		tls_pair_write(&p.client, data, 100);
		p.server.end -= n * 10;
		tls_pair_run(&p, 7);
		tls_pair_hang_up(&p.client);
		ck_assert_int_eq(tls_reason(p.server.tls), REASON_EOF);
		ck_assert_uint_eq(p.server.got_size, n == 0 ? 100 : 0);
		tls_pair_step(&p.client, TLS_PAIR_SIZE);
		ck_assert_int_eq(p.client.result, TLS_EOF);
		tls_pair_close(&p);
	}
}

SUITE("common/tls/data")
