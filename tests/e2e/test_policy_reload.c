/*
 * SIGHUP reads everything that makes the policy again: all of it, or nothing
 * and a line that says why.
 */
#include <check.h>
#include <signal.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/odd_certs.h"
#include "tests/support/resume.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/ticket_file.h"
#include "tests/support/tlspeer.h"

static struct odd_certs odd;
static struct server server;
static struct tlspeer peer;

/* All kinds of files; alice may come in. */
static void
begin(void)
{
	odd_certs_make(&odd, odd_certs_not_revoked, &odd_certs_alice);
	scratch_write("rules", "cn alice\n");
	ticket_file_write("tickets.key", "A");
	scratch_write("level", "warn\n");
	shell_expect(0, "",
	    "rm -f live.* && cp ca/server.pem live.pem &&"
	    " cp ca/server.key live.key");
	server_start(&server, "--ca", "odd-ca.pem", "--cert", "live.pem",
	    "--key", "live.key", "--crl", "odd.crl", "--allow-file", "rules",
	    "--ticket-key-file", "tickets.key", "--log-level", "@level", NULL);
}

static void
end(void)
{
	odd_certs_free(&odd);
	server_stop_idle(&server);
}

/*
 * Each a command that breaks one file, while the others change in a way that
 * would show: bob in the place of alice, another certificate, another key.
 */
static const struct {
	const char *command, *words;
} mistakes[] = {
	{ "cp ca/alice.key live.key",
	    "live.pem: the private key does not belong to the certificate" },
	{ "chmod 660 live.key", "live.key: " },
	{ ": >odd-ca.pem", "odd-ca.pem: " },
	{ "echo garbage >odd.crl", "--crl: " },
	{ "cp ca/crl.pem odd.crl", "--crl: " },
	{ "rm odd.crl", "odd.crl: No such file" },
	{ "printf 'cn bob\\n\\nsan *\\n' >rules", "rules:3: " },
	{ "printf '# nobody\\n' >rules", "rules: no rule in it" },
	{ "rm rules", "rules: No such file" },
	{ "chmod 604 tickets.key", "tickets.key: " },
	{ "echo garbage >tickets.key", "tickets.key: line 1: " },
	{ "rm tickets.key", "tickets.key: No such file" },
	{ "echo loud >level", "level: 'loud' is not error, warn, info" },
	{ "rm level", "level: No such file" },
};

static void
change_everything(void)
{
	shell_expect(
	    0, "", "cp ca/renewed.pem live.pem && cp ca/renewed.key live.key");
	scratch_write("rules", "cn bob\n");
	ticket_file_write("tickets.key", "B");
	scratch_write("level", "debug\n");
	odd_certs_write_crl(&odd, 2, PKI_DAY_S, &odd.leaf);
}

/* As before: certificate, list, rules, ticket key, log level. */
static void
expect_unchanged(const gnutls_datum_t *session)
{
	for (int i = 0; i < 4; i++) {
		resume_open(&peer, i < 2 ? NULL : session, server.port, "odd",
		    i % RESUME_VERSIONS);
		ck_assert_int_eq(tlspeer_handshake(&peer), 0);
		tlspeer_echo(&peer, "hello", 5);
		if (i < 2)
			ck_assert(tlspeer_was_shown(&peer, "ca/server"));
		tlspeer_finish(&peer);
	}
	ck_assert_uint_eq(server_total(&server, "tickets_accepted"), 1);
	server_expect_failures(&server, NULL, 0);
	ck_assert_uint_eq(server_total(&server, "reloads"), 0);
}

START_TEST(refused)
{
	gnutls_datum_t session;

	begin();
	resume_take(&session, server.port, "odd", 0);
	change_everything();
	shell_expect(0, "", "%s", mistakes[_i].command);
	spawn_signal(&server.process, SIGHUP);
	AWAIT(server_total(&server, "reloads_refused") == 1);
	spawn_expect(&server.process, "reload refused, nothing changed: ");
	spawn_expect(&server.process, mistakes[_i].words);
	expect_unchanged(&session);
	gnutls_free(session.data);
	end();
	ck_assert_uint_eq(spawn_count(&server.process, "reload"), 1);
	ck_assert_uint_eq(spawn_count(&server.process, " debug "), 0);
}
END_TEST

/* The same without a mistake: all has changed. */
START_TEST(taken)
{
	gnutls_datum_t session;

	begin();
	resume_take(&session, server.port, "odd", 0);
	change_everything();
	odd_certs_write_crl(&odd, 3, PKI_DAY_S, NULL);
	server_reload(&server);
	ck_assert_int_eq(resume_refusal(&session, server.port, "odd", 0),
	    GNUTLS_A_ACCESS_DENIED);
	server_expect_failures(&server, "handshake_not_allowed", 1);
	ck_assert_uint_eq(server_total(&server, "tickets_unknown_key"), 1);
	odd_certs_write_crl(&odd, 4, PKI_DAY_S, &odd.leaf);
	server_reload(&server);
	ck_assert_int_eq(resume_refusal(NULL, server.port, "odd", 0),
	    GNUTLS_A_CERTIFICATE_REVOKED);
	ck_assert_uint_eq(server_total(&server, "handshake_revoked"), 1);
	gnutls_free(session.data);
	end();
	ck_assert_uint_ge(spawn_count(&server.process, " debug "), 1);
}
END_TEST

/* Workers say at level debug who comes; one a connection, when it is on. */
START_TEST(log_level)
{
	static const char *const levels[] = { "debug\n", "info\n", "debug\n",
		"error\n" };
	unsigned lines = 0;

	begin();
	resume_echo(server.port, "odd", _i);
	for (uint64_t i = 0; i < 4; i++) {
		scratch_write("level", levels[i]);
		server_reload(&server);
		for (int k = 0; k < 4; k++)
			resume_echo(server.port, "odd", _i);
		if (levels[i][0] == 'd')
			lines += 4;
	}
	end();
	ck_assert_uint_eq(
	    spawn_count(&server.process, "Client connection 127.0.0.1:"),
	    lines);
	ck_assert_uint_eq(
	    spawn_count(&server.process, "ended=\"closed\""), lines);
	/* Said at level info, which was on for a while. */
	ck_assert(!spawn_said(&server.process, "ready: "));
}
END_TEST

/* Whoever is replaced logs as those before. */
START_TEST(log_level_of_new_workers)
{
	begin();
	scratch_write("level", "debug\n");
	server_reload(&server);
	for (unsigned i = 0; i < 2; i++)
		server_replace_worker(&server, i);
	for (int i = 0; i < 4; i++)
		resume_echo(server.port, "odd", 0);
	end();
	ck_assert_uint_eq(
	    spawn_count(&server.process, "Client connection 127.0.0.1:"), 4);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/policy_reload");

	SUITE_ADD_LOOP(s, refused, sizeof mistakes / sizeof *mistakes);
	SUITE_ADD(s, taken);
	SUITE_ADD_LOOP(s, log_level, RESUME_VERSIONS);
	SUITE_ADD(s, log_level_of_new_workers);
	return fixture_run(s, argc, argv);
}
