/*
 * SIGHUP reads everything that makes the policy again: all of it, or nothing
 * and a line that says why.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/odd_certs.h"
#include "tests/support/pki_file.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/ticket_file.h"
#include "tests/support/tlspeer.h"

enum {
	DAY_S = 86400
};

static const struct pki_options alice = { .name = "alice",
	.purpose = GNUTLS_KP_TLS_WWW_CLIENT };
static struct odd_certs odd_certs;
static struct server server;
static struct tlspeer peer;

static void
write_level(const char *level)
{
	char line[32];
	int n = snprintf(line, sizeof line, "%s\n", level);

	pki_file_write("level", line, (size_t)n, 0644);
}

/* All kinds of files; alice may come in. */
static void
begin(void)
{
	odd_certs_open(&odd_certs);
	odd_certs_not_revoked(&odd_certs, &alice);
	odd_certs_write(&odd_certs);
	pki_file_write("rules", "cn alice\n", 9, 0644);
	ticket_file_write("tickets.key", "A");
	write_level("warn");
	shell_expect(0, "",
	    "rm -f live.* && cp ca/server.pem live.pem &&"
	    " cp ca/server.key live.key");
}

static void
start(void)
{
	char level[512];

	(void)snprintf(level, sizeof level, "@%s", fixture_path("level"));
	server_start(&server, "--ca", fixture_path("odd-ca.pem"), "--cert",
	    fixture_path("live.pem"), "--key", fixture_path("live.key"),
	    "--crl", fixture_path("odd.crl"), "--allow-file",
	    fixture_path("rules"), "--ticket-key-file",
	    fixture_path("tickets.key"), "--log-level", level, NULL);
}

static void
end(void)
{
	odd_certs_close(&odd_certs);
	server_stop_idle(&server);
}

static void
reload(uint64_t times)
{
	spawn_signal(&server.process, SIGHUP);
	AWAIT(server_total(&server, "reloads") == 2 * times);
}

static void
echo_once(int version)
{
	resume_open(&peer, NULL, server.port, "odd", version);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
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
	{ "chmod 640 live.key", "live.key: " },
	{ "cp ca/expired.pem live.pem; cp ca/expired.key live.key",
	    "live.pem: the certificate expired on " },
	{ ": >odd-ca.pem", "odd-ca.pem: " },
	{ "echo garbage >odd.crl", "--crl: " },
	{ "cp ca/crl.pem odd.crl", "--crl: " },
	{ "rm odd.crl", "odd.crl: No such file" },
	{ "printf 'cn bob\\n\\nsan *\\n' >rules", "rules:3: " },
	{ "printf '# nobody\\n' >rules", "rules: no rule in it" },
	{ "rm rules", "rules: No such file" },
	{ "chmod 604 tickets.key", "tickets.key: not its owner's alone" },
	{ "echo garbage >tickets.key", "tickets.key: line 1: " },
	{ "rm tickets.key", "tickets.key: No such file" },
	{ "echo loud >level", "level: 'loud' is not error, warn, info" },
	{ "rm level", "level: No such file" },
};

static unsigned
count(const char *text, const char *words)
{
	unsigned n = 0;

	for (; (text = strstr(text, words)) != NULL; text++)
		n++;
	return n;
}

static void
change_everything(void)
{
	shell_expect(
	    0, "", "cp ca/renewed.pem live.pem && cp ca/renewed.key live.key");
	pki_file_write("rules", "cn bob\n", 7, 0644);
	ticket_file_write("tickets.key", "B");
	write_level("debug");
	odd_certs_write_crl(&odd_certs, 2, DAY_S, &odd_certs.leaf);
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
	start();
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
	ck_assert_uint_eq(count(server.process.text, "reload"), 1);
	ck_assert_uint_eq(count(server.process.text, " debug "), 0);
}
END_TEST

/* The same without a mistake: all has changed. */
START_TEST(taken)
{
	gnutls_datum_t session;

	begin();
	start();
	resume_take(&session, server.port, "odd", 0);
	change_everything();
	odd_certs_write_crl(&odd_certs, 3, DAY_S, NULL);
	reload(1);
	resume_open(&peer, &session, server.port, "odd", 0);
	ck_assert_int_eq(tlspeer_refusal(&peer), GNUTLS_A_ACCESS_DENIED);
	server_expect_failures(&server, "handshake_not_allowed", 1);
	ck_assert_uint_eq(server_total(&server, "tickets_unknown_key"), 1);
	odd_certs_write_crl(&odd_certs, 4, DAY_S, &odd_certs.leaf);
	reload(2);
	resume_open(&peer, NULL, server.port, "odd", 0);
	ck_assert_int_eq(tlspeer_refusal(&peer), GNUTLS_A_CERTIFICATE_REVOKED);
	ck_assert_uint_eq(server_total(&server, "handshake_revoked"), 1);
	gnutls_free(session.data);
	end();
	ck_assert_uint_ge(count(server.process.text, " debug "), 1);
}
END_TEST

/* Workers say at level debug who comes; one a connection, when it is on. */
START_TEST(log_level)
{
	static const char *const levels[] = { "debug", "info", "debug",
		"error" };
	unsigned lines = 0;

	begin();
	write_level("warn");
	start();
	echo_once(_i);
	for (uint64_t i = 0; i < 4; i++) {
		write_level(levels[i]);
		reload(i + 1);
		for (int k = 0; k < 4; k++)
			echo_once(_i);
		if (strcmp(levels[i], "debug") == 0)
			lines += 4;
	}
	end();
	ck_assert_uint_eq(
	    count(server.process.text, "Client connection 127.0.0.1:"), lines);
	ck_assert_uint_eq(
	    count(server.process.text, "ended=\"closed\""), lines);
	/* Said at level info, which was on for a while. */
	ck_assert(!spawn_said(&server.process, "ready: "));
}
END_TEST

/* Whoever is replaced logs as those before. */
START_TEST(log_level_of_new_workers)
{
	begin();
	start();
	write_level("debug");
	reload(1);
	for (unsigned i = 0; i < 2; i++)
		ck_assert_int_eq(
		    kill(server_worker_pid(&server, i), SIGKILL), 0);
	AWAIT(server_total(&server, "worker_restarts") == 2);
	for (unsigned i = 0; i < 2; i++)
		AWAIT(server_worker_is_ready(&server, i));
	for (int i = 0; i < 4; i++)
		echo_once(0);
	end();
	ck_assert_uint_eq(
	    count(server.process.text, "Client connection 127.0.0.1:"), 4);
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
