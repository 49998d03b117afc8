/*
 * test_messages: handshake messages after the handshake (RFC 8446, 4.6 and 5.1;
 * RFC 5246, 7.4.1), and whatever else is neither data nor an alert.
 */
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/tls/keys.h"
#include "common/tls/records.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	TLS13_SUITES = MUTUAL_OURS / 2,
	ROLES = 2,
	HELLO_REQUEST = 0,
	CLIENT_HELLO = 1,
	TICKET = 4,
	KEY_UPDATE = 24,
	WITHOUT_DATA_MAX = 1024, /* records in a row */
	TICKET_MAX = 1 << 18,
	PIPELINE = 20,
};

static struct tls_pair p;
static struct tls_pair_side *side, *peer; /* who is tested, who sends */

static void
establish(int suite, bool is_server)
{
	tls_pair_establish(&p, suite);
	side = is_server ? &p.server : &p.client;
	peer = side->other;
}

static void
read_all(void)
{
	tls_pair_step(side, TLS_PAIR_SIZE);
}

static void
goes_on(void)
{
	read_all();
	ck_assert_int_eq(side->result, TLS_AGAIN);
	side->got_size = peer->got_size = 0;
	tls_pair_write(side, "world", 5);
	tls_pair_write(peer, "hello", 5);
	tls_pair_run(&p, 3);
	ck_assert_uint_eq(side->got_size, 5);
	ck_assert_uint_eq(peer->got_size, 5);
	ck_assert_uint_eq(side->begin, side->end);
	side->begin = side->end = 0;
}

/* It has been refused, by this alert and no other. */
static void
refused(int alert)
{
	read_all();
	ck_assert_uint_eq(side->got_size, 0);
	tls_pair_refused(side, alert);
	tls_pair_close(&p);
}

static void
send_message(const void *bytes, size_t n)
{
	tls_pair_send(peer, TLS_HANDSHAKE, bytes, n);
}

/* Sends the header of a message of this size, and so much of its body. */
static void
begin_message(int type, size_t size, size_t body)
{
	static uint8_t message[TLS_RECORD_MAX];

	message[0] = (uint8_t)type;
	message[1] = (uint8_t)(size >> 16);
	message[2] = (uint8_t)(size >> 8);
	message[3] = (uint8_t)size;
	send_message(message, 4 + body);
}

static void
update_key(int request)
{
	const uint8_t message[] = { KEY_UPDATE, 0, 0, 1, (uint8_t)request };

	send_message(message, sizeof message);
	ck_assert(tls_key_update(peer->tls, TLS_OUT));
}

static unsigned
count_records(const struct tls_pair_side *to)
{
	unsigned count = 0;

	for (size_t at = to->begin; at < to->end; count++)
		at += tls_record_size(to->inbox + at);
	return count;
}

/* However many of them ask for a new key, there is one answer. */
TEST_LOOP(key_updates_in_a_row, TLS13_SUITES *ROLES * 3)
{
	static const int counts[] = { 1, 30, 1000 };
	const int count = counts[_i % 3];

	for (int requests = 0; requests < 3; requests++) {
		establish(_i / 6 * 2, _i / 3 % ROLES);
		for (int i = 0; i < count; i++)
			update_key(requests == 0 ? 0
				: requests == 1  ? 1
						 : i == 0);
		read_all();
		ck_assert_int_eq(side->result, TLS_AGAIN);
		ck_assert_uint_eq(count_records(peer), requests > 0);
		goes_on();
		tls_pair_close(&p);
	}
}

/* Each input has one answer: all in one, then a byte at a time. */
TEST_LOOP(key_updates_among_data, TLS13_SUITES *ROLES * 2)
{
	const bool at_once = _i % 2 == 0;

	establish(_i / 4 * 2, _i / 2 % ROLES);
	for (int i = 0; i < PIPELINE; i++) {
		tls_pair_write(peer, "hello", 5);
		update_key(1);
	}
	tls_pair_write(peer, "behind", 6);
	while (tls_pair_step(side, at_once ? TLS_PAIR_SIZE : 1))
		continue;
	ck_assert_int_eq(side->result, TLS_AGAIN);
	ck_assert_uint_eq(side->got_size, PIPELINE * 5 + 6);
	ck_assert_uint_eq(count_records(peer), at_once ? 1 : PIPELINE);
	goes_on();
	tls_pair_close(&p);
}

/* A write in the middle of an input answers first. */
TEST_LOOP(the_answer_comes_before_data, TLS13_SUITES)
{
	struct tls_input in;
	const uint8_t *bytes;
	size_t n;

	establish(2 * _i, true);
	update_key(1);
	tls_pair_write(peer, "hello", 5);
	in = (struct tls_input){ side->inbox, side->end, false };
	ck_assert_int_eq(tls_read(side->tls, &in, &bytes, &n), TLS_OK);
	ck_assert_uint_eq(count_records(peer), 0);
	tls_pair_write(side, "world", 5);
	ck_assert_int_eq(tls_read(side->tls, &in, &bytes, &n), TLS_AGAIN);
	ck_assert_uint_eq(count_records(peer), 2);
	tls_pair_step(peer, TLS_PAIR_SIZE);
	ck_assert_uint_eq(peer->got_size, 5);
	ck_assert_uint_eq(side->tls->keys[TLS_OUT].number, 1);
	tls_pair_close(&p);
}

static const struct {
	uint8_t size, message[12];
	int alert;
} bad_updates[] = {
	{ 5, { KEY_UPDATE, 0, 0, 1, 2 }, GNUTLS_A_ILLEGAL_PARAMETER },
	{ 5, { KEY_UPDATE, 0, 0, 1, 255 }, GNUTLS_A_ILLEGAL_PARAMETER },
	{ 4, { KEY_UPDATE, 0, 0, 0 }, GNUTLS_A_DECODE_ERROR },
	{ 6, { KEY_UPDATE, 0, 0, 2, 0, 0 }, GNUTLS_A_DECODE_ERROR },
	{ 5, { KEY_UPDATE, 0, 1, 0, 0 }, GNUTLS_A_DECODE_ERROR },
	{ 5, { KEY_UPDATE, 1, 0, 1, 0 }, GNUTLS_A_DECODE_ERROR },
	{ 6, { KEY_UPDATE, 0, 0, 1, 0, 0 }, GNUTLS_A_UNEXPECTED_MESSAGE },
	{ 10, { KEY_UPDATE, 0, 0, 1, 0, KEY_UPDATE, 0, 0, 1, 0 },
	    GNUTLS_A_UNEXPECTED_MESSAGE },
	{ 11, { KEY_UPDATE, 0, 0, 1, 1, TICKET, 0, 0, 2, 1, 2 },
	    GNUTLS_A_UNEXPECTED_MESSAGE },
};

TEST_EACH(bad_key_updates, bad_updates)
{
	for (int i = 0; i < TLS13_SUITES * ROLES; i++) {
		establish(i / ROLES * 2, i % ROLES);
		send_message(bad_updates[_i].message, bad_updates[_i].size);
		refused(bad_updates[_i].alert);
	}
}

/* After a KeyUpdate, what was sealed with the old key does not open. */
TEST_LOOP(data_under_the_old_key, TLS13_SUITES)
{
	establish(2 * _i, true);
	send_message((const uint8_t[]){ KEY_UPDATE, 0, 0, 1, 0 }, 5);
	tls_pair_write(peer, "hello", 5);
	refused(GNUTLS_A_BAD_RECORD_MAC);
}

/* Messages may be cut into records anywhere, and several share one. */
TEST_LOOP(messages_in_pieces, TLS13_SUITES)
{
	static const uint8_t messages[] = { TICKET, 0, 0, 3, 1, 2, 3, TICKET, 0,
		0, 1, 7, TICKET, 0, 0, 2, 8, 9, KEY_UPDATE, 0, 0, 1, 0 };
	const size_t n = sizeof messages;

	establish(2 * _i, false);
	for (size_t piece = 1; piece <= n; piece++) {
		for (size_t at = 0; at < n; at += piece)
			send_message(
			    messages + at, at + piece < n ? piece : n - at);
		ck_assert(tls_key_update(peer->tls, TLS_OUT));
		goes_on();
	}
	tls_pair_close(&p);
}

static const struct {
	int type;
	const char *content;
} others[] = {
	{ TLS_APPLICATION_DATA, "hello" },
	{ TLS_APPLICATION_DATA, "" },
	{ TLS_ALERT, "\1\0" }, /* close_notify: it has been cut off */
	{ TLS_ALERT, "\1\x5a" },
	{ TLS_ALERT, "\2\x28" },
};

/* No other record may come between the parts of a message. */
TEST_EACH(other_records_within_a_message, others)
{
	static const uint8_t ticket[] = { TICKET, 0, 0, 2, 8, 9 };
	const int type = others[_i].type;

	for (size_t cut = 1; cut < sizeof ticket; cut++) {
		establish(0, false);
		send_message(ticket, cut);
		tls_pair_send(peer, type, others[_i].content,
		    type == TLS_ALERT ? 2 : strlen(others[_i].content));
		refused(GNUTLS_A_UNEXPECTED_MESSAGE);
	}
}

/* A client reads past tickets, and keeps nothing of them. */
TEST_LOOP(tickets_of_any_size, TLS13_SUITES)
{
	static const size_t sizes[] = { 1, 200, 16380, 16381, TICKET_MAX };
	static const uint8_t more[TLS_RECORD_MAX];

	establish(2 * _i, false);
	for (size_t i = 0; i < TEST_ROWS(sizes); i++) {
		size_t n = sizes[i] < 16380 ? sizes[i] : 16380;

		begin_message(TICKET, sizes[i], n);
		for (size_t left = sizes[i] - n; left > 0; left -= n) {
			n = left < sizeof more ? left : sizeof more;
			read_all();
			side->begin = side->end = 0;
			send_message(more, n);
		}
		goes_on();
	}
	begin_message(TICKET, TICKET_MAX + 1, 100);
	side->got_size = 0;
	refused(GNUTLS_A_DECODE_ERROR);
	establish(2 * _i, false);
	begin_message(TICKET, 0, 0);
	refused(GNUTLS_A_DECODE_ERROR);
}

/* Which messages may come depends on version and role. */
TEST_LOOP(other_messages, MUTUAL_OURS *ROLES)
{
	const bool is_tls13 = _i / ROLES % 2 == 0, is_server = _i % ROLES;
	const int good = is_tls13 ? is_server ? KEY_UPDATE : TICKET
	    : is_server           ? CLIENT_HELLO
				  : HELLO_REQUEST;

	for (int type = 0; type < 256; type++) {
		if (type == good || (is_tls13 && type == KEY_UPDATE))
			continue;
		establish(_i / ROLES, is_server);
		begin_message(type, 3, 3);
		refused(GNUTLS_A_UNEXPECTED_MESSAGE);
	}
	establish(_i / ROLES, is_server);
	tls_pair_send(peer, TLS_HANDSHAKE, "", 0);
	refused(GNUTLS_A_UNEXPECTED_MESSAGE);
}

/* The peer is told why (RFC 5246, 7.2.2), and that this was the end. */
static void
refused_after_warning(void)
{
	read_all();
	ck_assert_uint_eq(count_records(peer), 2);
	tls_pair_step(peer, tls_record_size(peer->inbox + peer->begin));
	ck_assert_int_eq(peer->result, TLS_AGAIN);
	ck_assert_uint_eq(peer->tls->warnings, 1);
	side->got_size = 0;
	refused(GNUTLS_A_UNEXPECTED_MESSAGE);
}

/* A client refuses each by a warning, and the ninth ends the session. */
TEST_LOOP(hello_requests, TLS13_SUITES)
{
	establish(2 * _i + 1, false);
	for (int i = 0; i < 8; i++) {
		if (i % 2 == 0)
			begin_message(HELLO_REQUEST, 0, 0);
		else
			for (int k = 0; k < 4; k++)
				send_message("", 1);
		read_all();
		ck_assert_uint_eq(count_records(peer), 1);
		goes_on();
		ck_assert_uint_eq(peer->tls->warnings, 1);
		peer->tls->warnings = 0;
	}
	begin_message(HELLO_REQUEST, 0, 0);
	refused_after_warning();

	establish(2 * _i + 1, false);
	begin_message(HELLO_REQUEST, 1, 1);
	refused(GNUTLS_A_UNEXPECTED_MESSAGE);
}

TEST_LOOP(renegotiation, TLS13_SUITES)
{
	establish(2 * _i + 1, true);
	begin_message(CLIENT_HELLO, 100, 100);
	refused_after_warning();
}

/* Each content type but the three that are expected is refused. */
TEST_LOOP(other_types, MUTUAL_OURS *ROLES)
{
	for (int type = 0; type < 256; type++) {
		if (type >= TLS_ALERT && type <= TLS_APPLICATION_DATA)
			continue;
		establish(_i / ROLES, _i % ROLES);
		tls_pair_send(peer, type, "\1", 1);
		refused(GNUTLS_A_UNEXPECTED_MESSAGE);
	}
}

/* Its header is enough: what follows may never come. */
TEST_LOOP(something_else_than_tls, MUTUAL_OURS)
{
	establish(_i, true);
	memcpy(side->inbox, "GET / HTTP/1.1", 14);
	side->end = 14;
	refused(GNUTLS_A_UNEXPECTED_MESSAGE);
}

/* Records that are not sealed are refused. */
TEST_LOOP(records_in_the_clear, MUTUAL_OURS)
{
	static const uint8_t records[][7] = { { 20, 3, 3, 0, 1, 1 },
		{ 21, 3, 3, 0, 2, 2, 40 }, { 22, 3, 3, 0, 1, 0 } };

	for (size_t i = 0; i < TEST_ROWS(records); i++) {
		establish(_i, true);
		memcpy(side->inbox, records[i], sizeof records[i]);
		side->end = tls_record_size(records[i]);
		refused(side->tls->is_tls13 || records[i][0] < TLS_ALERT
			? GNUTLS_A_UNEXPECTED_MESSAGE
			: GNUTLS_A_BAD_RECORD_MAC);
	}
}

/* Opening them costs as much as data, so their number is limited. */
TEST_LOOP(records_without_data, MUTUAL_OURS *ROLES)
{
	establish(_i / ROLES, _i % ROLES);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < WITHOUT_DATA_MAX; i++)
			tls_pair_send(peer, TLS_APPLICATION_DATA, "", 0);
		goes_on();
	}
	side->got_size = 0;
	for (int i = 0; i <= WITHOUT_DATA_MAX; i++)
		tls_pair_send(peer, TLS_APPLICATION_DATA, "", 0);
	refused(GNUTLS_A_UNEXPECTED_MESSAGE);
}

SUITE("common/tls/messages")
