/*
 * test_chain_cache: clients that a server knows, in sessions: who is verified
 * in full and who is not, and that the answer is the same.
 */
#include "common/creds/chain_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/creds/identity.h"
#include "common/tls/private.h"
#include "common/tls/session.h"
#include "tests/support/chain_case.h"
#include "tests/support/suite.h"
#include "tests/support/tls_pair.h"

enum {
	THREADS = 4,
	ROUNDS = 8
};

static struct tls_pair p;
static struct mutual m;

TEST_LOOP(second_time_is_known, MUTUAL_VERSIONS)
{
	mutual_init(&m, mutual_priorities[_i]);
	chain_case_accept(&m, CHAIN_MISS);
	chain_case_accept(&m, CHAIN_HIT);
	chain_case_accept(&m, CHAIN_HIT);
	mutual_fini(&m);
}

/* The chain in TLS 1.2 is the chain in TLS 1.3. */
TEST_LOOP(known_in_both_versions, MUTUAL_VERSIONS)
{
	struct tls_creds *other;

	mutual_init(&m, TLS_PRIORITY_DEFAULT);
	chain_case_accept(&m, CHAIN_MISS);
	other = chain_case_client(&m, &m.client, _i);
	ck_assert_int_eq(chain_case_connect(&m, other, CHAIN_HIT), REASON_NONE);
	tls_creds_unref(&other);
	mutual_fini(&m);
}

TEST_LOOP(resumed_is_known, MUTUAL_VERSIONS)
{
	struct tls_identity *first;
	gnutls_datum_t ticket;
	gnutls_session_t client;

	mutual_init_with_tickets(&m, mutual_priorities[_i]);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	client = tls_pair_keep_session(&p.client);
	tls_pair_handshake(&p, TLS_PAIR_SIZE);
	tls_pair_write(&p.server, "x", 1);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert_int_eq(gnutls_session_get_data2(client, &ticket), 0);
	first = tls_identity_ref(p.server.tls->peer);
	tls_pair_close(&p);
	tls_pair_open(&p, m.client_creds, m.server_creds, MUTUAL_NAME);
	ck_assert_int_eq(gnutls_session_set_data(p.client.tls->gnutls->session,
			     ticket.data, ticket.size),
	    0);
	tls_pair_run(&p, TLS_PAIR_SIZE);
	ck_assert(p.server.established && tls_is_resumed(p.server.tls));
	ck_assert_int_eq(chain_case_use(p.server.tls), CHAIN_HIT);
	ck_assert_ptr_eq(tls_peer(p.server.tls), first);
	tls_identity_unref(&first);
	tls_pair_close(&p);
	gnutls_free(ticket.data);
	mutual_fini(&m);
}

TEST_LOOP(off, MUTUAL_VERSIONS)
{
	mutual_init(&m, mutual_priorities[_i]);
	chain_case_renew(&m, 0);
	chain_case_accept(&m, CHAIN_NOT_ASKED);
	chain_case_accept(&m, CHAIN_NOT_ASKED);
	mutual_fini(&m);
}

TEST_LOOP(nobody_comes_without_a_certificate, MUTUAL_VERSIONS)
{
	struct tls_creds *nobody;

	mutual_init(&m, mutual_priorities[_i]);
	nobody = pki_creds_anonymous(&m.root);
	chain_case_accept(&m, CHAIN_MISS);
	ck_assert_int_eq(chain_case_connect(&m, nobody, CHAIN_NOT_ASKED),
	    REASON_NO_CERTIFICATE);
	m.server_creds->settings.client_auth = TLS_CLIENT_AUTH_OPTIONAL;
	ck_assert_int_eq(
	    chain_case_connect(&m, nobody, CHAIN_NOT_ASKED), REASON_NONE);
	tls_creds_unref(&nobody);
	mutual_fini(&m);
}

static void
set_serial(gnutls_x509_crt_t crt)
{
	ck_assert_int_eq(gnutls_x509_crt_set_serial(crt, "\x2a", 1), 0);
}

/*
 * Somebody is known whose certificate has the same subject and serial number as
 * that of a stranger, whose issuer has the name of the root.
 */
static void
expect_stranger(
    const struct pki *stranger, int version, enum close_reason expected)
{
	struct tls_creds *creds = chain_case_client(&m, stranger, version);

	for (int i = 0; i < 2; i++) {
		enum close_reason end =
		    chain_case_connect(&m, creds, CHAIN_MISS);

		ck_assert_str_eq(
		    end == REASON_NONE ? "none" : close_reason_text(end),
		    expected == REASON_NONE ? "none"
					    : close_reason_text(expected));
		chain_case_accept(&m, CHAIN_HIT);
		if (expected == REASON_NONE)
			break;
	}
	tls_creds_unref(&creds);
}

static void
begin_with_serial(int version)
{
	struct pki_options options = PKI_CLIENT("client-0001");

	options.adorn = set_serial;
	mutual_init(&m, mutual_priorities[version]);
	tls_creds_unref(&m.client_creds);
	pki_free(&m.client);
	pki_make(&m.client, &options, &m.root);
	m.client_creds = chain_case_client(&m, &m.client, version);
	chain_case_accept(&m, CHAIN_MISS);
}

/* Another root of the same name, the same root, and another bit. */
TEST_LOOP(the_like_are_strangers, MUTUAL_VERSIONS)
{
	struct pki_options options = PKI_CLIENT("client-0001");
	struct pki root, leaf;

	options.adorn = set_serial;
	begin_with_serial(_i);
	pki_make(&root, &(struct pki_options){ .name = "root" }, NULL);
	pki_make(&leaf, &options, &root);
	expect_stranger(&leaf, _i, REASON_BAD_SIGNATURE);
	pki_free(&leaf);
	pki_free(&root);
	pki_make(&leaf, &options, &m.root);
	expect_stranger(&leaf, _i, REASON_NONE);
	pki_damage(&leaf);
	expect_stranger(&leaf, _i, REASON_BAD_SIGNATURE);
	pki_free(&leaf);
	mutual_fini(&m);
}

/* What is damaged is known when it is whole, but that is another one. */
TEST_LOOP(damaged_is_not_known, MUTUAL_VERSIONS)
{
	begin_with_serial(_i);
	pki_damage(&m.client);
	expect_stranger(&m.client, _i, REASON_BAD_SIGNATURE);
	mutual_fini(&m);
}

/* The chain is known, and the thief has not the key. */
TEST_LOOP(key_is_asked_for, MUTUAL_VERSIONS)
{
	struct tls_creds *thief;
	struct pki own;

	mutual_init(&m, mutual_priorities[_i]);
	chain_case_accept(&m, CHAIN_MISS);
	pki_make(&own, &PKI_CLIENT("thief"), &m.root);
	thief =
	    pki_creds_impostor(&m.client, &own, &m.root, mutual_priorities[_i]);
	/* TLS 1.3 asks for it first. */
	ck_assert_int_eq(chain_case_connect(
			     &m, thief, _i == 0 ? CHAIN_NOT_ASKED : CHAIN_HIT),
	    REASON_BAD_SIGNATURE);
	tls_creds_unref(&thief);
	pki_free(&own);
	mutual_fini(&m);
}

/* Of an intermediate nothing may differ, either, nor may it be left out. */
TEST_LOOP(whole_chain_counts, MUTUAL_VERSIONS)
{
	struct tls_creds *whole, *cut;

	mutual_init(&m, mutual_priorities[_i]);
	mutual_behind_one(&m, mutual_priorities[_i], &whole, &cut);
	ck_assert_int_eq(
	    chain_case_connect(&m, whole, CHAIN_MISS), REASON_NONE);
	ck_assert_int_eq(chain_case_connect(&m, whole, CHAIN_HIT), REASON_NONE);
	ck_assert_int_eq(
	    chain_case_connect(&m, cut, CHAIN_MISS), REASON_UNKNOWN_ISSUER);
	tls_creds_unref(&whole);
	tls_creds_unref(&cut);
	mutual_fini(&m);
}

TEST_LOOP(new_credentials_know_nobody, MUTUAL_VERSIONS)
{
	struct tls_creds *renewed;

	mutual_init(&m, mutual_priorities[_i]);
	chain_case_accept(&m, CHAIN_MISS);
	renewed =
	    pki_creds(TLS_SERVER, &m.server, &m.root, mutual_priorities[_i]);
	tls_creds_unref(&m.server_creds);
	m.server_creds = renewed;
	chain_case_accept(&m, CHAIN_MISS);
	chain_case_accept(&m, CHAIN_HIT);
	mutual_fini(&m);
}

/* The other one's place is taken when there is one place. */
TEST_LOOP(makes_way, MUTUAL_VERSIONS)
{
	struct tls_creds *other;
	struct pki leaf;

	mutual_init(&m, mutual_priorities[_i]);
	chain_case_renew(&m, 1);
	pki_make(&leaf, &PKI_CLIENT("other"), &m.root);
	other = chain_case_client(&m, &leaf, _i);
	chain_case_accept(&m, CHAIN_MISS);
	tls_pair_open(&p, other, m.server_creds, MUTUAL_NAME);
	tls_pair_handshake(&p, 1);
	ck_assert(tls_chain_use(p.server.tls)->evicted);
	tls_pair_close(&p);
	ck_assert_int_eq(chain_case_connect(&m, other, CHAIN_HIT), REASON_NONE);
	chain_case_accept(&m, CHAIN_MISS);
	tls_creds_unref(&other);
	pki_free(&leaf);
	mutual_fini(&m);
}

/* Responses are judged, and are not part of the chain. */
TEST(ocsp_response_beside_it)
{
	/* OCSPResponse { malformedRequest } (RFC 6960, 4.2.1): says nothing */
	static uint8_t nothing[] = { 0x30, 3, 0x0a, 1, 1 };
	gnutls_datum_t response = { nothing, sizeof nothing };

	mutual_init(&m, MUTUAL_TLS13);
	chain_case_accept(&m, CHAIN_MISS);
	gnutls_certificate_set_flags(
	    m.client_creds->x509, GNUTLS_CERTIFICATE_SKIP_OCSP_RESPONSE_CHECK);
	ck_assert_int_ge(
	    gnutls_certificate_set_ocsp_status_request_mem(
		m.client_creds->x509, &response, 0, GNUTLS_X509_FMT_DER),
	    0);
	chain_case_accept(&m, CHAIN_NOT_ASKED);
	mutual_fini(&m);
}

/* Sessions of several threads on the same credentials. */
static void *
come_and_go(void *unused)
{
	struct tls_pair *own = malloc(sizeof *own);

	(void)unused;
	ck_assert_ptr_nonnull(own);
	for (int i = 0; i < ROUNDS; i++) {
		tls_pair_open(own, m.client_creds, m.server_creds, MUTUAL_NAME);
		tls_pair_handshake(own, TLS_PAIR_SIZE);
		ck_assert(
		    i == 0 || chain_case_use(own->server.tls) == CHAIN_HIT);
		tls_pair_close(own);
	}
	free(own);
	return NULL;
}

TEST_LOOP(many_threads, MUTUAL_VERSIONS)
{
	pthread_t threads[THREADS];

	mutual_init(&m, mutual_priorities[_i]);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, come_and_go, NULL), 0);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	mutual_fini(&m);
}

SUITE("common/creds/chain_cache")
