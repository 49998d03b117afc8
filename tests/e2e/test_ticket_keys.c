/*
 * --ticket-key-file: servers that share keys take each other's tickets, and
 * keys can be rotated without losing a session. Old clients and new ones, ours
 * and those of others.
 */
#include <check.h>
#include <signal.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/ticket_file.h"

/* What no prompt, banner or certificate of a client says. */
static const char text[] = "The quick brown fox, 0123456789.\n";

static struct server server, sister;
static struct spawn client;

static void
start(struct server *s, const char *file, const char *letters)
{
	ticket_file_write(file, letters);
	server_start(s, "--ticket-key-file", file, NULL);
}

static void
rotate(const struct server *s, const char *file, const char *letters)
{
	ticket_file_write(file, letters);
	server_reload(s);
}

static void
take(gnutls_datum_t *session, const struct server *s, int version)
{
	resume_take(session, s->port, "ca/alice", version);
}

static bool
use(const gnutls_datum_t *session, const struct server *s, int version)
{
	return resume_use(session, s->port, "ca/alice", version);
}

START_TEST(shared)
{
	gnutls_datum_t session;

	start(&server, "one.key", "A");
	start(&sister, "two.key", "A");
	take(&session, &server, _i);
	ck_assert(use(&session, &sister, _i));
	gnutls_free(session.data);
	take(&session, &sister, _i);
	ck_assert(use(&session, &server, _i));
	gnutls_free(session.data);
	server_stop_clean(&server);
	server_stop_clean(&sister);
}
END_TEST

enum {
	STAGES = 4
};

/*
 * The way that the manual describes, on two servers that are never at the same
 * stage: tickets of each stage, and the stages at which they are good.
 */
static const struct {
	const char *keys;
	bool takes[STAGES]; /* tickets of these stages */
} stages[STAGES] = {
	{ "A", { true } },
	{ "AB", { true, true } },
	{ "BA", { true, true, true } },
	{ "B", { false, false, true, true } },
};

static void
use_all(const gnutls_datum_t *sessions, int stage, int version)
{
	uint64_t unknown = 0;
	uint64_t taken = 0;

	for (int i = 0; i <= stage; i++) {
		bool resumed = use(&sessions[i], &server, version);

		ck_assert_msg(resumed == stages[stage].takes[i],
		    "a ticket of '%s' with '%s': %d", stages[i].keys,
		    stages[stage].keys, resumed);
		taken += resumed;
		unknown += !resumed;
	}
	ck_assert_uint_eq(
	    server_total(&server, "tickets_offered"), taken + unknown);
	ck_assert_uint_eq(server_total(&server, "tickets_accepted"), taken);
	ck_assert_uint_eq(
	    server_total(&server, "tickets_unknown_key"), unknown);
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), taken);
}

START_TEST(rotation)
{
	gnutls_datum_t sessions[STAGES];
	int stage = _i / RESUME_VERSIONS;
	int version = _i % RESUME_VERSIONS;

	start(&sister, "two.key", stages[0].keys);
	take(&sessions[0], &sister, version);
	for (int i = 1; i <= stage; i++) {
		rotate(&sister, "two.key", stages[i].keys);
		take(&sessions[i], &sister, version);
	}
	start(&server, "one.key", stages[stage].keys);
	use_all(sessions, stage, version);
	for (int i = 0; i <= stage; i++)
		gnutls_free(sessions[i].data);
	server_stop_clean(&server);
	server_stop_clean(&sister);
}
END_TEST

/* While one server has rotated already, and the other not yet. */
START_TEST(rotation_one_by_one)
{
	gnutls_datum_t session;

	start(&server, "one.key", stages[0].keys);
	start(&sister, "two.key", stages[0].keys);
	for (int i = 1; i < STAGES; i++) {
		rotate(&server, "one.key", stages[i].keys);
		take(&session, &sister, _i);
		ck_assert(use(&session, &server, _i));
		gnutls_free(session.data);
		take(&session, &server, _i);
		ck_assert(use(&session, &sister, _i));
		gnutls_free(session.data);
		rotate(&sister, "two.key", stages[i].keys);
	}
	server_stop_clean(&server);
	server_stop_clean(&sister);
}
END_TEST

/* Else no rotation would come to an end: such a session gets no new ticket. */
START_TEST(old_key_issues_nothing)
{
	gnutls_datum_t session;
	uint64_t issued;

	start(&server, "one.key", "A");
	take(&session, &server, _i);
	rotate(&server, "one.key", "BA");
	issued = server_total(&server, "tickets_issued");
	ck_assert(use(&session, &server, _i));
	ck_assert_uint_eq(server_total(&server, "tickets_issued"), issued);
	gnutls_free(session.data);
	server_stop_clean(&server);
}
END_TEST

/* Our identity, an echo, goodbye. */
static void
run_openssl(const struct server *s, const char *version, const char *session)
{
	uint64_t ended = server_total(s, "ended");

	spawn_shell(&client, NULL,
	    "openssl s_client -quiet -verify_return_error -CAfile ca/ca.pem"
	    " -cert ca/alice.pem -key ca/alice.key -connect 127.0.0.1:%d"
	    " %s %s session",
	    s->port, version, session);
	spawn_write(&client, text, strlen(text));
	spawn_expect(&client, text);
	spawn_signal(&client, SIGTERM);
	(void)spawn_wait(&client);
	AWAIT(server_total(s, "ended") == ended + 1);
}

static void
openssl_take(const struct server *s, const char *version)
{
	run_openssl(s, version, "-sess_out");
}

/* Version "": all that it can. */
static void
openssl_use(const struct server *s, const char *version)
{
	run_openssl(s, version, "-sess_in");
}

START_TEST(openssl_resumes)
{
	const char *version = _i == 0 ? "-tls1_3" : "-tls1_2";

	if (!shell_has_program("openssl"))
		return;
	start(&server, "one.key", "A");
	start(&sister, "two.key", "AB");
	openssl_take(&server, version);
	openssl_use(&server, version);
	openssl_use(&sister, version);
	ck_assert_uint_eq(server_total(&server, "tickets_accepted"), 1);
	ck_assert_uint_eq(server_total(&sister, "tickets_accepted"), 1);
	rotate(&server, "one.key", "BA");
	openssl_use(&server, version);
	ck_assert_uint_eq(server_total(&server, "tickets_accepted"), 2);
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), 2);
	rotate(&server, "one.key", "B");
	openssl_use(&server, version);
	ck_assert_uint_eq(server_total(&server, "tickets_unknown_key"), 1);
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), 2);
	server_stop_clean(&server);
	server_stop_clean(&sister);
}
END_TEST

/* It offers its ticket of TLS 1.2, and TLS 1.3, which is what comes of it. */
START_TEST(openssl_with_ticket_of_tls12)
{
	if (!shell_has_program("openssl"))
		return;
	start(&server, "one.key", _i == 0 ? "A" : "AB");
	openssl_take(&server, "-tls1_2");
	if (_i > 0)
		rotate(&server, "one.key", "BA");
	openssl_use(&server, "");
	ck_assert_uint_eq(server_total(&server, "handshakes_tls1_3"), 1);
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), 0);
	ck_assert_uint_eq(server_total(&server, "tickets_offered"), 1);
	ck_assert_uint_eq(server_total(&server, "tickets_accepted"), 0);
	ck_assert_uint_eq(server_total(&server, "tickets_refused_other"), 1);
	/* Nothing is lost for those who speak TLS 1.2 alone. */
	openssl_use(&server, "-tls1_2");
	ck_assert_uint_eq(server_total(&server, "tickets_accepted"), 1);
	server_stop_clean(&server);
}
END_TEST

/* --resume: connects, says goodbye, and comes again with the ticket. */
START_TEST(gnutls_cli_resumes)
{
	if (!shell_has_program("gnutls-cli"))
		return;
	ticket_file_write("one.key", "BA");
	server_start(
	    &server, "--workers", "4", "--ticket-key-file", "one.key", NULL);
	spawn_shell(&client, NULL,
	    "gnutls-cli --resume --waitresumption --x509cafile ca/ca.pem"
	    " --x509certfile ca/alice.pem --x509keyfile ca/alice.key"
	    " --priority %s --port %d 127.0.0.1",
	    resume_versions[_i], server.port);
	AWAIT(server_total(&server, "tickets_accepted") == 1);
	spawn_write(&client, text, strlen(text));
	spawn_expect(&client, text);
	spawn_close_input(&client);
	ck_assert_int_eq(spawn_wait(&client), 0);
	ck_assert_uint_eq(server_total(&server, "handshakes_completed"), 2);
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), 1);
	server_stop_clean(&server);
}
END_TEST

/* The file's mistakes are told at start, each in a line. */
static const struct {
	const char *command; /* writes bad.key */
	const char *words;
} mistakes[] = {
	{ "cp one.key bad.key; chmod 660 bad.key", "(mode 660): chmod 6" },
	{ ": >bad.key; chmod 600 bad.key", "no keys" },
	{ "head -c 64 /dev/zero | base64 -w 0 >bad.key; chmod 600 bad.key",
	    "line 1: a key that is all zero" },
	{ "(cat one.key one.key) >bad.key; chmod 600 bad.key",
	    "line 2: the key of an earlier line" },
	{ "head -c 63 one.key | base64 -w 0 >bad.key; chmod 600 bad.key",
	    "line 1: a key of 63 bytes" },
	{ "rm -f bad.key", "bad.key: No such file" },
};

START_TEST(mistake)
{
	ticket_file_write("one.key", "A");
	shell_expect(0, "", "%s", mistakes[_i].command);
	server_start_fails(
	    1, mistakes[_i].words, "$ok --ticket-key-file bad.key");
	ck_assert_ptr_nonnull(strstr(
	    shell_output(), "tlsecho-server: --ticket-key-file: bad.key: "));
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/ticket_keys");

	SUITE_ADD_LOOP(s, shared, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, rotation, STAGES * RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, rotation_one_by_one, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, old_key_issues_nothing, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, openssl_resumes, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, openssl_with_ticket_of_tls12, 2);
	SUITE_ADD_LOOP(s, gnutls_cli_resumes, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, mistake, sizeof mistakes / sizeof *mistakes);
	return fixture_run(s, argc, argv);
}
