/*
 * Clients that a server knows: what is counted, and that nobody is let in who
 * would not be without.
 */
#include <check.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/odd_certs.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct odd_certs odd;
static struct server server;
static struct tlspeer peer;

static void
expect(uint64_t hits, uint64_t misses, uint64_t evictions)
{
	AWAIT(server_total(&server, "open") == 0);
	ck_assert_uint_eq(server_total(&server, "chain_cache_hits"), hits);
	ck_assert_uint_eq(server_total(&server, "chain_cache_misses"), misses);
	ck_assert_uint_eq(
	    server_total(&server, "chain_cache_evictions"), evictions);
}

START_TEST(known_client)
{
	server_start(&server, "--workers", "1", NULL);
	resume_echo(server.port, "ca/alice", _i);
	expect(0, 1, 0);
	for (int i = 0; i < 3; i++)
		resume_echo(server.port, "ca/alice", i % RESUME_VERSIONS);
	expect(3, 1, 0);
	resume_echo(server.port, "ca/bob", _i);
	expect(3, 2, 0);
	server_stop(&server);
}
END_TEST

START_TEST(known_client_resumes)
{
	gnutls_datum_t session;

	server_start(&server, "--workers", "1", NULL);
	resume_take(&session, server.port, "ca/alice", _i);
	expect(0, 1, 0);
	ck_assert(resume_use(&session, server.port, "ca/alice", _i));
	gnutls_free(session.data);
	expect(1, 1, 0);
	server_stop(&server);
}
END_TEST

START_TEST(room_for_one)
{
	server_start(&server, "--workers", "1", "--chain-cache", "1", NULL);
	for (int i = 0; i < 2; i++) {
		resume_echo(server.port, "ca/alice", _i);
		resume_echo(server.port, "ca/bob", _i);
	}
	expect(0, 4, 3);
	resume_echo(server.port, "ca/bob", _i);
	expect(1, 4, 3);
	server_stop(&server);
}
END_TEST

START_TEST(none)
{
	server_start(&server, "--workers", "1", "--chain-cache", "0", NULL);
	for (int i = 0; i < 2; i++)
		resume_echo(server.port, "ca/alice", _i);
	expect(0, 0, 0);
	server_stop(&server);
}
END_TEST

/* A bad one is bad the second time, too, and is looked at again. */
START_TEST(refused_is_not_remembered)
{
	server_start(&server, "--workers", "1", NULL);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(
		    resume_refusal(NULL, server.port, "ca/expired", _i),
		    GNUTLS_A_CERTIFICATE_EXPIRED);
	}
	server_expect_failures(&server, "handshake_expired", 2);
	expect(0, 2, 0);
	server_stop(&server);
}
END_TEST

/* Known, and revoked by the next list: refused at once, from then on. */
START_TEST(revoked_since)
{
	odd_certs_make(&odd, odd_certs_not_revoked, &odd_certs_alice);
	server_start(&server, "--workers", "1", "--ca", "odd-ca.pem", "--crl",
	    "odd.crl", NULL);
	resume_echo(server.port, "odd", _i);
	resume_echo(server.port, "odd", _i);
	expect(1, 1, 0);
	odd_certs_write_crl(&odd, 2, PKI_DAY_S, &odd.leaf);
	server_reload(&server);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(resume_refusal(NULL, server.port, "odd", _i),
		    GNUTLS_A_CERTIFICATE_REVOKED);
	}
	server_expect_failures(&server, "handshake_revoked", 2);
	expect(1, 3, 0);
	odd_certs_free(&odd);
	server_stop(&server);
}
END_TEST

/* A certificate that is bad only in sessions that ask for OCSP responses. */
START_TEST(result_that_depends_on_the_session)
{
	struct pki_options options = odd_certs_alice;

	options.adorn = odd_certs_with_tls_features;
	odd_certs_make(&odd, odd_certs_of_root, &options);
	server_start(&server, "--workers", "1", "--ca", "odd-ca.pem", NULL);
	for (int i = 0; i < 2; i++) {
		tlspeer_open(&peer, server.port,
		    &(struct tlspeer_options){ .identity = "odd",
			.priority = resume_versions[_i],
			.asks_for_no_ocsp = true });
		ck_assert_int_eq(tlspeer_handshake(&peer), 0);
		tlspeer_echo(&peer, "hello", 5);
		tlspeer_finish(&peer);
	}
	ck_assert_int_eq(resume_refusal(NULL, server.port, "odd", _i),
	    GNUTLS_A_BAD_CERTIFICATE);
	server_expect_failures(&server, "handshake_bad_certificate", 1);
	expect(0, 3, 0);
	odd_certs_free(&odd);
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/chain_cache");

	SUITE_ADD_LOOP(s, known_client, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, known_client_resumes, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, room_for_one, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, none, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, refused_is_not_remembered, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, revoked_since, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, result_that_depends_on_the_session, RESUME_VERSIONS);
	return fixture_run(s, argc, argv);
}
