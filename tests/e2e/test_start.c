/* The server's options: what is refused and how, addresses, PKCS #12. */
#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tcp.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peer;

/* See server_start_fails. */
static const struct {
	const char *arguments;
	const char *words;
	int status;
} mistakes[] = {
	{ "", "--ca is missing", 2 },
	{ "--ca ca/ca.pem", "--cert is missing", 2 },
	{ "--ca ca/ca.pem --cert ca/server.pem", "--key is missing", 2 },
	{ "--cert ca/server.pem --key ca/server.key", "--ca is missing", 2 },
	{ "$ok --pkcs12 ca/pfx-server.pfx", "--pkcs12 takes the place", 2 },
	{ "--ca ca/ca.pem --pkcs12 ca/pfx-server.pfx", "--password-file", 2 },
	{ "$ok --password-file missing", "missing: No such file", 1 },
	{ "$ok --no-such-option", "--no-such-option", 2 },
	{ "$ok word", "unexpected word 'word'", 2 },
	{ "$ok --workers 0", "'0'", 2 },
	{ "$ok --workers 65", "'65'", 2 },
	{ "$ok --workers many", "'many'", 2 },
	{ "$ok --cpu-affinity ''", "--cpu-affinity: ''", 2 },
	{ "$ok --cpu-affinity 0,", "--cpu-affinity: '0,'", 2 },
	{ "$ok --cpu-affinity 1000", "--cpu-affinity: CPU 1000", 2 },
	{ "$ok --listen", "--listen", 2 },
	{ "$ok --listen nonsense", "--listen: 'nonsense'", 2 },
	{ "$ok --listen 127.0.0.1:65536", "--listen: '127.0.0.1:65536'", 2 },
	{ "$ok --listen 192.0.2.1:0", "192.0.2.1:0", 1 },
	{ "$ok --priority NONSENSE", "'NONSENSE'", 2 },
	{ "$ok --stats a/b", "--stats", 2 },
	{ "$ok --stats-mode 0888", "'0888'", 2 },
	{ "$ok --stats-group no-such-group", "'no-such-group'", 2 },
	{ "$ok --backlog 0", "--backlog", 2 },
	{ "$ok --max-connections -1", "--max-connections", 2 },
	{ "$ok --handshake-timeout 1parsec", "'1parsec'", 2 },
	{ "$ok --handshake-timeout 0", "--handshake-timeout", 2 },
	{ "$ok --idle-timeout soon", "'soon'", 2 },
	{ "$ok --drain-timeout 2y", "--drain-timeout", 2 },
	{ "$ok --log-level loud", "'loud'", 2 },
	{ "$ok --ready-fd 77", "--ready-fd: 77", 2 },
	{ "$ok --interactive </dev/null", "--interactive", 1 },
	{ "$ok --ca missing.pem", "missing.pem", 1 },
	{ "$ok --ca ca/ca.key", "ca/ca.key: no certificates", 1 },
	{ "$ok --stats a --stats b", "--stats: given twice", 2 },
	{ "$trust --cert missing.pem --key ca/server.key", "missing.pem", 1 },
	{ "$trust --cert ca/server.key --key ca/server.key",
	    "ca/server.key: no certificates", 1 },
	{ "$trust --cert . --key ca/server.key", ".: is a directory", 1 },
	{ "$trust --cert ca/server.pem --key missing.key", "missing.key", 1 },
	{ "$trust --cert ca/server.pem --key ca/server.pem",
	    "ca/server.pem: no private key", 1 },
	{ "$trust --cert ca/server.pem --key ca/alice.key",
	    "does not belong to the certificate", 1 },
	{ "$trust --cert ca/server.pem --key password",
	    "password: no private key", 1 },
	{ "--ca ca/ca.pem --pkcs12 ca/pfx-server.pfx"
	  " --password-file ca/alice.key",
	    "ca/pfx-server.pfx: wrong password", 1 },
	{ "--ca ca/ca.pem --pkcs12 ca/ca.pem --password-file password",
	    "ca/ca.pem: is not PKCS#12", 1 },
	{ "--ca ca/ca.pem --pkcs12 missing.pfx --password-file password",
	    "missing.pfx", 1 },
	{ "--ca ca/ca.pem --pkcs12 ca/pfx-server.pfx --password-file missing",
	    "missing", 1 },
};

START_TEST(mistake)
{
	server_start_fails(mistakes[_i].status, mistakes[_i].words, "%s",
	    mistakes[_i].arguments);
}
END_TEST

START_TEST(help_and_version)
{
	shell_expect(0, "Usage: tlsecho-server", "tlsecho-server --help");
	shell_expect(0, "GnuTLS 3.", "tlsecho-server --version");
}
END_TEST

static void
echo_at(const char *address, int port)
{
	tlspeer_connect(&peer, port,
	    &(struct tlspeer_options){
		.identity = "ca/alice", .address = address });
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
}

static void
stop(uint64_t connections)
{
	AWAIT(server_total(&server, "ended_close_notify") == connections);
	server_stop(&server);
}

/* From none that can be forked to some; it ends before it is ready. */
START_TEST(too_few_descriptors)
{
	char name[STATS_SHM_NAME];
	struct spawn_options options = { .max_fds = 8 };
	struct spawn *s = &server.process;
	bool some;

	if (SUITE_IS_SANITIZED) {
		suite_skip("a sanitizer needs descriptors at the end");
		return;
	}
	server_new_name(name);
	do {
		options.max_fds++;
		spawn_start(s,
		    (const char *const[]){ "tlsecho-server", "--stats", name,
			"--listen", "127.0.0.1:0", "--workers", "2", "--cert",
			"ca/server.pem", "--key", "ca/server.key", "--ca",
			"ca/ca.pem", NULL },
		    &options);
		ck_assert_int_eq(spawn_wait(s), 1);
		ck_assert_msg(spawn_said(s, "Too many open files"), "%u: %s",
		    options.max_fds, s->text);
		ck_assert(!server_segment_exists(name));
		some =
		    spawn_said(s, "worker 1: ") && !spawn_said(s, "worker 0: ");
	} while (!some);
}
END_TEST

START_TEST(ipv6)
{
	if (!tcp_has_ipv6())
		return;
	server_start(&server, "--listen", "[::1]:0", NULL);
	ck_assert_int_eq(strncmp(server.addresses, "[::1]:", 6), 0);
	echo_at("::1", server.port);
	stop(1);
}
END_TEST

START_TEST(both_families_on_one_socket)
{
	if (!tcp_has_ipv6())
		return;
	server_start(&server, "--listen", "[::]:0", NULL);
	ck_assert_int_eq(strncmp(server.addresses, "[::]:", 5), 0);
	echo_at("::1", server.port);
	echo_at("127.0.0.1", server.port);
	stop(2);
}
END_TEST

/* Ports are picked one by one, and told in the order of the options. */
START_TEST(several_addresses)
{
	const char *second;

	server_start(&server, "--listen", "127.0.0.1:0", "--listen",
	    "127.0.0.2:0", NULL);
	second = strstr(server.addresses, " 127.0.0.2:");
	ck_assert_ptr_nonnull(second);
	echo_at("127.0.0.1", server.port);
	echo_at(
	    "127.0.0.2", (int)strtol(second + strlen(" 127.0.0.2:"), NULL, 10));
	stop(2);
}
END_TEST

START_TEST(pkcs12)
{
	server_start(&server, "--pkcs12", "ca/pfx-server.pfx",
	    "--password-file", "password", NULL);
	echo_at("127.0.0.1", server.port);
	stop(1);
}
END_TEST

START_TEST(segment_mode)
{
	server_start(&server, "--stats-mode", "0604", NULL);
	shell_expect(0, "604", "stat -c %%a /dev/shm/tlsecho.%s", server.name);
	server_stop(&server);
}
END_TEST

/* One worker, and as many as there may be. */
START_TEST(worker_counts)
{
	static const char *const counts[] = { "1", "8", "auto" };

	server_start(&server, "--workers", counts[_i], NULL);
	if (_i < 2)
		ck_assert_uint_eq(
		    server_workers(&server), strtoul(counts[_i], NULL, 10));
	echo_at("127.0.0.1", server.port);
	stop(1);
}
END_TEST

/* What keeps clients out, and no server from starting: --test tells. */
static const struct {
	const char *arguments, *words;
} oddities[] = {
	{ "--ca ca/ca.pem --cert ca/alice.pem --key ca/alice.key",
	    "certificate CN=alice: is for client, not for servers" },
	{ "--ca ca/ca.pem --cert ca/expired.pem --key ca/expired.key",
	    "ca/expired.pem: the certificate expired on 2" },
	{ "--ca ca/ca.pem --cert ca/future.pem --key ca/future.key",
	    "certificate CN=future: is not valid before 2" },
	{ "--ca ca/ca.pem --ca ca/alice.pem --cert ca/server.pem --key "
	  "ca/server.key",
	    "--ca CN=alice: is not an authority's: it lets in nobody but" },
	{ "--ca ca/ca.pem --cert ca/server.pem --key ca/server.key --priority "
	  "NORMAL:+GROUP-GOST-ALL",
	    "--priority offers what this GnuTLS cannot do: GC256A" },
	{ "--ca ca/ca.pem --cert ca/server.pem --key ca/server.key --priority "
	  "NORMAL",
	    "--priority allows versions that must not be used any more (RFC "
	    "8996): TLS1.1 TLS1.0" },
};

START_TEST(oddity)
{
	shell_expect(0, oddities[_i].words, "tlsecho-server --test %s",
	    oddities[_i].arguments);
	ck_assert_ptr_nonnull(strstr(shell_output(), " warn tlsecho-server["));
	ck_assert_ptr_nonnull(strstr(shell_output(), "\nconfiguration ok\n"));
}
END_TEST

/* The string is right, but the system leaves nothing of it. */
START_TEST(system_forbids_all)
{
	shell_expect(0, "",
	    "printf '[overrides]\\ndisabled-version = tls1.%%s\\n' 3 2"
	    " >system.conf");
	(void)setenv("GNUTLS_SYSTEM_PRIORITY_FILE", "system.conf", 1);
	server_start_fails(1,
	    "leaves nothing, by itself or of what the system's configuration "
	    "of GnuTLS allows: see system.conf",
	    "$ok");
	(void)unsetenv("GNUTLS_SYSTEM_PRIORITY_FILE");
}
END_TEST

/* Where the file is missing, it is not blamed. */
START_TEST(string_forbids_all)
{
	(void)setenv("GNUTLS_SYSTEM_PRIORITY_FILE", "missing.conf", 1);
	server_start_fails(2,
	    "'NORMAL:-VERS-ALL' leaves no version, cipher or key exchange\n",
	    "$ok --priority NORMAL:-VERS-ALL");
	(void)unsetenv("GNUTLS_SYSTEM_PRIORITY_FILE");
}
END_TEST

/* The variable that GnuTLS obeys by itself gets no keys. */
START_TEST(keylog_variable_is_ignored)
{
	(void)setenv("SSLKEYLOGFILE", "keylog", 1);
	server_start(&server, NULL);
	(void)unsetenv("SSLKEYLOGFILE");
	echo_at("127.0.0.1", server.port);
	stop(1);
	ck_assert(spawn_said(&server.process, "SSLKEYLOGFILE is ignored"));
	ck_assert_int_ne(access("keylog", F_OK), 0);
}
END_TEST

/* Names and words of the facts, at level debug. */
START_TEST(debug_log)
{
	static const char *const words[] = {
		"Client connection 127.0.0.1:",
		" accepted. 1 clients connected to server",
		" CipherAlgorithm=AES-256-GCM",
		" CipherStrength=256",
		" HashAlgorithm=SHA384",
		" KeyExchange=ECDHE-",
		" IsAuthenticated=true",
		" IsEncrypted=true",
		" IsMutuallyAuthenticated=true",
		" IsServer=true",
		" IsSigned=true",
		" SslProtocol=TLS1.3",
		" RemoteCertificate.Issuer=\"CN=tlsecho root\"",
		" RemoteCertificate.Subject=\"CN=alice\"",
		" RemoteCertificate.Thumbprint=",
		" LocalCertificate.Issuer=\"CN=tlsecho root\"",
		" LocalCertificate.Subject=\"CN=server\"",
		" LocalCertificate.Thumbprint=",
		"ended=\"closed\"",
	};

	server_start(&server, "--log-level", "debug", NULL);
	echo_at("127.0.0.1", server.port);
	stop(1);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		ck_assert_msg(spawn_said(&server.process, words[i]),
		    "'%s' is missing:\n%s", words[i], server.process.text);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/start");

	SUITE_ADD_LOOP(s, mistake, sizeof mistakes / sizeof *mistakes);
	SUITE_ADD(s, help_and_version);
	SUITE_ADD_SLOW(s, too_few_descriptors, 40);
	SUITE_ADD(s, ipv6);
	SUITE_ADD(s, both_families_on_one_socket);
	SUITE_ADD(s, several_addresses);
	SUITE_ADD(s, pkcs12);
	SUITE_ADD(s, segment_mode);
	SUITE_ADD_LOOP(s, worker_counts, 3);
	SUITE_ADD_LOOP(s, oddity, sizeof oddities / sizeof *oddities);
	SUITE_ADD(s, system_forbids_all);
	SUITE_ADD(s, string_forbids_all);
	SUITE_ADD(s, keylog_variable_is_ignored);
	SUITE_ADD(s, debug_log);
	return fixture_run(s, argc, argv);
}
