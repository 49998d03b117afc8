/* What a client is told of its session. */
#include <arpa/inet.h>
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	LINE_MAX_SIZE = 32768
};

#define OUR_CLIENT                                                       \
	"tlsecho-client -q --cert ca/alice.pem --key ca/alice.key --ca " \
	"ca/ca.pem "

static struct server server;
static struct tlspeer peer;

/* The greeting is all there is up to the first line feed. */
static json_t *
read_greeting(void)
{
	static char line[LINE_MAX_SIZE];
	json_error_t error;
	json_t *object;
	size_t n = 0;

	while (n == 0 || line[n - 1] != '\n') {
		ck_assert_uint_lt(n, sizeof line);
		ck_assert_int_eq(tlspeer_receive(&peer, line + n, 1), 1);
		n++;
	}
	object = json_loadb(line, n, 0, &error);
	ck_assert_msg(object != NULL, "%s: %.*s", error.text, (int)n, line);
	return object;
}

static const char *
string(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	ck_assert_msg(text != NULL, "there is no '%s'", name);
	return text;
}

/* As openssl tells it, without its colons. */
static void
expect_fingerprint(const char *told, const char *kind, const char *identity)
{
	shell_expect(0, "",
	    "openssl x509 -in %s.pem -noout -fingerprint -%s | sed 's/.*=//' |"
	    " tr -d ':\\n'",
	    identity, kind);
	ck_assert_msg(strcasecmp(told, shell_output()) == 0, "%s, not %s", told,
	    shell_output());
}

static void
expect_session(const json_t *o, int version)
{
	char peer_name[64];
	int resumed = gnutls_session_is_resumed(peer.session);
	struct sockaddr_in own;
	socklen_t size = sizeof own;

	ck_assert_int_eq(
	    getsockname(peer.fd, (struct sockaddr *)&own, &size), 0);
	(void)snprintf(peer_name, sizeof peer_name, "127.0.0.1:%u",
	    (unsigned)ntohs(own.sin_port));
	ck_assert_str_eq(string(o, "peer"), peer_name);
	ck_assert_str_eq(
	    string(o, "protocol"), version == 0 ? "TLS1.3" : "TLS1.2");
	ck_assert_str_eq(string(o, "cipher"), "AES-256-GCM");
	ck_assert_int_eq(
	    json_integer_value(json_object_get(o, "cipher_bits")), 256);
	ck_assert_str_eq(string(o, "hash"), "SHA384");
	ck_assert_int_eq(strncmp(string(o, "key_exchange"), "ECDHE", 5), 0);
	ck_assert(json_is_boolean(json_object_get(o, "resumed")));
	ck_assert_int_eq(
	    json_is_true(json_object_get(o, "resumed")), resumed != 0);
	ck_assert_uint_eq(json_object_size(o), 8);
}

static void
expect_certificate(const json_t *o, const char *identity)
{
	const json_t *certificate = json_object_get(o, "certificate");

	if (identity == NULL) {
		ck_assert(json_is_null(certificate));
		return;
	}
	ck_assert_uint_eq(json_object_size(certificate), 6);
	ck_assert_int_eq(
	    json_integer_value(json_object_get(certificate, "names_left_out")),
	    0);
	ck_assert_str_eq(string(certificate, "subject"), "CN=alice");
	ck_assert_str_eq(string(certificate, "issuer"), "CN=tlsecho root");
	ck_assert_str_eq(json_string_value(json_array_get(
			     json_object_get(certificate, "names"), 0)),
	    "DNS:alice");
	expect_fingerprint(string(certificate, "sha1"), "sha1", identity);
	expect_fingerprint(string(certificate, "sha256"), "sha256", identity);
}

static void
transaction(const gnutls_datum_t *ticket, const char *identity, int version)
{
	json_t *object;

	resume_open(&peer, ticket, server.port, identity, version);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	object = read_greeting();
	ck_assert_int_eq(
	    gnutls_session_is_resumed(peer.session) != 0, ticket != NULL);
	expect_session(object, version);
	expect_certificate(object, identity);
	json_decref(object);
	/* And from now on it is an echo. */
	tlspeer_echo(&peer, "hello\n", 6);
}

START_TEST(greeting)
{
	gnutls_datum_t session;

	if (!shell_has_program("openssl"))
		return;
	server_start(&server, "--whoami", "--client-auth",
	    _i < RESUME_VERSIONS ? "required" : "optional", NULL);
	transaction(NULL, "ca/alice", _i % RESUME_VERSIONS);
	tlspeer_session(&peer, &session);
	tlspeer_finish(&peer);
	transaction(&session, "ca/alice", _i % RESUME_VERSIONS);
	tlspeer_finish(&peer);
	gnutls_free(session.data);
	if (_i >= RESUME_VERSIONS) {
		transaction(NULL, NULL, _i % RESUME_VERSIONS);
		tlspeer_finish(&peer);
	}
	server_stop_clean(&server);
}
END_TEST

/* Who is refused is not greeted. */
START_TEST(no_greeting)
{
	server_start(&server, "--whoami", NULL);
	ck_assert_int_eq(resume_refusal(NULL, server.port, "other/mallory", _i),
	    GNUTLS_A_UNKNOWN_CA);
	server_expect_failures(&server, "handshake_unknown_issuer", 1);
	ck_assert_uint_eq(server_total(&server, "bytes_sent"), 0);
	server_stop_idle(&server);
}
END_TEST

/* A client's certificate of this subject, as openssl(1) writes it: ca/odd. */
static void
make_odd(const char *subject)
{
	shell_expect(0, "",
	    "cd ca && openssl req -newkey ec -utf8 -pkeyopt"
	    " ec_paramgen_curve:P-256 -nodes -keyout odd.key -out odd.csr"
	    " -subj '%s' && echo"
	    " extendedKeyUsage=clientAuth >odd.ext && openssl x509 -req -in"
	    " odd.csr -CA ca.pem -CAkey ca.key -set_serial 4712 -days 2"
	    " -extfile odd.ext -out odd.pem",
	    subject);
}

/* A name that looks like JSON is told as a name. */
START_TEST(odd_name)
{
	const char *subject;
	json_t *object;

	if (!shell_has_program("openssl"))
		return;
	make_odd("/CN=a\",\"resumed\":true,\"b\":\"\\\\");
	server_start(&server, "--whoami", NULL);
	resume_open(&peer, NULL, server.port, "ca/odd", _i);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	object = read_greeting();
	expect_session(object, _i);
	subject = string(json_object_get(object, "certificate"), "subject");
	ck_assert_ptr_nonnull(strstr(subject, "resumed"));
	json_decref(object);
	tlspeer_finish(&peer);
	server_stop_clean(&server);
}
END_TEST

/* Log, greeting and show say the same, in the order of RFC 4514. */
START_TEST(name_of_several_parts)
{
	static const char name[] = "CN=a\\E2\\80\\AEb,OU=web,O=acme,C=XX",
			  quoted[] = "CN=a\\\\E2\\\\80\\\\AEb,OU=web,O=acme";
	json_t *object;

	if (!shell_has_program("openssl"))
		return;
	/* The CN turns the direction of writing: U+202E. */
	make_odd("/C=XX/O=acme/OU=web/CN=a\xe2\x80\xae"
		 "b");
	server_start(&server, "--whoami", "--log-level", "debug", NULL);
	resume_open(&peer, NULL, server.port, "ca/odd", _i);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	object = read_greeting();
	ck_assert_str_eq(
	    string(json_object_get(object, "certificate"), "subject"), name);
	json_decref(object);
	spawn_expect(&server.process, quoted);
	shell_expect(0, name, "tlsecho-certs show ca/odd.pem");
	tlspeer_finish(&peer);
	server_stop_clean(&server);
}
END_TEST

/* Of all kinds, without a subject; the URI looks like another name. */
START_TEST(names_without_a_subject)
{
	static const char *const expected[] = { "URI:spiffe://x/a\\2CDNS:b",
		"DNS:c", "IP:10.0.0.1", "email:d@e.org" };
	const json_t *certificate, *names;
	json_t *object;

	if (!shell_has_program("openssl"))
		return;
	shell_expect(0, "",
	    "cd ca && openssl req -newkey ec -pkeyopt"
	    " ec_paramgen_curve:P-256 -nodes -keyout svid.key -out svid.csr"
	    " -subj / && printf '%%s\\n' extendedKeyUsage=clientAuth"
	    " subjectAltName=@a [a] 'URI=spiffe://x/a,DNS:b' DNS=c IP=10.0.0.1"
	    " email=d@e.org >svid.ext && openssl x509 -req -in svid.csr -CA"
	    " ca.pem -CAkey ca.key -set_serial 4713 -days 2 -extfile svid.ext"
	    " -out svid.pem");
	server_start(&server, "--whoami", "--log-level", "debug", NULL);
	resume_open(&peer, NULL, server.port, "ca/svid", _i);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	object = read_greeting();
	certificate = json_object_get(object, "certificate");
	names = json_object_get(certificate, "names");
	ck_assert_str_eq(string(certificate, "subject"), "(empty)");
	ck_assert_uint_eq(json_array_size(names), 4);
	for (size_t i = 0; i < 4; i++)
		ck_assert_str_eq(
		    json_string_value(json_array_get(names, i)), expected[i]);
	json_decref(object);
	tlspeer_finish(&peer);
	server_stop_clean(&server);
	ck_assert(spawn_said(&server.process,
	    " RemoteCertificate.Subject=(empty) RemoteCertificate.Names=\"URI:"
	    "spiffe://x/a\\\\2CDNS:b, DNS:c, IP:10.0.0.1, email:d@e.org\" "));
}
END_TEST

/* Whole names only; how many do not fit is told. */
START_TEST(many_names)
{
	static const struct {
		unsigned names, left_out;
	} cases[] = { { 60, 0 }, { 500, 0 }, { 700, 700 - 16384 / 31 } };
	const json_t *certificate, *names;
	char expected[64];
	json_t *object;
	size_t count;

	if (!shell_has_program("openssl"))
		return;
	shell_expect(0, "",
	    "cd ca && openssl req -newkey ec -pkeyopt"
	    " ec_paramgen_curve:P-256 -nodes -keyout many.key -out many.csr"
	    " -subj / && (printf '%%s\\n' extendedKeyUsage=clientAuth"
	    " subjectAltName=@a [a]; seq %u |"
	    " awk '{ printf \"DNS.%%d=host-number-%%03d.example.org\\n\","
	    " NR, NR }') >many.ext && openssl x509 -req -in many.csr"
	    " -CA ca.pem -CAkey ca.key -set_serial 4714 -days 2 -extfile"
	    " many.ext -out many.pem",
	    cases[_i].names);
	server_start(&server, "--whoami", NULL);
	resume_open(&peer, NULL, server.port, "ca/many", 0);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	object = read_greeting();
	certificate = json_object_get(object, "certificate");
	names = json_object_get(certificate, "names");
	count = json_array_size(names);
	ck_assert_uint_eq(count, cases[_i].names - cases[_i].left_out);
	ck_assert_int_eq(
	    json_integer_value(json_object_get(certificate, "names_left_out")),
	    cases[_i].left_out);
	(void)snprintf(expected, sizeof expected,
	    "DNS:host-number-%03zu.example.org", count);
	ck_assert_str_eq(
	    json_string_value(json_array_get(names, count - 1)), expected);
	json_decref(object);
	tlspeer_finish(&peer);
	server_stop_clean(&server);
}
END_TEST

/* Its line comes before the echo, once on each connection. */
START_TEST(our_client_reads_it)
{
	server_start(&server, "--whoami", NULL);
	shell_expect(0, "", OUR_CLIENT "--whoami -c 3 -n 9 %s >text",
	    server_address(&server));
	shell_expect(0, "3\n",
	    "grep -c '^{\"peer\":.*\"subject\":\"CN=alice\".*}$' text");
	shell_expect(0, "Errors: 0\n", "cat text");
	server_stop(&server);
}
END_TEST

START_TEST(our_client_says_what_is_wrong)
{
	server_start(&server, "--whoami", NULL);
	shell_expect(1,
	    ": echo differs from what was sent: the server sends a line of "
	    "JSON first: use --whoami\n",
	    OUR_CLIENT "-s 5 -c 1 -n 1 %s", server_address(&server));
	server_stop(&server);
}
END_TEST

/* What comes is an echo of random bytes: nobody waits, and nothing is shown. */
START_TEST(our_client_misses_it)
{
	server_start(&server, NULL);
	shell_expect(1,
	    ": echo differs from what was sent: no line of JSON came first: "
	    "leave out --whoami\n",
	    OUR_CLIENT "--whoami -s 5 -c 4 -n 4 %s >text",
	    server_address(&server));
	shell_expect(1, "0\n", "grep -c '^{' text");
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/whoami");

	SUITE_ADD_LOOP(s, greeting, 2 * RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, no_greeting, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, odd_name, RESUME_VERSIONS);
	SUITE_ADD(s, our_client_reads_it);
	SUITE_ADD(s, our_client_says_what_is_wrong);
	SUITE_ADD(s, our_client_misses_it);
	SUITE_ADD_LOOP(s, name_of_several_parts, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, names_without_a_subject, RESUME_VERSIONS);
	SUITE_ADD_LOOP(s, many_names, 3);
	return fixture_run(s, argc, argv);
}
