/*
 * Who must show a certificate, and what of the policy's options is refused at
 * start.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/odd_certs.h"
#include "tests/support/pki_file.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static const struct pki_options alice = { .name = "alice",
	.purpose = GNUTLS_KP_TLS_WWW_CLIENT };
static struct odd_certs odd_certs;
static struct server server;
static struct tlspeer peer;

static void
stop(void)
{
	AWAIT(server_total(&server, "open") == 0);
	server_stop(&server);
}

static void
echo_as(const char *identity, int version)
{
	resume_open(&peer, NULL, server.port, identity, version);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
}

static int
refusal_of(const char *identity, int version)
{
	resume_open(&peer, NULL, server.port, identity, version);
	return tlspeer_refusal(&peer);
}

START_TEST(auth_required)
{
	server_start(&server, "--client-auth", "required", NULL);
	ck_assert_uint_eq(server_master_value(&server, "client_auth"), 2);
	echo_as("ca/alice", _i);
	ck_assert_int_ne(refusal_of(NULL, _i), TLSPEER_NO_ALERT);
	server_expect_failures(&server, "handshake_no_certificate", 1);
	stop();
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
	echo_as("ca/alice", _i);
	echo_as(NULL, _i);
	ck_assert_int_eq(refusal_of("other/mallory", _i), GNUTLS_A_UNKNOWN_CA);
	server_expect_failures(&server, "handshake_unknown_issuer", 1);
	stop();
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
	stop();
}
END_TEST

/* An optional certificate that no rule allows is none, and none is not it. */
START_TEST(auth_optional_with_rules)
{
	server_start(
	    &server, "--client-auth", "optional", "--allow-cn", "alice", NULL);
	echo_as("ca/alice", _i);
	ck_assert_int_eq(refusal_of("ca/bob", _i), GNUTLS_A_ACCESS_DENIED);
	ck_assert_int_eq(refusal_of(NULL, _i), GNUTLS_A_ACCESS_DENIED);
	server_expect_failures(&server, "handshake_not_allowed", 2);
	stop();
}
END_TEST

/*
 * A line that says what is wrong, and nothing has begun. $ok are credentials
 * that are in order; odd-ca.pem has made odd.crl.
 */
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
	{ "$ok --log-level @missing.level", "missing.level", 2 },
	{ "$ok --log-level @password", "password: 'an open sesame'", 2 },
	{ "$ok --cert ca/renewed.pem", "--key", 2 },
	{ "$ok --key ca/renewed.key", "--cert", 2 },
	{ "$ok --cert ca/renewed.pem --key ca/alice.key",
	    "ca/renewed.pem: the private key does not belong", 1 },
	{ "--ca ca/ca.pem --cert ca/server.pem --key 0640.key",
	    "0640.key: ", 1 },
	{ "--ca ca/ca.pem --cert ca/server.pem --key 0604.key",
	    "0604.key: ", 1 },
};

/* With another last bit in its signature; in DER. */
static void
write_bent_crl(void)
{
	gnutls_datum_t pem;
	gnutls_datum_t der;

	ck_assert_int_eq(gnutls_load_file(fixture_path("odd.crl"), &pem), 0);
	ck_assert_int_eq(gnutls_pem_base64_decode2("X509 CRL", &pem, &der), 0);
	der.data[der.size - 1] ^= 1;
	pki_file_write("bent.crl", der.data, der.size, 0644);
	gnutls_free(pem.data);
	gnutls_free(der.data);
}

static void
write_mistakes(void)
{
	odd_certs_open(&odd_certs);
	odd_certs_revoked(&odd_certs, &alice);
	odd_certs_write(&odd_certs);
	odd_certs_close(&odd_certs);
	shell_expect(0, "",
	    ": >empty && printf '# who\\ncn alice\\ncm bob\\n'"
	    " >bad.rules && for m in 0640 0604; do cp ca/server.key $m.key;"
	    " chmod $m $m.key; done");
	write_bent_crl();
}

/* After a usage error comes where to find help. */
static void
expect_one_line(int status)
{
	const char *said = shell_output();
	const char *end;
	int lines = 0;

	ck_assert_int_eq(strncmp(said, "tlsecho-server: ", 16), 0);
	while ((end = strchr(said, '\n')) != NULL) {
		lines++;
		said = end + 1;
	}
	ck_assert_msg(lines == (status == 2 ? 2 : 1), "%s", shell_output());
}

/* And --test says the same, but for what happens later. */
START_TEST(mistake)
{
	const char *arguments = mistakes[_i / 2].arguments;
	bool is_later = strstr(arguments, "--keylog") != NULL;
	bool is_test = _i % 2 == 1;
	char name[STATS_SHM_NAME];

	if (is_test && is_later)
		return;
	write_mistakes();
	server_new_name(name);
	shell_expect(mistakes[_i / 2].status, mistakes[_i / 2].words,
	    "id='--cert ca/server.pem --key ca/server.key --listen"
	    " 127.0.0.1:0 --stats %s'; ok=\"--ca ca/ca.pem $id\";"
	    " odd=\"--ca odd-ca.pem $id\"; eval exec"
	    " tlsecho-server \"%s\" %s",
	    name, arguments, is_test ? "--test" : "");
	expect_one_line(mistakes[_i / 2].status);
	ck_assert(!server_segment_exists(name));
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
		"groups: X25519 ",
		"signatures: ",
		"certificates: 2, revoked clients: 1\n",
		", on any CPU\n",
		"handshakes under way: at most 9 in each worker\n",
		"chain cache: 7 chains a worker\n",
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
	    " --stats %s"
	    " --listen 127.0.0.1:0",
	    name);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		ck_assert_msg(strstr(shell_output(), words[i]) != NULL,
		    "'%s' is missing:\n%s", words[i], shell_output());
	ck_assert_ptr_null(strstr(shell_output(), "SHA1"));
	ck_assert_ptr_null(strstr(shell_output(), "SECP192"));
	ck_assert(!server_segment_exists(name));
	ck_assert_int_ne(access(fixture_path("keylog"), F_OK), 0);
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
	SUITE_ADD_LOOP(s, auth_optional_with_rules, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, mistake, 2 * count);
	SUITE_ADD(s, test_option);
	return fixture_run(s, argc, argv);
}
