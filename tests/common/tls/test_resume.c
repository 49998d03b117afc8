/*
 * test_resume: tickets, and that a resumed session is verified like a new
 * one.
 */
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/tls/private.h"
#include "common/tls/session.h"
#include "tests/support/fake_time.h"
#include "tests/support/mutual.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

static struct tls_pair p;
static struct mutual m;
static gnutls_datum_t ticket;

/* A first session, of which the client keeps what it needs to resume. */
static void
take_ticket(void)
{
	gnutls_session_t client;

	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	client = tls_pair_keep_session(&p.client);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	ck_assert(!tls_is_resumed(p.server.tls));
	tls_pair_write(&p.server, "x", 1); /* the ticket is in front of it */
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(gnutls_session_get_data2(client, &ticket), 0);
	tls_pair_close(&p);
}

static void
setup(int version)
{
	mutual_init_with_tickets(&m, mutual_priorities[version]);
	take_ticket();
}

static void
teardown(void)
{
	tls_pair_close(&p);
	gnutls_free(ticket.data);
	mutual_fini(&m);
}

static void
resume_with(struct tls_creds *client, struct tls_creds *server)
{
	tls_pair_open(&p, client, server, MUTUAL_NAME);
	ck_assert_int_eq(gnutls_session_set_data(p.client.tls->gnutls->session,
			     ticket.data, ticket.size),
	    0);
	tls_pair_run(&p, 1);
}

TEST_LOOP(resumes, MUTUAL_VERSIONS)
{
	setup(_i);
	for (int i = 0; i < 3; i++) {
		resume_with(m.client_creds, m.server_creds);
		ck_assert(p.client.established && p.server.established);
		ck_assert(tls_is_resumed(p.client.tls));
		ck_assert(tls_is_resumed(p.server.tls));
		tls_pair_write(&p.client, "hello", 5);
		tls_pair_run(&p, 1);
		ck_assert_mem_eq(p.server.got, "hello", 5);
		if (i < 2)
			tls_pair_close(&p);
	}
	teardown();
}

TEST_LOOP(without_tickets_there_is_no_resumption, MUTUAL_VERSIONS)
{
	mutual_init(&m, mutual_priorities[_i]);
	take_ticket();
	resume_with(m.client_creds, m.server_creds);
	ck_assert(p.client.established && p.server.established);
	ck_assert(!tls_is_resumed(p.server.tls));
	teardown();
}

/*
 * Under another server name TLS 1.2 does not resume (RFC 6066, 3), and TLS 1.3
 * may (RFC 8446, 4.6.1): in neither the handshake fails.
 */
TEST_LOOP(under_another_name, MUTUAL_VERSIONS)
{
	static const char name[] = "elsewhere.test";
	gnutls_session_t client;

	setup(_i);
	tls_pair_open(&p, m.client_creds, m.server_creds, NULL);
	client = p.client.tls->gnutls->session;
	ck_assert_int_eq(
	    gnutls_session_set_data(client, ticket.data, ticket.size), 0);
	ck_assert_int_eq(
	    gnutls_server_name_set(client, GNUTLS_NAME_DNS, name, strlen(name)),
	    0);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	if (_i == 1)
		ck_assert(!tls_is_resumed(p.server.tls));
	tls_pair_write(&p.client, "hello", 5);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_uint_eq(p.server.got_size, 5);
	teardown();
}

/* A server with the same ticket key, and other opinions. */
static struct tls_creds *
creds_with_same_ticket_key(
    const struct pki *identity, const struct pki *root, const char *priority)
{
	struct tls_bundle bundle = TLS_BUNDLE_INIT;
	const struct file_bytes *key = &m.server_creds->kept.ticket_keys;
	struct tls_creds *creds;

	pki_bundle(&bundle, identity, root);
	ck_assert_int_eq(
	    file_bytes_append(&bundle.ticket_keys, key->data, key->size), 0);
	creds = pki_creds_of(&bundle, TLS_SERVER, priority);
	tls_bundle_free(&bundle);
	return creds;
}

TEST_LOOP(root_that_was_replaced, MUTUAL_VERSIONS)
{
	struct tls_creds *creds;
	struct pki other;

	setup(_i);
	pki_make(&other, &(struct pki_options){ .name = "other" }, NULL);
	creds = creds_with_same_ticket_key(
	    &m.server, &other, mutual_priorities[_i]);
	resume_with(m.client_creds, creds);
	ck_assert(!p.server.established);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_UNKNOWN_ISSUER);
	ck_assert_int_eq(tls_reason(p.client.tls), REASON_PEER_ALERT);
	tls_creds_unref(&creds);
	pki_free(&other);
	teardown();
}

TEST_LOOP(reloaded_certificate_still_resumes, MUTUAL_VERSIONS)
{
	struct tls_creds *creds;
	struct pki renewed;

	setup(_i);
	pki_make(&renewed, &PKI_SERVER(MUTUAL_NAME), &m.root);
	creds = creds_with_same_ticket_key(
	    &renewed, &m.root, mutual_priorities[_i]);
	resume_with(m.client_creds, creds);
	ck_assert(p.server.established);
	ck_assert(tls_is_resumed(p.server.tls));
	tls_creds_unref(&creds);
	pki_free(&renewed);
	teardown();
}

/* A client's certificate that ends before all others do. */
static void
shorten_client(int version)
{
	struct pki_options options = PKI_CLIENT("short-lived");

	options.from_s = -60;
	options.until_s = 1800;
	tls_creds_unref(&m.client_creds);
	pki_free(&m.client);
	pki_make(&m.client, &options, &m.root);
	m.client_creds = pki_creds(
	    TLS_CLIENT, &m.client, &m.root, mutual_priorities[version]);
}

TEST_LOOP(expired_meanwhile, MUTUAL_VERSIONS)
{
	mutual_init_with_tickets(&m, mutual_priorities[_i]);
	shorten_client(_i);
	take_ticket();
	fake_time_shift(1805);
	resume_with(m.client_creds, m.server_creds);
	ck_assert(tls_is_resumed(p.server.tls));
	ck_assert(!p.server.established);
	ck_assert_uint_eq(p.server.got_size, 0);
	ck_assert_int_eq(p.server.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.server.tls), REASON_EXPIRED);
	ck_assert_int_eq(tls_reason(p.client.tls), REASON_PEER_ALERT);
	fake_time_shift(0);
	teardown();
}

TEST_LOOP(not_expired_yet, MUTUAL_VERSIONS)
{
	setup(_i);
	fake_time_shift(3500);
	resume_with(m.client_creds, m.server_creds);
	ck_assert(p.server.established && tls_is_resumed(p.server.tls));
	fake_time_shift(0);
	teardown();
}

/* A client that has learnt of another root meanwhile judges again, too. */
TEST_LOOP(client_judges_again, MUTUAL_VERSIONS)
{
	struct tls_creds *creds;
	struct pki other;

	setup(_i);
	pki_make(&other, &(struct pki_options){ .name = "other" }, NULL);
	creds = pki_creds(TLS_CLIENT, &m.client, &other, mutual_priorities[_i]);
	resume_with(creds, m.server_creds);
	ck_assert(!p.client.established);
	ck_assert_int_eq(p.client.result, TLS_FAIL);
	ck_assert_int_eq(tls_reason(p.client.tls), REASON_UNKNOWN_ISSUER);
	tls_creds_unref(&creds);
	pki_free(&other);
	teardown();
}

TEST_LOOP(client_wants_another_name, MUTUAL_VERSIONS)
{
	setup(_i);
	tls_pair_open(&p, m.client_creds, m.server_creds, "other.example.org");
	ck_assert_int_eq(gnutls_session_set_data(p.client.tls->gnutls->session,
			     ticket.data, ticket.size),
	    0);
	tls_pair_run(&p, 1);
	ck_assert(!p.client.established);
	ck_assert_int_eq(tls_reason(p.client.tls), REASON_WRONG_NAME);
	teardown();
}

/* Somebody who never was a client, with the ticket of one of another server. */
TEST_LOOP(ticket_of_another_key, MUTUAL_VERSIONS)
{
	struct mutual other;

	setup(_i);
	mutual_init_with_tickets(&other, mutual_priorities[_i]);
	resume_with(m.client_creds, other.server_creds);
	ck_assert(!p.server.established);
	ck_assert(!tls_is_resumed(p.server.tls));
	mutual_fini(&other);
	teardown();
}

/* Two tickets come with the handshake of TLS 1.3, data right behind. */
TEST_LOOP(data_behind_tickets, 2)
{
	gnutls_session_t server;

	mutual_init_with_tickets(&m, MUTUAL_TLS13);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	server = tls_pair_keep_session(&p.server);
	if (_i == 1) /* which leaves them to GnuTLS */
		(void)tls_pair_keep_session(&p.client);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_pair_write(&p.client, "first", 5);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(gnutls_session_ticket_send(server, 2, 0), 0);
	tls_pair_write(&p.server, "behind", 6);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_uint_eq(p.client.got_size, 6);
	ck_assert_mem_eq(p.client.got, "behind", 6);
	ck_assert_int_eq(p.client.result, TLS_AGAIN);
	ticket.data = NULL;
	teardown();
}

SUITE("common/tls/resume")
