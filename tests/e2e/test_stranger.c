/* tlsecho-client without a certificate: who lets it in, and who does not. */
#include <check.h>
#include <string.h>

#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"

static struct server server;

/* As each version of TLS has it, whether the connection stays or not. */
static const struct {
	const char *options, *alert;
} refusals[] = {
	{ "-n 100", "certificate_required" },
	{ "--handshakes -n 4", "certificate_required" },
	{ "--idle -d 1ms", "certificate_required" },
	{ "-n 100 --priority SECURE128:-VERS-ALL:+VERS-TLS1.2",
	    "handshake_failure" },
};

START_TEST(kept_out)
{
	server_start(&server, NULL);
	shell_expect(1,
	    "Without a certificate: 0 let in, 4 refused by an alert",
	    "exec tlsecho-client -q --json report.json -c 4 %s"
	    " --ca ca/ca.pem %s",
	    refusals[_i].options, server_address(&server));
	shell_expect(0, refusals[_i].alert,
	    "jq -e '.alerts.%s == 4 and .presents_certificate == false and"
	    " .connections.made == 0' report.json && jq .alerts report.json",
	    refusals[_i].alert);
	server_expect_failures(&server, "handshake_no_certificate", 4);
	server_stop(&server);
}
END_TEST

/* The line on standard error alone tells it. */
START_TEST(kept_out_in_one_line)
{
	server_start(&server, NULL);
	shell_expect(1,
	    "tlsecho-client: 2 of 2 connections without a certificate failed: "
	    "alert from peer: certificate_required\n",
	    "exec tlsecho-client -q -c 2 -n 2 --ca ca/ca.pem %s",
	    server_address(&server));
	server_stop(&server);
}
END_TEST

START_TEST(let_in)
{
	server_start(&server, "--client-auth", "optional", NULL);
	shell_expect(0,
	    "Without a certificate: 4 let in, 0 refused by an alert",
	    "exec tlsecho-client -q -v -c 4 -n 40 --ca ca/ca.pem %s",
	    server_address(&server));
	shell_expect(0, "IsMutuallyAuthenticated: false",
	    "tlsecho-client -q -v --handshakes --resume -c 1 -n 4"
	    " --priority %s --ca ca/ca.pem %s >log; "
	    "! grep -E 'IsMutually.*: (true|unknown)' log && cat log",
	    resume_versions[_i], server_address(&server));
	server_stop(&server);
}
END_TEST

/* With a certificate the report does not speak of strangers. */
START_TEST(not_without_reason)
{
	server_start(&server, NULL);
	client_run(0, server_address(&server), "-c 1 -n 1");
	ck_assert(json_is_true(client_member("", "presents_certificate")));
	ck_assert_ptr_null(strstr(shell_output(), "Without a certificate"));
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/stranger");

	SUITE_ADD_LOOP(s, kept_out, sizeof refusals / sizeof *refusals);
	SUITE_ADD(s, kept_out_in_one_line);
	SUITE_ADD_LOOP(s, let_in, RESUME_VERSIONS);
	SUITE_ADD(s, not_without_reason);
	return fixture_run(s, argc, argv);
}
