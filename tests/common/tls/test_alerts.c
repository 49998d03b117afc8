/* test_alerts: alerts after the handshake (RFC 8446, 6; RFC 5246, 7.2). */
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/tls/keys.h"
#include "common/tls/private.h"
#include "common/tls/records.h"
#include "common/tls/session.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	WARNING = 1,
	FATAL = 2,
	TOLERATED = 8, /* warnings in a session */
};

static struct tls_pair p;

/* From the client: it is the server that is tested. */
static void
send_alert(int level, int description)
{
	const uint8_t alert[] = { (uint8_t)level, (uint8_t)description };

	tls_pair_send(&p.client, TLS_ALERT, alert, sizeof alert);
}

static void
echo(struct tls_pair_side *first)
{
	p.server.got_size = p.client.got_size = 0;
	tls_pair_write(first, "hello", 5);
	tls_pair_run(&p, 1);
	ck_assert_uint_eq(first->other->got_size, 5);
	tls_pair_write(first->other, "world", 5);
	tls_pair_run(&p, 1);
	ck_assert_uint_eq(first->got_size, 5);
}

/* The server has failed by this alert, and has not answered it. */
static void
is_told(int description)
{
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PEER_ALERT);
	ck_assert_int_eq(p.server.tls->peer_alert, description);
	ck_assert_uint_eq(p.client.begin, p.client.end);
}

static bool
is_warning(const struct tls *tls, int level, int description)
{
	return tls->is_tls13 ? description == GNUTLS_A_USER_CANCELED
			     : level == WARNING;
}

/* Under TLS 1.3 the level does not matter. Unknown alerts end it, too. */
TEST_LOOP(alerts_that_end_it, MUTUAL_OURS)
{
	static const int levels[] = { 0, WARNING, FATAL, 255 };

	for (size_t i = 0; i < TEST_ROWS(levels); i++)
		for (int description = 1; description < 256;
		     description += levels[i] == FATAL ? 1 : 89) {
			tls_pair_establish(&p, _i);
			send_alert(levels[i], description);
			tls_pair_run(&p, 1);
			if (is_warning(p.server.tls, levels[i], description))
				echo(&p.client);
			else
				is_told(description);
			tls_pair_close(&p);
		}
}

TEST_LOOP(some_warnings_are_passed_over, MUTUAL_OURS)
{
	tls_pair_establish(&p, _i);
	for (int i = 0; i < TOLERATED; i++) {
		send_alert(WARNING, GNUTLS_A_USER_CANCELED);
		echo(&p.client);
	}
	send_alert(WARNING, GNUTLS_A_USER_CANCELED);
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	tls_pair_refused(&p.server, GNUTLS_A_UNEXPECTED_MESSAGE);
	tls_pair_close(&p);
}

/* An alert may not be cut, nor under TLS 1.3 share a record (RFC 8446, 5.1). */
TEST_LOOP(one_alert_a_record, MUTUAL_OURS)
{
	static const uint8_t alerts[] = { WARNING, 90, WARNING, 90, WARNING };

	for (size_t n = 0; n <= sizeof alerts; n++) {
		tls_pair_establish(&p, _i);
		tls_pair_send(&p.client, TLS_ALERT, alerts, n);
		tls_pair_step(&p.server, TLS_PAIR_SIZE);
		if (n == 2 || (n == 4 && !p.server.tls->is_tls13))
			ck_assert_uint_eq(p.server.tls->warnings, n / 2);
		else
			tls_pair_refused(
			    &p.server, GNUTLS_A_UNEXPECTED_MESSAGE);
		tls_pair_close(&p);
	}
}

/* Under TLS 1.2, each is obeyed (RFC 5246, 6.2.1). */
TEST_LOOP(several_alerts_in_a_record, MUTUAL_OURS / 2)
{
	static const uint8_t fatal[] = { WARNING, 90, FATAL, 40, WARNING, 0 };
	static const uint8_t closing[] = { WARNING, 90, WARNING, 0, FATAL, 40 };

	tls_pair_establish(&p, 2 * _i + 1);
	tls_pair_send(&p.client, TLS_ALERT, fatal, sizeof fatal);
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	is_told(40);
	tls_pair_close(&p);
	tls_pair_establish(&p, 2 * _i + 1);
	tls_pair_send(&p.client, TLS_ALERT, closing, sizeof closing);
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_EOF);
	tls_pair_close(&p);
}

/* Data that is on its way arrives, and the other side may send more. */
TEST_LOOP(close_notify_with_data_under_way, MUTUAL_OURS)
{
	static const uint8_t data[3 * TLS_RECORD_MAX];

	tls_pair_establish(&p, _i);
	tls_pair_write(&p.client, data, sizeof data);
	tls_pair_write(&p.server, data, sizeof data);
	tls_close_notify(p.client.tls);
	tls_pair_run(&p, 1000);
	ck_assert_int_eq(p.server.result, TLS_EOF);
	ck_assert_uint_eq(p.server.got_size, sizeof data);
	ck_assert_int_eq(p.client.result, TLS_AGAIN);
	tls_pair_write(&p.server, data, sizeof data);
	tls_close_notify(p.server.tls);
	tls_pair_run(&p, 1000);
	ck_assert_int_eq(p.client.result, TLS_EOF);
	ck_assert_uint_eq(p.client.got_size, 2 * sizeof data);
	tls_pair_close(&p);
}

/* After close_notify a side sends neither a new key nor an alert. */
TEST_LOOP(nothing_follows_close_notify, MUTUAL_OURS)
{
	size_t end;

	tls_pair_establish(&p, _i);
	tls_close_notify(p.server.tls);
	end = p.client.end;
	if (p.server.tls->is_tls13) {
		tls_pair_send(&p.client, TLS_HANDSHAKE, "\x18\0\0\1\1", 5);
		ck_assert(tls_key_update(p.client.tls, TLS_OUT));
	}
	tls_pair_write(&p.client, "hello", 5);
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_AGAIN);
	ck_assert_uint_eq(p.server.got_size, 5);
	tls_pair_send(&p.client, 99, "what?", 5);
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);
	ck_assert_uint_eq(p.client.end, end);
	tls_pair_run(&p, 1);
	ck_assert_int_eq(p.client.result, TLS_EOF);
	tls_pair_close(&p);
}

/* What follows it is not read, and its level does not matter. */
TEST_LOOP(close_notify_is_the_last, MUTUAL_OURS)
{
	for (int level = 0; level < 4; level++) {
		tls_pair_establish(&p, _i);
		send_alert(level, GNUTLS_A_CLOSE_NOTIFY);
		tls_pair_write(&p.client, "hello", 5);
		tls_pair_step(&p.server, TLS_PAIR_SIZE);
		ck_assert_int_eq(p.server.result, TLS_EOF);
		ck_assert_uint_eq(p.server.got_size, 0);
		ck_assert_uint_eq(p.client.begin, p.client.end);
		tls_pair_write(&p.server, "world", 5);
		tls_pair_run(&p, 1);
		ck_assert_uint_eq(p.client.got_size, 5);
		tls_pair_close(&p);
	}
}

TEST_LOOP(refused_after_the_handshake, MUTUAL_OURS)
{
	tls_pair_establish(&p, _i);
	tls_refuse(p.server.tls, REASON_REVOKED);
	tls_pair_run(&p, 1);
	ck_assert_int_eq(p.client.result, TLS_FAIL);
	ck_assert_int_eq(
	    tls_peer_alert(p.client.tls), GNUTLS_A_CERTIFICATE_REVOKED);
	tls_pair_close(&p);
}

static struct mutual m;

static gnutls_session_t
meet_gnutls(struct tls_pair_side *peer, int suite)
{
	gnutls_session_t session;

	mutual_init(&m, mutual_priorities[suite]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	session = tls_pair_keep_session(peer);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	return session;
}

static void
part_with_gnutls(void)
{
	tls_pair_close(&p);
	mutual_fini(&m);
}

TEST_LOOP(alerts_of_gnutls, MUTUAL_OURS)
{
	gnutls_session_t session = meet_gnutls(&p.client, _i);

	ck_assert_int_eq(
	    gnutls_alert_send(session, GNUTLS_AL_FATAL, GNUTLS_A_ACCESS_DENIED),
	    0);
	tls_pair_run(&p, 1);
	is_told(GNUTLS_A_ACCESS_DENIED);
	part_with_gnutls();
}

TEST_LOOP(alerts_to_gnutls, MUTUAL_OURS)
{
	(void)meet_gnutls(&p.client, _i);
	tls_pair_write(&p.client, "hello", 5);
	p.server.inbox[p.server.end - 1] ^= 1;
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	tls_pair_refused(&p.server, GNUTLS_A_BAD_RECORD_MAC);
	part_with_gnutls();
}

/* GnuTLS, whose session it stays, allows 8 a second, and would say that it was
 * an error of our own. */
TEST(many_key_updates_in_a_session_of_gnutls)
{
	gnutls_session_t session = meet_gnutls(&p.client, MUTUAL_CCM);

	for (int i = 0; i < 9; i++)
		ck_assert_int_eq(gnutls_session_key_update(session, 0), 0);
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	tls_pair_refused(&p.server, GNUTLS_A_UNEXPECTED_MESSAGE);
	part_with_gnutls();
}

TEST_LOOP(gnutls_asks_to_renegotiate, MUTUAL_OURS / 2)
{
	gnutls_session_t session = meet_gnutls(&p.server, 2 * _i + 1);

	ck_assert_int_eq(gnutls_rehandshake(session), 0);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.client.result, TLS_AGAIN);
	ck_assert_uint_eq(p.client.tls->warnings, 1);
	ck_assert_uint_eq(p.server.tls->warnings, 1);
	echo(&p.server);
	part_with_gnutls();
}

TEST_LOOP(gnutls_renegotiates, MUTUAL_OURS / 2)
{
	gnutls_session_t session = meet_gnutls(&p.client, 2 * _i + 1);
	struct tls_input nothing = { .bytes = NULL };

	p.client.tls->gnutls->in = &nothing;
	ck_assert_int_eq(gnutls_handshake(session), GNUTLS_E_AGAIN);
	p.client.tls->gnutls->in = NULL;
	tls_pair_step(&p.server, TLS_PAIR_SIZE);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_PROTOCOL);
	tls_pair_step(&p.client, TLS_PAIR_SIZE);
	ck_assert_uint_eq(p.client.tls->warnings, 1);
	part_with_gnutls();
}

SUITE("common/tls/alerts")
