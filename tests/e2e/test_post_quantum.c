/*
 * test_post_quantum: X25519MLKEM768 by default, between our programs and with
 * openssl, where the library has it. Debian 12's and 13's do not.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/creds/priority.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/spawn.h"
#include "tests/support/suite.h"

static struct server server;
static struct spawn peer;
static const char *openssl_echo; /* a program */

static bool
has_hybrid(void)
{
	if (strcmp(tls_priority_default(), TLS_PRIORITY_HYBRID) == 0)
		return true;
	suite_skip("this GnuTLS has no X25519MLKEM768");
	return false;
}

/* From 3.5 on. */
static bool
openssl_has_hybrid(void)
{
	if (shell("openssl list -kem-algorithms | grep -q X25519MLKEM768") == 0)
		return true;
	suite_skip("this openssl has no X25519MLKEM768");
	return false;
}

static void
expect_hybrids(uint64_t handshakes, uint64_t hellos)
{
	ck_assert_uint_eq(
	    server_total(&server, "handshakes_x25519_mlkem768"), handshakes);
	ck_assert_uint_eq(server_total(&server, "hellos_post_quantum"), hellos);
}

/* Resumed ones exchange keys, too (RFC 8446, 4.2.9: psk_dhe_ke). */
START_TEST(by_default)
{
	if (!has_hybrid())
		return;
	server_start(&server, NULL);
	client_run(0, server_address(&server), "-c 2 -n 8");
	expect_hybrids(2, 2);
	client_run(0, server_address(&server),
	    "-c 1 -n 4 --handshakes --resume --hello-size 2000");
	ck_assert_uint_eq(server_total(&server, "handshakes_resumed"), 3);
	expect_hybrids(6, 6);
	server_stop_clean(&server);
}
END_TEST

START_TEST(not_with_a_priority_of_the_user)
{
	server_start(&server, "--priority", TLS_PRIORITY_DEFAULT, NULL);
	client_run(0, server_address(&server), "-c 1 -n 1");
	client_run(0, server_address(&server), "-c 1 -n 1 --priority %s",
	    TLS_PRIORITY_DEFAULT);
	expect_hybrids(0,
	    strcmp(tls_priority_default(), TLS_PRIORITY_HYBRID) == 0 ? 1 : 0);
	server_stop_clean(&server);
}
END_TEST

static void
client_says_post_quantum(void)
{
	const json_t *negotiated = client_member("", "negotiated");

	ck_assert_uint_eq(json_array_size(negotiated), 1);
	ck_assert(json_is_true(
	    json_object_get(json_array_get(negotiated, 0), "post_quantum")));
}

/* By default it lists FFDHE groups; browsers and Go do not. */
static const struct {
	const char *options;
	unsigned hybrids;
} lists[] = {
	{ "", 1 },
	{ "-groups X25519MLKEM768:X25519", 1 },
	{ "-groups X25519:X25519MLKEM768", 0 },
	{ "-groups X25519MLKEM768:X25519:P-256 -tls1_2", 0 },
};

START_TEST(openssl_as_client)
{
	if (!has_hybrid() || !openssl_has_hybrid())
		return;
	server_start(&server, NULL);
	spawn_shell(&peer, NULL,
	    "openssl s_client -quiet -verify_return_error -CAfile ca/ca.pem"
	    " -cert ca/alice.pem -key ca/alice.key -connect 127.0.0.1:%d %s",
	    server.port, lists[_i].options);
	spawn_write(&peer, "hybrid\n", 7);
	spawn_expect(&peer, "hybrid\n");
	ck_assert_uint_eq(server_total(&server, "handshakes_x25519_mlkem768"),
	    lists[_i].hybrids);
	spawn_signal(&peer, SIGTERM);
	(void)spawn_wait(&peer);
	server_stop(&server);
}
END_TEST

START_TEST(openssl_as_server)
{
	char target[32];

	if (!has_hybrid() || !openssl_has_hybrid() ||
	    !shell_has_program("python3"))
		return;
	spawn_start(&peer,
	    (const char *const[]){ openssl_echo, "ca/server.pem",
		"ca/server.key", "ca/ca.pem", NULL },
	    NULL);
	spawn_expect(&peer, "port ");
	(void)snprintf(target, sizeof target, "127.0.0.1:%d",
	    (int)strtol(peer.text + peer.seen, NULL, 10));
	client_run(0, target, "-c 4 -n 100");
	client_says_post_quantum();
	spawn_signal(&peer, SIGTERM);
	(void)spawn_wait(&peer);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/post_quantum");

	openssl_echo = realpath("tests/e2e/openssl-echo", NULL);
	SUITE_ADD(s, by_default);
	SUITE_ADD(s, not_with_a_priority_of_the_user);
	SUITE_ADD_LOOP(s, openssl_as_client, sizeof lists / sizeof *lists);
	SUITE_ADD(s, openssl_as_server);
	return fixture_run(s, argc, argv);
}
