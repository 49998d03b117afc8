/*
 * A ticket is no way around the policy: who was good when it was issued and is
 * not any more is refused, as what he is now.
 */
#include <check.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/odd_certs.h"
#include "tests/support/pki_file.h"
#include "tests/support/resume.h"
#include "tests/support/revocation.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	DAY_S = 86400,
	/* Enough to take a ticket, and little to wait for. */
	BRIEF_S = SUITE_IS_SANITIZED ? 6 : 3
};

static const struct pki_options alice = { .name = "alice",
	.purpose = GNUTLS_KP_TLS_WWW_CLIENT };
static struct odd_certs odd_certs;
static struct server server;
static struct tlspeer peer;
static gnutls_datum_t session;

/* A ticket of a session in which all was well. */
static void
begin(int version, const char *option, const char *file, const char *another)
{
	odd_certs_write(&odd_certs);
	server_start(&server, "--ca", fixture_path("odd-ca.pem"), option, file,
	    another, NULL);
	resume_take(&session, server.port, "odd", version);
}

static void
reload(void)
{
	spawn_signal(&server.process, SIGHUP);
	AWAIT(server_total(&server, "reloads") == 2);
}

/* The same alert and counter with the ticket and without it. */
static void
expect_refusals(int version, int alert, const char *counter)
{
	const gnutls_datum_t *tickets[] = { &session, NULL };

	for (uint64_t i = 0; i < 2; i++) {
		resume_open(&peer, tickets[i], server.port, "odd", version);
		ck_assert_int_eq(tlspeer_refusal(&peer), alert);
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
	odd_certs_close(&odd_certs);
}

START_TEST(revoked)
{
	odd_certs_open(&odd_certs);
	odd_certs_not_revoked(&odd_certs, &alice);
	begin(_i, "--crl", fixture_path("odd.crl"), NULL);
	odd_certs_write_crl(&odd_certs, 2, DAY_S, &odd_certs.leaf);
	reload();
	expect_refusals(_i, GNUTLS_A_CERTIFICATE_REVOKED, "handshake_revoked");
	end();
}
END_TEST

/* The ticket carries the whole chain. */
START_TEST(issuer_revoked)
{
	odd_certs_open(&odd_certs);
	odd_certs_behind_one(&odd_certs, &alice);
	odd_certs_write_crl(&odd_certs, 1, DAY_S, NULL);
	begin(_i, "--crl", fixture_path("odd.crl"), NULL);
	odd_certs_write_crl(&odd_certs, 2, DAY_S, &odd_certs.middle[0]);
	reload();
	expect_refusals(_i, GNUTLS_A_CERTIFICATE_REVOKED, "handshake_revoked");
	end();
}
END_TEST

START_TEST(no_longer_allowed)
{
	odd_certs_open(&odd_certs);
	odd_certs_of_root(&odd_certs, &alice);
	pki_file_write("odd.rules", "cn alice\n", 9, 0644);
	begin(_i, "--allow-file", fixture_path("odd.rules"), NULL);
	pki_file_write("odd.rules", "cn bob\n", 7, 0644);
	reload();
	expect_refusals(_i, GNUTLS_A_ACCESS_DENIED, "handshake_not_allowed");
	end();
}
END_TEST

/* Nothing happens but that time passes. */
START_TEST(expired)
{
	struct pki_options brief = alice;
	time_t last;

	brief.from_s = -DAY_S;
	brief.until_s = BRIEF_S;
	odd_certs_open(&odd_certs);
	odd_certs_of_root(&odd_certs, &brief);
	last = gnutls_x509_crt_get_expiration_time(odd_certs.leaf.crt);
	begin(_i, NULL, NULL, NULL);
	AWAIT(time(NULL) > last);
	expect_refusals(_i, GNUTLS_A_CERTIFICATE_EXPIRED, "handshake_expired");
	end();
}
END_TEST

START_TEST(list_out_of_date)
{
	odd_certs_open(&odd_certs);
	odd_certs_of_root(&odd_certs, &alice);
	odd_certs_write_crl(&odd_certs, 1, BRIEF_S, NULL);
	begin(_i, "--crl", fixture_path("odd.crl"), "--crl-required");
	AWAIT((uint64_t)time(NULL) > server_total(&server, "crl_next_update"));
	expect_refusals(_i, GNUTLS_A_CERTIFICATE_UNKNOWN, "handshake_no_crl");
	end();
}
END_TEST

/* A client that goes before the end of its handshake was not refused. */
START_TEST(broken_off)
{
	odd_certs_open(&odd_certs);
	odd_certs_of_root(&odd_certs, &alice);
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
	odd_certs_open(&odd_certs);
	odd_certs_behind_ten(&odd_certs, &alice);
	odd_certs_write_crl(&odd_certs, 1, DAY_S, &odd_certs.root);
	begin(_i, "--crl", fixture_path("odd.crl"), NULL);
	reload();
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
