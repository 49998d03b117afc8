/* test_intermediate: both sides below an authority with name constraints. */
#include <check.h>
#include <stdio.h>

#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"

static struct server server;

/* web/NAME: outside of what web may certify, so by openssl. */
static void
issue_outside(const char *name, const char *san, const char *usage)
{
	shell_expect(0, "",
	    "cd ca/web && openssl req -newkey ec -pkeyopt "
	    "ec_paramgen_curve:P-256 -nodes -keyout %s.key -out x.csr -subj "
	    "/O=x 2>/dev/null && printf 'subjectAltName=%s\\n"
	    "extendedKeyUsage=%sAuth\\n' >x.ext && openssl x509 -req -in x.csr "
	    "-CA ca.pem -CAkey ca.key -set_serial 9 -days 2 -extfile x.ext "
	    "-out %s.pem 2>/dev/null && cat ../web.pem >>%s.pem",
	    name, san, usage, name, name);
}

static void
make(void)
{
	shell_expect(0, "",
	    "rm -rf ca/web*; tlsecho-certs intermediate ca web --permit "
	    "localhost --permit example.org --permit uri:.example.org && "
	    "tlsecho-certs server ca/web localhost && tlsecho-certs client "
	    "ca/web c.example.org spiffe://a.example.org/x");
}

static void
start(const char *identity)
{
	char cert[64];
	char key[64];

	(void)snprintf(cert, sizeof cert, "ca/web/%s.pem", identity);
	(void)snprintf(key, sizeof key, "ca/web/%s.key", identity);
	server_start(&server, "--cert", cert, "--key", key, NULL);
}

static void
expect_client(int status, const char *words, const char *identity,
    const char *server_name)
{
	shell_expect(status, words,
	    "tlsecho-client -c 1 -n 1 --cert ca/web/%s.pem --key ca/web/%s.key "
	    "--ca ca/ca.pem --server-name %s %s",
	    identity, identity, server_name, server_address(&server));
}

START_TEST(inside)
{
	make();
	start("localhost");
	expect_client(0, "", "c.example.org", "localhost");
	expect_client(0, "", "spiffe_a.example.org_x", "localhost");
	server_stop_clean(&server);
}
END_TEST

START_TEST(client_outside)
{
	static const char *const names[] = { "DNS:c.example.net",
		"URI:spiffe://a.example.net/x", "email:me@example.org",
		"IP:127.0.0.1" };

	if (!shell_has_program("openssl"))
		return;
	make();
	issue_outside("bad", names[_i], "client");
	start("localhost");
	expect_client(
	    1, "alert from peer: bad_certificate", "bad", "localhost");
	server_expect_failures(&server, "handshake_bad_certificate", 1);
	server_stop_idle(&server);
}
END_TEST

START_TEST(server_outside)
{
	if (!shell_has_program("openssl"))
		return;
	make();
	issue_outside("bad", "DNS:s.example.net", "server");
	start("bad");
	expect_client(1, "", "c.example.org", "s.example.net");
	server_expect_failures(&server, "handshake_peer_alert", 1);
	server_stop_idle(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/intermediate");

	SUITE_ADD(s, inside);
	SUITE_ADD_LOOP(s, client_outside, 4);
	SUITE_ADD(s, server_outside);
	return fixture_run(s, argc, argv);
}
