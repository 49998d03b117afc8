/* test_main: exit statuses, counts, and what is said about them. */
#include <check.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/client/program.h"
#include "tests/support/fake_server.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static struct spawn client;
static struct server server;
static struct fake_server fake;

static const char *
address(void)
{
	static char text[32];

	(void)snprintf(text, sizeof text, "127.0.0.1:%d", server.port);
	return text;
}

static const struct {
	const char *options;
	int status;
	const char *says;
} told[] = {
	{ "--help", 0, "--round-trips N" },
	{ "--version", 0, "compiled against" },
	{ "--nonsense", 2, "unknown option --nonsense" },
	{ "-d 1s -n 1", 2, "exclude each other" },
	{ "--cert none.pem --key k", 1, "none.pem: No such file" },
	{ "--interactive", 1, "standard input is not a terminal" },
};

/* Nobody listens on port 1. */
TEST_EACH(status_and_words, told)
{
	program_run(&client, told[_i].status, told[_i].options, "127.0.0.1:1");
	program_expect(&client, told[_i].says);
}

/* Told before anything is connected, not after an hour. */
TEST(nowhere_to_report_to)
{
	program_run(&client, 1, "--json /none/file", "127.0.0.1:1");
	ck_assert_str_eq(client.text,
	    "tlsecho-client: /none/file: No such file or directory\n");
}

TEST(no_host)
{
	program_run(&client, 1, "", "host.invalid:4433");
	program_expect(&client, "tlsecho-client: host.invalid:4433: ");
	ck_assert(!spawn_said(&client, "Connections"));
}

TEST(port_out_of_range)
{
	program_run(&client, 2, "", "localhost:65536");
	program_expect(&client, "the port is not a number from 1 to 65535");
}

TEST(all_refused_ends_at_once)
{
	program_run(&client, 1, "-c 5 -w 2 -d 1h", "127.0.0.1:1");
	program_expect(&client, "Connections made: 0\n");
	program_expect(&client, "Connections failed: 5\n");
	program_expect(&client, "\n  connection refused: 5\n");
	program_expect(&client, "First failure: connection ");
}

/* Bytes that are wrong, however the program comes to see them. */
TEST(wrong_bytes)
{
	fake_server_start(&fake, FAKE_FLIPS_A_BIT, "ca/server");
	program_run(&client, 1, "-c 4 -w 2 -d 1h", fake.address);
	program_expect(&client, "\n  echo differs from what was sent: ");
	program_expect(&client, "\nThe run ended at a wrong echo: connection ");
	program_expect(
	    &client, "\n  It looks like one bit that was flipped.\n");
	program_expect(&client,
	    "\ntlsecho-client: echo differs from what was sent: connection ");
	fake_server_stop(&fake);
}

/* Those of the other connections and the other worker have sent nothing. */
TEST(wrong_byte_ends_all)
{
	fake_server_start(&fake, FAKE_FLIPS_A_BIT, "ca/server");
	program_run(&client, 1, "-c 4 -w 2 -d 1h --rate 0.01 --late-limit 1h",
	    fake.address);
	program_expect(&client, "\n  echo differs from what was sent: 1\n");
	program_expect(&client, "\nErrors: 1\n");
	fake_server_stop(&fake);
}

TEST(stalled_server)
{
	fake_server_start(&fake, FAKE_STALLS, "ca/server");
	program_run(&client, 1, "-c 4 -w 2 -d 1h --timeout 1s", fake.address);
	program_expect(&client, "\n  round trip timeout: 4\n");
	program_expect(&client, "Connections made: 4\n");
	program_expect(&client, "Connections failed: 0\n");
	program_expect(&client, "Connections lost: 4\n");
	fake_server_stop(&fake);
}

TEST(silent_server)
{
	fake_server_start(&fake, FAKE_IS_SILENT, "ca/server");
	program_run(
	    &client, 1, "-c 4 -w 2 --handshake-timeout 500ms", fake.address);
	program_expect(&client, "\n  handshake timeout: 4\n");
	fake_server_stop(&fake);
}

/* The lines of one connection stand together. */
TEST(session_lines_do_not_mix)
{
	static const char key[] = "\nCipherAlgorithm: ";
	unsigned blocks = 0;
	const char *at;

	server_start(&server, NULL);
	program_run(&client, 0, "-q -v -c 20 -w 4 -n 20", address());
	at = client.text;
	while ((at = strstr(at, "Connection ")) != NULL) {
		const char *line = strchr(at, '\n');

		if (strncmp(line, key, sizeof key - 1) != 0)
			break;
		ck_assert(
		    strstr(line, "\nIsServer: false\n") < strstr(line, "\n\n"));
		at = strstr(line, "\n\n");
		blocks++;
	}
	ck_assert_uint_eq(blocks, 20);
	ck_assert_uint_eq(
	    spawn_count(&client, "\nIsMutuallyAuthenticated: unknown\n"), 20);
	ck_assert_uint_eq(
	    spawn_count(&client, "): IsMutuallyAuthenticated: true\n"), 20);
	program_expect(&client, "RemoteCertificate.Subject: CN=server\n");
	program_expect(&client, "LocalCertificate.Subject: CN=alice\n");
	server_stop(&server);
}

static const struct {
	const char *options;
	int status;
	const char *says;
} goals[] = {
	{ "--goal errors==0 --goal p90<1h", 0,
	    "errors==0                       0  met\n" },
	{ "--goal errors==0 --goal p90<1ns", 4,
	    "tlsecho-client: 1 of 2 goals missed: p90<1ns (" },
	{ "--goal errors==0 --goal p99<1h", 3,
	    "tlsecho-client: 1 of 2 goals not measured: p99<1h (20 of at" },
	{ "--goal error_rate<100% --timeout 1h", 0,
	    "error_rate<100%               0 %  met\n" },
	{ "--goal p42>2ms%", 2, "--goal: 'p42>2ms%': '2ms%' is not" },
};

TEST_EACH(goals_and_status, goals)
{
	char options[128];

	server_start(&server, NULL);
	(void)snprintf(
	    options, sizeof options, "-q -c 2 -n 20 %s", goals[_i].options);
	program_run(&client, goals[_i].status, options, address());
	program_expect(&client, goals[_i].says);
	server_stop(&server);
}

/* Under TLS 1.2 it is known at once. */
TEST(mutual_at_once)
{
	server_start(&server, NULL);
	program_run(&client, 0,
	    "-q -v -c 3 -n 3 --priority SECURE128:-VERS-ALL:+VERS-TLS1.2",
	    address());
	ck_assert_uint_eq(
	    spawn_count(&client, "\nIsMutuallyAuthenticated: true\n"), 3);
	ck_assert_uint_eq(spawn_count(&client, "IsMutuallyAuthenticated"), 3);
	server_stop(&server);
}

static void
expect_json(const char *file)
{
	json_t *report = json_load_file(file, 0, NULL);

	ck_assert_ptr_nonnull(report);
	ck_assert_int_eq(
	    json_integer_value(json_object_get(report, "round_trips")), 10);
	ck_assert(json_is_true(json_object_get(report, "ok")));
	json_decref(report);
}

TEST(json_to_a_file)
{
	server_start(&server, NULL);
	program_run(&client, 0, "-q -n 10 --json run.json", address());
	ck_assert_uint_eq(program_value(&client, "Round trips"), 10);
	expect_json("run.json");
	server_stop(&server);
}

/* Facts and text make room for it. */
TEST(json_alone_on_standard_output)
{
	server_start(&server, NULL);
	shell_expect(0, "",
	    "tlsecho-client -v -n 10 --cert ca/alice.pem --key ca/alice.key "
	    "--ca ca/ca.pem --json - %s >out 2>text",
	    address());
	expect_json("out");
	shell_expect(0, "CipherAlgorithm", "cat text");
	shell_expect(0, "Round trips: 10 ", "cat text");
	server_stop(&server);
}

TEST(standard_output_is_full)
{
	server_start(&server, NULL);
	shell_expect(1, "the report cannot be written",
	    "tlsecho-client -q -n 10 --cert ca/alice.pem --key ca/alice.key "
	    "--ca ca/ca.pem %s 2>&1 >/dev/full",
	    address());
	server_stop(&server);
}

/* In one line, whatever becomes of standard output. */
TEST(failure_told_on_standard_error)
{
	shell_expect(0, "",
	    "tlsecho-client -q -c 3 --cert ca/alice.pem --key ca/alice.key "
	    "--ca ca/ca.pem 127.0.0.1:1 >/dev/null 2>text; "
	    "echo 'tlsecho-client: 3 of 3 connections failed: connection "
	    "refused' | cmp - text");
}

/* Nobody can raise -c high enough. */
TEST(dead_server_and_a_rate)
{
	program_run(&client, 1,
	    "-q --handshakes --rate 500 -c 2 -d 100ms --grace 0",
	    "127.0.0.1:1");
	program_expect(&client, "in use: others that failed had them");
	ck_assert(!spawn_said(&client, "raise -c"));
}

TEST(too_few_descriptors)
{
	const struct spawn_options how = { .max_fds = 400 };

	program_start(&client, "-c 500 -w 1", "127.0.0.1:1", &how);
	ck_assert_int_eq(spawn_wait(&client), 1);
	program_expect(&client, "a process with 500 connections needs");
	program_expect(&client, "the limit is 400");
}

FIXTURE_SUITE("client/main")
