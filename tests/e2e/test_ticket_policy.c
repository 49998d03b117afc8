/*
 * A ticket is no way around the policy: who was good when it was issued and is
 * not any more is refused, as what he is now.
 */
#include <check.h>
#include <time.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/odd_certs.h"
#include "tests/support/resume.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	/* Enough to take a ticket, and little to wait for. */
	BRIEF_S = SUITE_IS_SANITIZED ? 6 : 3
};

static struct odd_certs odd;
static struct server server;
static struct tlspeer peer;
static gnutls_datum_t session;

/* A ticket of a session in which all was well. */
static void
begin(int version, const char *option, const char *file, const char *another)
{
	server_start(
	    &server, "--ca", "odd-ca.pem", option, file, another, NULL);
	resume_take(&session, server.port, "odd", version);
}

/* The same alert and counter with the ticket and without it. */
static void
expect_refusals(int version, int alert, const char *counter)
{
	const gnutls_datum_t *tickets[] = { &session, NULL };

	for (uint64_t i = 0; i < 2; i++) {
		ck_assert_int_eq(
		    resume_refusal(tickets[i], server.port, "odd", version),
		    alert);
		server_expect_failures(&server, counter, i + 1);
	}
	ck_assert_uint_eq(server_total(&server, "tickets_offered"), 1);
	ck_assert_uint_eq(
	    server_total(&server, "tickets_refused_by_policy"), 1);
	ck_assert_uint_eq(server_total(&server, "tickets_accepted"), 0);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 1);
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), 0);
	ck_assert_uint_eq(server_total(&server, "bytes_sent"), 6);
}

static void
end(void)
{
	server_stop_idle(&server);
	gnutls_free(session.data);
	odd_certs_free(&odd);
}

START_TEST(revoked)
{
	odd_certs_make(&odd, odd_certs_not_revoked, &odd_certs_alice);
	begin(_i, "--crl", "odd.crl", NULL);
	odd_certs_write_crl(&odd, 2, PKI_DAY_S, &odd.leaf);
	server_reload(&server);
	expect_refusals(_i, GNUTLS_A_CERTIFICATE_REVOKED, "handshake_revoked");
	end();
}
END_TEST

/* The ticket carries the whole chain. */
START_TEST(issuer_revoked)
{
	odd_certs_make(&odd, odd_certs_behind_one, &odd_certs_alice);
	odd_certs_write_crl(&odd, 1, PKI_DAY_S, NULL);
	begin(_i, "--crl", "odd.crl", NULL);
	odd_certs_write_crl(&odd, 2, PKI_DAY_S, &odd.middle[0]);
	server_reload(&server);
	expect_refusals(_i, GNUTLS_A_CERTIFICATE_REVOKED, "handshake_revoked");
	end();
}
END_TEST

START_TEST(no_longer_allowed)
{
	odd_certs_make(&odd, odd_certs_of_root, &odd_certs_alice);
	scratch_write("odd.rules", "cn alice\n");
	begin(_i, "--allow-file", "odd.rules", NULL);
	scratch_write("odd.rules", "cn bob\n");
	server_reload(&server);
	expect_refusals(_i, GNUTLS_A_ACCESS_DENIED, "handshake_not_allowed");
	end();
}
END_TEST

/* Nothing happens but that time passes. */
START_TEST(expired)
{
	struct pki_options brief = odd_certs_alice;
	time_t last;

	brief.from_s = -PKI_DAY_S;
	brief.until_s = BRIEF_S;
	odd_certs_make(&odd, odd_certs_of_root, &brief);
	last = gnutls_x509_crt_get_expiration_time(odd.leaf.crt);
	begin(_i, NULL, NULL, NULL);
	AWAIT(time(NULL) > last);
	expect_refusals(_i, GNUTLS_A_CERTIFICATE_EXPIRED, "handshake_expired");
	end();
}
END_TEST

START_TEST(list_out_of_date)
{
	odd_certs_make(&odd, odd_certs_of_root, &odd_certs_alice);
	odd_certs_write_crl(&odd, 1, BRIEF_S, NULL);
	begin(_i, "--crl", "odd.crl", "--crl-required");
	AWAIT((uint64_t)time(NULL) > server_total(&server, "crl_next_update"));
	expect_refusals(_i, GNUTLS_A_CERTIFICATE_UNKNOWN, "handshake_no_crl");
	end();
}
END_TEST

/* A client that goes before the end of its handshake was not refused. */
START_TEST(broken_off)
{
	odd_certs_make(&odd, odd_certs_of_root, &odd_certs_alice);
	begin(_i, NULL, NULL, NULL);
	tlspeer_open(&peer, server.port,
	    &(struct tlspeer_options){ .identity = "odd",
		.priority = resume_versions[_i],
		.resume = &session,
		.holds_last_flight = true });
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_close(&peer);
	AWAIT(server_total(&server, "handshakes_failed") == 1);
	ck_assert_uint_eq(server_total(&server, "tickets_offered"), 1);
	ck_assert_uint_eq(server_total(&server, "tickets_refused_other"), 1);
	ck_assert_uint_eq(
	    server_total(&server, "tickets_refused_by_policy"), 0);
	end();
}
END_TEST

/* The control: none of these changes, none of these refusals. */
START_TEST(still_good)
{
	odd_certs_make(&odd, odd_certs_behind_ten, &odd_certs_alice);
	odd_certs_write_crl(&odd, 1, PKI_DAY_S, &odd.root);
	begin(_i, "--crl", "odd.crl", NULL);
	server_reload(&server);
	ck_assert(resume_use(&session, server.port, "odd", _i));
	ck_assert_uint_eq(server_total(&server, "tickets_accepted"), 1);
	server_expect_failures(&server, NULL, 0);
	end();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/ticket_policy");

	SUITE_ADD_LOOP(s, revoked, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, issuer_revoked, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, no_longer_allowed, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, expired, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, list_out_of_date, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, broken_off, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, still_good, RESUME_VERSIONS);
	return fixture_run(s, argc, argv);
}
