/*
 * Several master keys at one server: what the library makes of a key that is
 * chosen in a hook for the ClientHello.
 */
#include <gnutls/crypto.h>
#include <string.h>
#include <time.h>

#include "common/tls/ticket.h"
#include "tests/support/fake_time.h"
#include "tests/support/raw_tls.h"
#include "tests/support/suite.h"
#include "tests/support/ticket.h"
#include "tests/support/ticket_session.h"

#define BOTH "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

static const char *const priorities[] = { RAW_TLS_13, RAW_TLS_12 };

static struct raw_tls r;
static struct raw_tls_kept kept;

/* The letter of the key that gave the client's last ticket. */
static char
issuer(int64_t now_s)
{
	static const char letters[] = "ABC";
	struct file_bytes keys = FILE_BYTES_INIT;
	int found;

	ck_assert_uint_ge(r.tickets, 1);
	ticket_session_keys(&keys, letters);
	found = tls_ticket_keys_find(&keys, r.ticket, now_s);
	file_bytes_free(&keys);
	return found >= 0 ? letters[found] : '?';
}

/* A full handshake; the client keeps its ticket. */
static void
get_ticket(const char *letters, const char *priority)
{
	struct ticket_session v;

	ticket_session_open(&v, &r, letters, priority);
	ticket_session_run(&v);
	ck_assert(!v.is_offered);
	ck_assert(!raw_tls_is_resumed(&r));
	ck_assert_uint_eq(r.tickets, 1);
	ck_assert_int_eq(issuer(v.now_s), letters[0]);
	raw_tls_keep(&r, &kept);
	ticket_session_close(&v);
}

/* A handshake with that ticket; whether it resumed. Sessions stay open. */
static bool
come_again(struct ticket_session *v, const char *letters, const char *priority)
{
	ticket_session_open(v, &r, letters, priority);
	raw_tls_resume(&r, &kept);
	ticket_session_run(v);
	return raw_tls_is_resumed(&r);
}

TEST_LOOP(ticket_of_the_first_key, 2)
{
	struct ticket_session v;

	get_ticket("AB", priorities[_i]);
	ck_assert(come_again(&v, "AB", priorities[_i]));
	ck_assert_int_eq(v.found, 0);
	/* TLS 1.2 does not renew a ticket that it accepts. */
	ck_assert_uint_eq(r.tickets, _i == 0 ? 1 : 0);
	if (_i == 0)
		ck_assert_int_eq(issuer(v.now_s), 'A');
	ticket_session_close(&v);
	raw_tls_forget(&kept);
}

TEST_LOOP(ticket_of_an_older_key, 2)
{
	struct ticket_session v;

	get_ticket("A", priorities[_i]);
	for (int times = 0; times < 3; times++) {
		ck_assert(come_again(&v, "CBA", priorities[_i]));
		ck_assert_int_eq(v.found, 2);
		ck_assert_uint_eq(r.tickets, 0);
		ticket_session_close(&v);
	}
	raw_tls_forget(&kept);
}

/* Such a ticket costs a full handshake, and is replaced. */
TEST_LOOP(ticket_of_an_unknown_key, 2)
{
	struct ticket_session v;

	get_ticket("C", priorities[_i]);
	ck_assert(!come_again(&v, "BA", priorities[_i]));
	ck_assert(v.is_offered);
	ck_assert_int_eq(v.found, -1);
	ck_assert_uint_eq(r.tickets, 1);
	ck_assert_int_eq(issuer(v.now_s), 'B');
	ticket_session_close(&v);
	raw_tls_forget(&kept);
}

/*
 * A known name is not enough: the library checks the MAC. Under TLS 1.2 it then
 * issues a ticket with the key of that name; under TLS 1.3 tickets are ours to
 * send, and an older key sends none.
 */
TEST_LOOP(damaged_ticket, 2)
{
	uint8_t forged[RAW_TLS_TICKET];
	struct ticket_session v;

	get_ticket("A", priorities[_i]);
	memcpy(forged, kept.ticket, kept.ticket_size);
	forged[kept.ticket_size / 2] ^= 1;
	raw_tls_forge(&kept, forged);
	ck_assert(!come_again(&v, "BA", priorities[_i]));
	ck_assert_int_eq(v.found, 1);
	ck_assert_uint_eq(r.tickets, _i == 0 ? 0 : 1);
	if (_i == 1)
		ck_assert_int_eq(issuer(v.now_s), 'A');
	ticket_session_close(&v);
	raw_tls_forget(&kept);
}

/*
 * CVE-2020-13777: a server that had not yet derived its first key encrypted
 * under zeros, and accepted what anybody had encrypted so.
 */
TEST_LOOP(ticket_under_zeros, 4)
{
	static const struct tls_ticket_secrets zeros;
	static const uint8_t zero_master[TLS_TICKET_KEY_SIZE];
	struct tls_ticket_secrets secrets, forgers[2];
	uint8_t state[RAW_TLS_TICKET];
	uint8_t forged[RAW_TLS_TICKET];
	struct file_bytes keys = FILE_BYTES_INIT;
	struct ticket_session v;
	size_t size;

	forgers[0] = zeros;
	tls_ticket_key_derive(&forgers[1], zero_master, time(NULL));
	ticket_session_keys(&keys, "A");
	tls_ticket_key_derive(&secrets, keys.data, time(NULL));
	file_bytes_free(&keys);
	get_ticket("A", priorities[_i % 2]);
	size = ticket_open(state, kept.ticket, kept.ticket_size, &secrets);
	/* What is forged with the right key is good: so it is not the form. */
	(void)ticket_seal(forged, state, size, &secrets);
	raw_tls_forge(&kept, forged);
	ck_assert(come_again(&v, "A", priorities[_i % 2]));
	ticket_session_close(&v);
	(void)ticket_seal(forged, state, size, &forgers[_i / 2]);
	raw_tls_forge(&kept, forged);
	ck_assert(!come_again(&v, "A", priorities[_i % 2]));
	ck_assert(v.is_offered);
	ck_assert_int_eq(v.found, -1);
	ticket_session_close(&v);
	raw_tls_forget(&kept);
}

/*
 * The library refuses what is past its lifetime, by the server's clock: the
 * client's, which is behind, says that the ticket is still good.
 */
TEST_LOOP(expired_ticket, 4)
{
	const bool expired = _i / 2 == 0;
	struct ticket_session v;

	get_ticket("A", priorities[_i % 2]);
	ticket_session_open(&v, &r, "BA", priorities[_i % 2]);
	raw_tls_resume(&r, &kept);
	ck_assert_int_eq(gnutls_handshake(r.client.session), GNUTLS_E_AGAIN);
	fake_time_shift(TLS_TICKET_LIFETIME_S + (expired ? 60 : -60));
	v.now_s = time(NULL);
	ticket_session_run(&v);
	ck_assert(v.is_offered);
	ck_assert_int_eq(v.found, 1);
	ck_assert(raw_tls_is_resumed(&r) == !expired);
	fake_time_shift(0);
	ticket_session_close(&v);
	raw_tls_forget(&kept);
}

TEST_LOOP(ticket_of_the_previous_period, 2)
{
	const time_t begin =
	    time(NULL) / TLS_TICKET_PERIOD_S * TLS_TICKET_PERIOD_S;
	struct ticket_session v;

	raw_tls_set_time(begin - 60);
	ticket_session_open(&v, &r, "A", priorities[_i]);
	ticket_session_run(&v);
	raw_tls_keep(&r, &kept);
	ticket_session_close(&v);
	raw_tls_set_time(begin + 60);
	ticket_session_open(&v, &r, "BA", priorities[_i]);
	v.now_s = begin + 60;
	raw_tls_resume(&r, &kept);
	ticket_session_run(&v);
	ck_assert(raw_tls_is_resumed(&r));
	ck_assert_int_eq(v.found, 1);
	ticket_session_close(&v);
	raw_tls_forget(&kept);
}

/* A group that the client sent no key share of: it says hello twice. */
TEST_LOOP(hello_retry, 3)
{
	static const char letters[3][3] = { "A", "BA", "B" };
	struct ticket_session v;

	get_ticket("A", RAW_TLS_13);
	ticket_session_open(&v, &r, letters[_i], RAW_TLS_13);
	ck_assert_int_eq(gnutls_priority_set_direct(r.client.session,
			     RAW_TLS_13 ":-GROUP-ALL:+GROUP-SECP384R1:"
					"+GROUP-SECP256R1",
			     NULL),
	    0);
	ck_assert_int_eq(gnutls_priority_set_direct(r.server.session,
			     RAW_TLS_13 ":-GROUP-ALL:+GROUP-SECP256R1", NULL),
	    0);
	raw_tls_resume(&r, &kept);
	ticket_session_run(&v);
	ck_assert_uint_eq(v.hellos, 2);
	ck_assert(raw_tls_is_resumed(&r) == (_i < 2));
	ticket_session_close(&v);
	raw_tls_forget(&kept);
}

/*
 * A client that has a ticket of TLS 1.2 now also speaks TLS 1.3: where the
 * server does, too, the handshake is a full one, and there is no ticket.
 */
TEST(old_ticket_in_a_new_hello)
{
	struct ticket_session v;

	get_ticket("A", RAW_TLS_12);
	ck_assert(!come_again(&v, "A", BOTH));
	ck_assert(v.is_offered);
	ck_assert(!v.is_enabled);
	ck_assert_int_eq(
	    gnutls_protocol_get_version(r.server.session), GNUTLS_TLS1_3);
	ck_assert_uint_eq(r.tickets, 0);
	ticket_session_close(&v);
	raw_tls_forget(&kept);
}

/* A server that does not speak TLS 1.3 goes on resuming. */
TEST(new_hello_at_an_old_server)
{
	struct ticket_session v;

	get_ticket("A", RAW_TLS_12);
	ticket_session_open(&v, &r, "BA", RAW_TLS_12);
	ck_assert_int_eq(
	    gnutls_priority_set_direct(r.client.session, BOTH, NULL), 0);
	raw_tls_resume(&r, &kept);
	ticket_session_run(&v);
	ck_assert(raw_tls_is_resumed(&r));
	ck_assert_int_eq(v.found, 1);
	ticket_session_close(&v);
	raw_tls_forget(&kept);
}

/* Why tickets are not enabled there: if this fails, that is not needed. */
TEST(old_ticket_makes_the_library_fail)
{
	struct file_bytes keys = FILE_BYTES_INIT;
	int server;
	int client;

	get_ticket("A", RAW_TLS_12);
	raw_tls_open(&r, BOTH, 0);
	ticket_session_keys(&keys, "A");
	ck_assert_int_eq(ticket_session_enable(r.server.session, &keys, 0), 0);
	raw_tls_resume(&r, &kept);
	(void)gnutls_handshake(r.client.session);
	server = gnutls_handshake(r.server.session);
	client = gnutls_handshake(r.client.session);
	ck_assert_int_eq(server, GNUTLS_E_AGAIN);
	ck_assert_int_eq(client, GNUTLS_E_UNEXPECTED_HANDSHAKE_PACKET);
	raw_tls_close(&r);
	file_bytes_free(&keys);
	raw_tls_forget(&kept);
}

/* The last key that is set before the library uses one is the one it uses. */
TEST_LOOP(key_may_be_set_until_it_is_used, 2)
{
	struct file_bytes keys = FILE_BYTES_INIT;
	int again;

	ticket_session_keys(&keys, "AB");
	raw_tls_open(&r, priorities[_i], 0);
	ck_assert_int_eq(ticket_session_enable(r.server.session, &keys, 0), 0);
	ck_assert_int_eq(ticket_session_enable(r.server.session, &keys, 0), 0);
	ck_assert_int_eq(ticket_session_enable(r.server.session, &keys, 1), 0);
	raw_tls_handshake(&r);
	ck_assert_int_eq(issuer(time(NULL)), 'B');
	again = ticket_session_enable(r.server.session, &keys, 0);
	ck_assert_int_eq(again, GNUTLS_E_INVALID_REQUEST);
	raw_tls_close(&r);
	file_bytes_free(&keys);
}

/*
 * The defect of CVE-2020-13777 is still there for a clock that stands in the
 * first period: such a server must not have tickets.
 */
TEST_LOOP(clock_of_1970, 2)
{
	static const uint8_t zeros[TLS_TICKET_NAME_SIZE];
	struct file_bytes keys = FILE_BYTES_INIT;
	struct ticket_session v;

	raw_tls_set_time(TLS_TICKET_PERIOD_S - 1);
	raw_tls_open(&r, priorities[_i], 0);
	ticket_session_keys(&keys, "A");
	ck_assert_int_eq(ticket_session_enable(r.server.session, &keys, 0), 0);
	raw_tls_handshake(&r);
	ck_assert_mem_eq(r.ticket, zeros, sizeof zeros);
	raw_tls_close(&r);
	file_bytes_free(&keys);
	ticket_session_open(&v, &r, "A", priorities[_i]);
	v.now_s = TLS_TICKET_PERIOD_S - 1;
	ticket_session_run(&v);
	ck_assert_uint_eq(r.tickets, 0);
	ticket_session_close(&v);
}

TEST_LOOP(several_tickets_at_once, 2)
{
	struct ticket_session v;

	ticket_session_open(&v, &r, "A", priorities[_i]);
	ticket_session_run(&v);
	ck_assert_uint_eq(r.tickets, 1);
	ticket_session_send_tickets(&v, 3);
	ck_assert_uint_eq(r.tickets, _i == 0 ? 4 : 1);
	ticket_session_close(&v);
}

SUITE("common/tls/ticket_rotation")
