/* Session tickets: for all workers, across reloads and deaths, and how many. */
#include <check.h>
#include <jansson.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/ticket.h"
#include "tests/support/ticket_file.h"
#include "tests/support/tlspeer.h"

enum {
	WORKERS = 4,
	CLIENTS = 24,
	TICKET_MAX = 1 << 13
};

static struct server server;
static struct tlspeer peer;
static gnutls_datum_t session;

/* What the client has been sent: how many tickets, and the last of them. */
static unsigned tickets;
static uint8_t ticket[TICKET_MAX];
static size_t ticket_size;

static void
take(int version)
{
	resume_take(&session, server.port, "ca/alice", version);
}

static bool
use(int version)
{
	return resume_use(&session, server.port, "ca/alice", version);
}

static void
stop(void)
{
	gnutls_free(session.data);
	server_stop_clean(&server);
}

static void
expect_tickets(uint64_t offered, uint64_t accepted)
{
	ck_assert_uint_eq(server_total(&server, "tickets_offered"), offered);
	ck_assert_uint_eq(server_total(&server, "tickets_accepted"), accepted);
	ck_assert_uint_eq(
	    server_total(&server, "handshakes_resumed"), accepted);
}

/* Connections stay open, so that each worker gets as many as the others. */
START_TEST(over_all_workers)
{
	static struct tlspeer peers[CLIENTS];

	server_start(&server, "--workers", "4", NULL);
	take(_i);
	AWAIT(server_total(&server, "open") == 0);
	for (int i = 0; i < CLIENTS; i++) {
		resume_open(&peers[i], &session, server.port, "ca/alice", _i);
		ck_assert_int_eq(tlspeer_handshake(&peers[i]), 0);
		tlspeer_echo(&peers[i], "hello", 5);
		ck_assert_int_ne(
		    gnutls_session_is_resumed(peers[i].session), 0);
	}
	expect_tickets(CLIENTS, CLIENTS);
	for (unsigned i = 0; i < WORKERS; i++)
		ck_assert_uint_eq(
		    server_worker_value(&server, i, "tickets_accepted"),
		    CLIENTS / WORKERS);
	for (int i = 0; i < CLIENTS; i++)
		tlspeer_finish(&peers[i]);
	stop();
}
END_TEST

START_TEST(over_reloads)
{
	server_start(&server, NULL);
	take(_i);
	for (int i = 0; i < 3; i++) {
		server_reload(&server);
		ck_assert(use(_i));
	}
	expect_tickets(3, 3);
	stop();
}
END_TEST

/* No worker is left of those that were there when the ticket was issued. */
START_TEST(over_dead_workers)
{
	server_start(&server, "--workers", "4", NULL);
	take(_i);
	AWAIT(server_total(&server, "open") == 0);
	for (unsigned i = 0; i < WORKERS; i++)
		server_replace_worker(&server, i);
	for (int i = 0; i < WORKERS; i++)
		ck_assert(use(_i));
	expect_tickets(WORKERS, WORKERS);
	stop();
}
END_TEST

/* A key made at start is for this server alone. */
START_TEST(of_another_server)
{
	server_start(&server, NULL);
	take(_i);
	server_stop_idle(&server);
	server_start(&server, NULL);
	ck_assert(!use(_i));
	expect_tickets(1, 0);
	ck_assert_uint_eq(server_total(&server, "tickets_unknown_key"), 1);
	stop();
}
END_TEST

/* A ticket is 4 bytes lifetime, perhaps more, and a vector of 2 + n bytes. */
static int
on_ticket(gnutls_session_t s, unsigned type, unsigned when, unsigned incoming,
    const gnutls_datum_t *message)
{
	size_t at = gnutls_protocol_get_version(s) == GNUTLS_TLS1_3 ? 8 : 4;

	(void)type;
	(void)when;
	(void)incoming;
	tickets++;
	if (at == 8) /* the nonce */
		at += (size_t)1 + message->data[8];
	ticket_size = (size_t)message->data[at] << 8 | message->data[at + 1];
	ck_assert_uint_le(ticket_size, sizeof ticket);
	ck_assert_uint_le(at + 2 + ticket_size, message->size);
	memcpy(ticket, message->data + at + 2, ticket_size);
	return 0;
}

/* A session that counts tickets; what is sent last comes after them. */
static void
count_tickets(const gnutls_datum_t *kept, int version)
{
	tickets = 0;
	resume_open(&peer, kept, server.port, "ca/alice", version);
	gnutls_handshake_set_hook_function(peer.session,
	    GNUTLS_HANDSHAKE_NEW_SESSION_TICKET, GNUTLS_HOOK_PRE, on_ticket);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_echo(&peer, "hello", 5);
	ck_assert_int_eq(gnutls_session_is_resumed(peer.session) != 0,
	    kept != NULL && tickets > 0);
}

/* In TLS 1.2 a handshake brings one, a resumed one none. */
static const struct {
	const char *option, *value;
	unsigned after_full[RESUME_VERSIONS];
	unsigned after_resumed;
} numbers[] = {
	{ NULL, NULL, { 2, 1 }, 1 },
	{ "--tickets", "1", { 1, 1 }, 1 },
	{ "--tickets", "5", { 5, 1 }, 1 },
	{ "--tickets", "16", { 16, 1 }, 1 },
};

START_TEST(number)
{
	unsigned first = numbers[_i / 2].after_full[_i % 2];
	int version = _i % 2;

	server_start(
	    &server, numbers[_i / 2].option, numbers[_i / 2].value, NULL);
	count_tickets(NULL, version);
	ck_assert_uint_eq(tickets, first);
	ck_assert_uint_eq(server_total(&server, "tickets_issued"), first);
	ck_assert_int_eq(gnutls_session_get_data2(peer.session, &session), 0);
	tlspeer_finish(&peer);
	if (version == 0) {
		count_tickets(&session, version);
		ck_assert_uint_eq(tickets, numbers[_i / 2].after_resumed);
		tlspeer_finish(&peer);
		ck_assert_uint_eq(
		    server_total(&server, "tickets_issued"), first + tickets);
	}
	stop();
}
END_TEST

/* Not issued, and not taken: not even one that was good before. */
START_TEST(off)
{
	server_start(&server, NULL);
	take(_i);
	server_stop_idle(&server);
	server_start(&server, "--tickets", "off", NULL);
	count_tickets(&session, _i);
	ck_assert_uint_eq(tickets, 0);
	tlspeer_finish(&peer);
	ck_assert(!use(_i));
	expect_tickets(0, 0);
	ck_assert_uint_eq(server_total(&server, "tickets_issued"), 0);
	stop();
}
END_TEST

/* Puts another ticket, as long, into what the client kept. */
static void
replace_ticket(const uint8_t *forged)
{
	uint8_t *at = memmem(session.data, session.size, ticket, ticket_size);

	ck_assert_ptr_nonnull(at);
	memcpy(at, forged, ticket_size);
}

/*
 * Secrets that GnuTLS once encrypted with, and what is like them: all zero;
 * zero under the name of our key; those that a key of zeros gives; and, to show
 * that a forgery as such is good enough, the right ones.
 */
static void
forge_secrets(struct tls_ticket_secrets *forged,
    const struct tls_ticket_secrets *real, int kind, int64_t now_s)
{
	static const uint8_t zero[TLS_TICKET_KEY_SIZE];

	memset(forged, 0, sizeof *forged);
	if (kind == 1)
		memcpy(forged->name, real->name, sizeof real->name);
	if (kind == 2)
		tls_ticket_key_derive(forged, zero, now_s);
	if (kind == 3)
		*forged = *real;
}

/* CVE-2020-13777: whoever knew the zeros could decrypt, and come in. */
START_TEST(forged)
{
	static const char *const counters[] = { "tickets_unknown_key",
		"tickets_refused_other", "tickets_unknown_key",
		"tickets_accepted" };
	int kind = _i / RESUME_VERSIONS;
	int version = _i % RESUME_VERSIONS;
	int64_t now_s = (int64_t)time(NULL);
	struct tls_ticket_secrets real;
	struct tls_ticket_secrets secrets;
	uint8_t key[TLS_TICKET_KEY_SIZE];
	static uint8_t state[TICKET_MAX];
	static uint8_t bytes[TICKET_MAX];
	size_t size;

	ticket_file_write("tickets.key", "A");
	server_start(&server, "--ticket-key-file", "tickets.key", NULL);
	count_tickets(NULL, version);
	ck_assert_int_eq(gnutls_session_get_data2(peer.session, &session), 0);
	tlspeer_finish(&peer);
	ticket_file_key(key, 'A');
	tls_ticket_key_derive(&real, key, now_s);
	forge_secrets(&secrets, &real, kind, now_s);
	size = ticket_open(state, ticket, ticket_size, &real);
	ck_assert_uint_eq(
	    ticket_seal(bytes, state, size, &secrets), ticket_size);
	replace_ticket(bytes);
	ck_assert_int_eq(use(version), kind == 3);
	ck_assert_uint_eq(server_total(&server, counters[kind]), 1);
	expect_tickets(1, kind == 3);
	stop();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/tickets");
	const int count = sizeof numbers / sizeof *numbers;

	SUITE_ADD_LOOP(s, over_all_workers, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, over_reloads, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, over_dead_workers, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, of_another_server, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, number, count * RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, off, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, forged, 4 * RESUME_VERSIONS);
	return fixture_run(s, argc, argv);
}
