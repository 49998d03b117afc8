/* tlsecho-client against servers on OpenSSL. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"

static const char *openssl_echo; /* a program */
static struct spawn server, client;
static char target[32];

/* The server says these words, and then its port and the end of its line. */
static void
await_port(const char *words)
{
	const char *found;

	spawn_expect(&server, words);
	found = server.text + server.seen;
	spawn_expect(&server, "\n");
	(void)snprintf(target, sizeof target, "127.0.0.1:%d",
	    (int)strtol(found, NULL, 10));
}

static void
stop_server(void)
{
	spawn_signal(&server, SIGTERM);
	(void)spawn_wait(&server);
}

/* Input ends long before the last of it has come back. */
static void
pipe_file(void)
{
	shell_expect(0, "",
	    "head -c 5000000 /dev/urandom >sent && (tlsecho-client --pipe"
	    " --cert ca/alice.pem --key ca/alice.key --ca ca/ca.pem %s <sent ||"
	    " echo failed) | cmp - sent",
	    target);
}

START_TEST(socat_echoes)
{
	if (!shell_has_program("socat"))
		return;
	spawn_shell(&server, NULL,
	    "socat -d -d OPENSSL-LISTEN:0,bind=127.0.0.1,fork,backlog=128,"
	    "verify=1,cert=ca/server.pem,key=ca/server.key,cafile=ca/ca.pem"
	    " PIPE");
	await_port("listening on AF=2 127.0.0.1:");
	pipe_file();
	client_run(0, target, "-c 64 -n 640 -s 1-2000");
	ck_assert_uint_eq(client_number("connections", "made"), 64);
	ck_assert_uint_eq(client_number("", "round_trips"), 640);
	client_run(0, target, "-c 4 -n 400 -p 16 -s 1-3000");
	ck_assert_uint_eq(client_number("", "round_trips"), 400);
	client_run(1, target,
	    "-c 1 -n 1 --cert other/mallory.pem --key other/mallory.key");
	stop_server();
}
END_TEST

static void
start_echo(const char *update)
{
	spawn_start(&server,
	    (const char *const[]){ openssl_echo, "ca/server.pem",
		"ca/server.key", "ca/ca.pem", update, NULL },
	    NULL);
	await_port("port ");
}

/* OpenSSL's tickets differ from those of GnuTLS. */
START_TEST(openssl_resumes)
{
	if (!shell_has_program("python3"))
		return;
	start_echo(NULL);
	client_run(0, target,
	    "--handshakes --resume -c 2 -w 1 -n 20 --priority %s",
	    resume_versions[_i]);
	ck_assert_uint_eq(client_number("", "transactions"), 20);
	ck_assert_uint_ge(client_number("traffic", "handshakes_resumed"), 18);
	stop_server();
}
END_TEST

START_TEST(openssl_pipes)
{
	if (!shell_has_program("python3"))
		return;
	start_echo(NULL);
	pipe_file();
	stop_server();
}
END_TEST

/* Before each of its records, and asks for the client's to be changed (1). */
START_TEST(openssl_changes_keys)
{
	static const char *const updates[] = { "0", "1" };

	if (!shell_has_program("python3"))
		return;
	start_echo(updates[_i]);
	client_run(0, target, "-c 2 -n 2000 --pipeline 16 -s 1-3000");
	ck_assert_uint_eq(client_number("", "round_trips"), 2000);
	client_run(0, target, "-c 4 -n 40 --pipeline 2 -s 1-100k");
	ck_assert_uint_eq(client_number("", "round_trips"), 40);
	stop_server();
}
END_TEST

static void
command(const char *line, int n, bool is_answered)
{
	for (int i = 0; i < n; i++) {
		spawn_write(&server, line, 2);
		spawn_expect(&server, "SSL_do_handshake -> 1\n");
		if (is_answered)
			spawn_expect(&server, "Read BLOCK\n");
	}
}

/* A client that waits for a key press answers requests meanwhile (K). */
START_TEST(openssl_changes_keys_of_idle_client)
{
	const char interrupt = 3;

	if (!shell_has_program("openssl"))
		return;
	spawn_shell(&server, NULL,
	    "stdbuf -oL openssl s_server -accept 127.0.0.1:0 -naccept 1"
	    " -Verify 1 -verify_return_error -CAfile ca/ca.pem"
	    " -cert ca/server.pem -key ca/server.key");
	await_port("ACCEPT 127.0.0.1:");
	client_start(&client, target, "--interactive -c 1 -n 1",
	    &(struct spawn_options){ .terminal = true });
	spawn_expect(&client, "Clients connected. Press any key");
	spawn_expect(&server, "CIPHER is TLS_");
	command("k\n", 30, false);
	command("K\n", 30, true);
	spawn_write(&client, &interrupt, 1);
	ck_assert_int_eq(spawn_wait(&client), 0);
	ck_assert(spawn_said(&client, "Errors: 0\r\n"));
	spawn_expect(&server, "CONNECTION CLOSED\n");
	ck_assert_int_eq(spawn_wait(&server), 0);
	ck_assert_msg(!spawn_said(&server, "ERROR"), "%s", server.text);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/foreign_servers");

	openssl_echo = realpath("tests/e2e/openssl-echo", NULL);
	SUITE_ADD_SLOW(s, socat_echoes, 30);
	SUITE_ADD(s, openssl_pipes);
	SUITE_ADD_LOOP(s, openssl_resumes, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, openssl_changes_keys, 2);
	SUITE_ADD(s, openssl_changes_keys_of_idle_client);
	return fixture_run(s, argc, argv);
}
