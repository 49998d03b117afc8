/*
 * Who must show a certificate, and what of the policy's options is refused at
 * start.
 */
#include <check.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/fixture.h"
#include "tests/support/odd_certs.h"
#include "tests/support/pki_file.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct odd_certs odd;
static struct server server;
static struct tlspeer peer;

START_TEST(auth_required)
{
	server_start(&server, "--client-auth", "required", NULL);
	ck_assert_uint_eq(server_master_value(&server, "client_auth"), 2);
	resume_echo(server.port, "ca/alice", _i);
	ck_assert_int_ne(
	    resume_refusal(NULL, server.port, NULL, _i), TLSPEER_NO_ALERT);
	server_expect_failures(&server, "handshake_no_certificate", 1);
	server_stop_idle(&server);
	ck_assert(!spawn_said(&server.process, "clients need no certificate"));
}
END_TEST

/* Without one is fine, with a bad one not. */
START_TEST(auth_optional)
{
	server_start(&server, "--client-auth", "optional", NULL);
	spawn_expect(&server.process, " warn tlsecho-server[");
	spawn_expect(&server.process,
	    "clients need no certificate: --client-auth optional\n");
	ck_assert_uint_eq(server_master_value(&server, "client_auth"), 1);
	resume_echo(server.port, "ca/alice", _i);
	resume_echo(server.port, NULL, _i);
	ck_assert_int_eq(resume_refusal(NULL, server.port, "other/mallory", _i),
	    GNUTLS_A_UNKNOWN_CA);
	server_expect_failures(&server, "handshake_unknown_issuer", 1);
	server_stop_idle(&server);
}
END_TEST

/* None is asked for, and what a client has stays at home. */
START_TEST(auth_none)
{
	server_start(&server, "--client-auth", "none", "--whoami", NULL);
	spawn_expect(&server.process,
	    "clients need no certificate: --client-auth none\n");
	ck_assert_uint_eq(server_master_value(&server, "client_auth"), 0);
	for (int i = 0; i < 2; i++) {
		char greeting[2048];
		ssize_t n;

		resume_open(&peer, NULL, server.port,
		    i == 0 ? "other/mallory" : NULL, _i);
		ck_assert_int_eq(tlspeer_handshake(&peer), 0);
		n = tlspeer_receive(&peer, greeting, sizeof greeting);
		ck_assert_int_gt(n, 0);
		ck_assert_ptr_nonnull(
		    memmem(greeting, (size_t)n, "\"certificate\":null", 18));
		tlspeer_finish(&peer);
	}
	server_expect_failures(&server, NULL, 0);
	server_stop_idle(&server);
}
END_TEST

/* That of a server comes in, with a warning; all else is asked as before. */
START_TEST(any_purpose)
{
	server_start(&server, "--client-purpose", "any", NULL);
	spawn_expect(&server.process, " warn tlsecho-server[");
	spawn_expect(&server.process, ": --client-purpose any\n");
	resume_echo(server.port, "ca/server", _i);
	resume_echo(server.port, "ca/alice", _i);
	ck_assert_int_eq(resume_refusal(NULL, server.port, "ca/expired", _i),
	    GNUTLS_A_CERTIFICATE_EXPIRED);
	server_expect_failures(&server, "handshake_expired", 1);
	server_stop_idle(&server);
}
END_TEST

/* An optional certificate that no rule allows is none, and none is not it. */
START_TEST(auth_optional_with_rules)
{
	server_start(
	    &server, "--client-auth", "optional", "--allow-cn", "alice", NULL);
	resume_echo(server.port, "ca/alice", _i);
	ck_assert_int_eq(resume_refusal(NULL, server.port, "ca/bob", _i),
	    GNUTLS_A_ACCESS_DENIED);
	ck_assert_int_eq(resume_refusal(NULL, server.port, NULL, _i),
	    GNUTLS_A_ACCESS_DENIED);
	server_expect_failures(&server, "handshake_not_allowed", 2);
	server_stop_idle(&server);
}
END_TEST

/* A text is the same name to tlsecho-certs and to the rules, of any kind. */
static const struct {
	const char *name, *identity, *shown;
} names[] = {
	{ "a.example.org", "ca/a.example.org", "DNS:a.example.org" },
	{ "10.0.0.1", "ca/10.0.0.1", "IP:10.0.0.1" },
	{ "2001:DB8:0::1", "ca/2001_DB8_0_1", "IP:2001:db8::1" },
	{ "x@example.org", "ca/x@example.org", "email:x@example.org" },
	{ "mailto:x@example.org", "ca/mailto_x@example.org",
	    "URI:mailto:x@example.org" },
	{ "urn:a:b", "ca/urn_a_b", "URI:urn:a:b" },
	{ "localhost:8080", "ca/localhost_8080", "URI:localhost:8080" },
	{ "spiffe://example.org/x", "ca/spiffe_example.org_x",
	    "URI:spiffe://example.org/x" },
};

START_TEST(certs_and_rules_agree)
{
	size_t other = ((size_t)_i + 1) % (sizeof names / sizeof *names);

	shell_expect(0, names[_i].shown,
	    "tlsecho-certs client ca '%s' '%s' --force 2>notes; "
	    "tlsecho-certs show %s.pem",
	    names[_i].name, names[other].name, names[_i].identity);
	server_start(&server, "--allow-san", names[_i].name, NULL);
	resume_echo(server.port, names[_i].identity, 0);
	ck_assert_int_eq(
	    resume_refusal(NULL, server.port, names[other].identity, 0),
	    GNUTLS_A_ACCESS_DENIED);
	server_stop_idle(&server);
}
END_TEST

/* See server_start_fails; odd-ca.pem has made odd.crl. */
static const struct {
	const char *arguments, *words;
	int status;
} mistakes[] = {
	{ "$ok --crl odd.crl", "odd.crl: ", 1 },
	{ "$odd --crl bent.crl", "bent.crl: ", 1 },
	{ "$odd --crl password", "password: ", 1 },
	{ "$odd --crl missing.crl", "missing.crl: No such file", 1 },
	{ "$odd --crl empty", "empty: is empty", 1 },
	{ "$odd --crl odd-ca.pem", "odd-ca.pem: ", 1 },
	{ "$odd --crl-required", "would refuse everyone", 2 },
	{ "$odd --client-auth sometimes", "'sometimes'", 2 },
	{ "$odd --client-auth none --allow-cn alice", "--allow rules", 2 },
	{ "$odd --client-auth none --crl odd.crl", "--crl and", 2 },
	{ "$odd --client-auth none --crl odd.crl --crl-required", "--crl", 2 },
	{ "$ok --allow-pin sha256:1234", "--allow-pin", 2 },
	{ "$ok --allow-pin md5:1234", "--allow-pin", 2 },
	{ "$ok --allow-cn ''", "--allow-cn", 2 },
	{ "$ok --allow-san 'a.*.example'", "--allow-san", 2 },
	{ "$ok --allow-file missing.rules", "missing.rules: No such file", 1 },
	{ "$ok --allow-file bad.rules", "bad.rules:3", 1 },
	{ "$ok --allow-file empty", "empty: no rule in it", 1 },
	{ "$ok --tickets 0", "'0'", 2 },
	{ "$ok --tickets 17", "'17'", 2 },
	{ "$ok --tickets many", "'many'", 2 },
	{ "$ok --tickets off --ticket-key-file empty", "--tickets off", 2 },
	{ "$ok --alpn ''", "--alpn", 2 },
	{ "$ok --keylog no/where", "--keylog: no/where", 1 },
	{ "$ok --keylog ca", "--keylog: ca: Is a directory", 1 },
	{ "$ok --keylog 0604.key", "--keylog: 0604.key: ", 1 },
	{ "$ok --interactive </dev/null", "--interactive: standard input", 1 },
	{ "$ok --listen 127.0.0.1:4433 --listen 127.0.0.1:4433",
	    "--listen: 127.0.0.1:4433: given twice", 1 },
	{ "$ok --listen 192.0.2.1:0", "--listen: 192.0.2.1:0: ", 1 },
	{ "$ok --log-level @missing.level", "missing.level", 2 },
	{ "$ok --log-level @password", "password: 'an open sesame'", 2 },
	{ "$ok --cert ca/renewed.pem", "--key", 2 },
	{ "$ok --key ca/renewed.key", "--cert", 2 },
	{ "$ok --cert ca/renewed.pem --key ca/alice.key",
	    "ca/renewed.pem: the private key does not belong", 1 },
	{ "$trust --cert ca/server.pem --key 0660.key", "0660.key: ", 1 },
	{ "$trust --cert ca/server.pem --key 0604.key", "0604.key: ", 1 },
};

/* With another last bit in its signature; in DER. */
static void
write_bent_crl(void)
{
	gnutls_datum_t pem;
	gnutls_datum_t der;

	ck_assert_int_eq(gnutls_load_file("odd.crl", &pem), 0);
	ck_assert_int_eq(gnutls_pem_base64_decode2("X509 CRL", &pem, &der), 0);
	der.data[der.size - 1] ^= 1;
	pki_file_write("bent.crl", der.data, der.size, 0644);
	gnutls_free(pem.data);
	gnutls_free(der.data);
}

static void
write_mistakes(void)
{
	odd_certs_make(&odd, odd_certs_revoked, &odd_certs_alice);
	odd_certs_free(&odd);
	shell_expect(0, "",
	    ": >empty && printf '# who\\ncn alice\\ncm bob\\n'"
	    " >bad.rules && for m in 0660 0604; do cp ca/server.key $m.key;"
	    " chmod $m $m.key; done");
	write_bent_crl();
}

/* And --test says the same. */
START_TEST(mistake)
{
	const char *arguments = mistakes[_i / 2].arguments;
	bool is_test = _i % 2 == 1;

	write_mistakes();
	server_start_fails(mistakes[_i / 2].status, mistakes[_i / 2].words,
	    "%s %s", is_test ? "--test" : "", arguments);
}
END_TEST

/* Says what it comes to, and that it is fine; nobody listens afterwards. */
START_TEST(test_option)
{
	static const char *const words[] = {
		"priority: SECURE128:",
		":%PROFILE_MEDIUM\n",
		"protocols: TLS1.3 TLS1.2\n",
		"ciphers: AES-128-GCM",
		"groups: X25519",
		"signatures: ",
		"\ncertificate: CN=server, for server, of DNS:server, ",
		"\ncertificate: CN=renewed, for server, of DNS:renewed, ",
		"\nroot: CN=root, until 20",
		"\nclient certificates: required, for clients\n",
		"\nrevocation lists: 1 revoked, next update due 20",
		" by CN=root; a current one is required\n",
		"\nrule: cn alice\n",
		"\nsession tickets: 2 after a handshake\n",
		"\nkey log: keylog\n",
		"\nopen sessions after a reload: judged\n",
		", on any CPU\n",
		"handshakes under way: at most 9 in each worker, others wait\n",
		"chain cache: 7 chains a worker\n",
		("connection table: 1024 connections, 512 of each worker, "
		 "128 KiB, mode 0604\n"),
		"configuration ok\n",
	};
	char name[STATS_SHM_NAME];

	write_mistakes();
	server_new_name(name);
	shell_expect(0, words[0],
	    "exec tlsecho-server --test --ca odd-ca.pem"
	    " --cert ca/server.pem --key ca/server.key --cert ca/renewed.pem"
	    " --key ca/renewed.key --crl odd.crl --crl-required --allow-cn"
	    " alice --chain-cache 7 --keylog keylog --max-handshaking 9"
	    " --stats %s --stats-mode 604 --connection-table 1024 -w 2"
	    " --listen 127.0.0.1:0",
	    name);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		ck_assert_msg(strstr(shell_output(), words[i]) != NULL,
		    "'%s' is missing:\n%s", words[i], shell_output());
	ck_assert_ptr_null(strstr(shell_output(), "SHA1"));
	ck_assert_ptr_null(strstr(shell_output(), "SECP192"));
	ck_assert(!server_segment_exists(name));
	ck_assert_int_ne(access("keylog", F_OK), 0);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/policy");
	const int count = sizeof mistakes / sizeof *mistakes;

	SUITE_ADD_LOOP(s, auth_required, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, auth_optional, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, auth_none, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, any_purpose, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, auth_optional_with_rules, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, certs_and_rules_agree, sizeof names / sizeof *names);
	SUITE_ADD_LOOP(s, mistake, 2 * count);
	SUITE_ADD(s, test_option);
	return fixture_run(s, argc, argv);
}
