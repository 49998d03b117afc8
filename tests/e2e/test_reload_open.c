/*
 * SIGHUP reaches those who are connected: whoever the new lists and rules
 * refuse is told so and ends; all others echo on.
 */
#include <check.h>
#include <signal.h>

#include "common/stats/rows.h"
#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	EACH = 4 /* connections of each identity, on two workers */
};

static struct server server;
static struct tlspeer alices[EACH], bobs[EACH];

/* Nobody is revoked, and both may come in. */
static void
begin(const char *open_sessions)
{
	shell_expect(0, "",
	    "[ -e bob.crl ] || { tlsecho-certs crl ca; cp ca/crl.pem none.crl;"
	    " tlsecho-certs revoke ca bob; cp ca/crl.pem bob.crl; } >/dev/null;"
	    " cp none.crl live.crl");
	scratch_write("rules", "cn alice\ncn bob\n");
	server_start(&server, "--crl", "live.crl", "--allow-file", "rules",
	    "--open-sessions", open_sessions, NULL);
}

static void
use_list(const char *path)
{
	shell_expect(0, "", "cp %s live.crl", path);
	server_reload(&server);
}

static void
open_one(struct tlspeer *p, const gnutls_datum_t *session, const char *identity,
    int version)
{
	resume_open(p, session, server.port, identity, version);
	ck_assert_int_eq(tlspeer_handshake(p), 0);
	ck_assert_int_eq(
	    gnutls_session_is_resumed(p->session), session != NULL);
	tlspeer_echo(p, "hello", 5);
}

static void
open_both(int version)
{
	for (int i = 0; i < EACH; i++) {
		open_one(&alices[i], NULL, "ca/alice", version);
		open_one(&bobs[i], NULL, "ca/bob", version);
	}
}

static void
expect_alert(struct tlspeer *p, gnutls_alert_description_t alert)
{
	uint8_t byte;

	ck_assert_int_eq(
	    tlspeer_receive(p, &byte, 1), GNUTLS_E_FATAL_ALERT_RECEIVED);
	ck_assert_int_eq(gnutls_alert_get(p->session), alert);
	tlspeer_close(p);
}

static void
expect_all_echo(struct tlspeer peers[static EACH])
{
	for (int i = 0; i < EACH; i++) {
		tlspeer_echo(&peers[i], "hello again", 11);
		tlspeer_finish(&peers[i]);
	}
}

/* For this reason, and no handshake failed. */
static void
expect_ended(uint64_t n, const char *counter)
{
	ck_assert_uint_eq(server_total(&server, "ended_by_reload"), n);
	if (n > 0)
		ck_assert_uint_eq(server_total(&server, counter), n);
	ck_assert_uint_eq(server_total(&server, "handshakes_failed"), 0);
}

/* Until the list of before is back. */
TEST_LOOP(revoked, RESUME_VERSIONS)
{
	begin("judge");
	open_both(_i);
	use_list("bob.crl");
	for (int i = 0; i < EACH; i++)
		expect_alert(&bobs[i], GNUTLS_A_CERTIFICATE_REVOKED);
	expect_ended(EACH, "ended_revoked");
	ck_assert_int_eq(resume_refusal(NULL, server.port, "ca/bob", _i),
	    GNUTLS_A_CERTIFICATE_REVOKED);
	use_list("none.crl");
	open_one(&bobs[0], NULL, "ca/bob", _i);
	use_list("none.crl");
	tlspeer_echo(&bobs[0], "back", 4);
	tlspeer_finish(&bobs[0]);
	expect_all_echo(alices);
	server_stop_idle(&server);
}

TEST_LOOP(revoked_when_resumed, RESUME_VERSIONS)
{
	gnutls_datum_t session;

	begin("judge");
	resume_take(&session, server.port, "ca/bob", _i);
	open_one(&bobs[0], &session, "ca/bob", _i);
	use_list("bob.crl");
	expect_alert(&bobs[0], GNUTLS_A_CERTIFICATE_REVOKED);
	expect_ended(1, "ended_revoked");
	gnutls_free(session.data);
	server_stop_clean(&server);
}

TEST_LOOP(no_longer_allowed, RESUME_VERSIONS)
{
	begin("judge");
	open_both(_i);
	scratch_write("rules", "cn alice\n");
	server_reload(&server);
	for (int i = 0; i < EACH; i++)
		expect_alert(&bobs[i], GNUTLS_A_ACCESS_DENIED);
	expect_ended(EACH, "ended_not_allowed");
	expect_all_echo(alices);
	server_stop_clean(&server);
}

TEST_LOOP(kept, RESUME_VERSIONS)
{
	begin("keep");
	open_both(_i);
	use_list("bob.crl");
	expect_all_echo(bobs);
	expect_all_echo(alices);
	expect_ended(0, NULL);
	server_stop_clean(&server);
}

/* The list is good, and the rules are not. */
TEST_LOOP(reload_is_refused, RESUME_VERSIONS)
{
	begin("judge");
	open_both(_i);
	scratch_write("rules", "nobody\n");
	shell_expect(0, "", "cp bob.crl live.crl");
	spawn_signal(&server.process, SIGHUP);
	AWAIT(server_total(&server, "reloads_refused") == 1);
	expect_all_echo(bobs);
	expect_all_echo(alices);
	expect_ended(0, NULL);
	server_stop_clean(&server);
}

static struct stats_offender offenders[STATS_OFFENDERS_SHOWN];

static bool
nobody_is_listed(void)
{
	static struct stats_row row;
	unsigned n = stats_shm_row_count(server.shm);

	for (unsigned i = 0; i < n; i++)
		if (stats_shm_row(server.shm, i, &row) != STATS_ROW_FREE)
			return false;
	return true;
}

/* The client's last flight is held back until the server has reloaded. */
TEST_LOOP(handshake_under_way, 2)
{
	bool keeps = _i == 1;

	begin(keeps ? "keep" : "judge");
	tlspeer_open(&bobs[0], server.port,
	    &(struct tlspeer_options){
		.identity = "ca/bob", .holds_last_flight = true });
	ck_assert_int_eq(tlspeer_handshake(&bobs[0]), 0);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 0);
	use_list("bob.crl");
	tlspeer_release_all(&bobs[0]);
	if (keeps) {
		tlspeer_echo(&bobs[0], "hello", 5);
		tlspeer_finish(&bobs[0]);
	} else {
		tlspeer_send(&bobs[0], "hello", 5);
		expect_alert(&bobs[0], GNUTLS_A_CERTIFICATE_REVOKED);
	}
	expect_ended(!keeps, "ended_revoked");
	AWAIT(nobody_is_listed());
	/* Its handshake has not failed. */
	ck_assert_uint_eq(stats_shm_offenders(server.shm, offenders), 0);
	server_stop_clean(&server);
}

FIXTURE_SUITE("e2e/reload_open")
