/*
 * The process that has the private keys: each kind of key signs through it, no
 * other process has one in its memory, and what becomes of handshakes when it
 * dies, stands still or is replaced.
 */
#include <check.h>
#include <gnutls/x509.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "common/sys/file.h"
#include "tests/support/await.h"
#include "tests/support/client.h"
#include "tests/support/fixture.h"
#include "tests/support/process.h"
#include "tests/support/server.h"
#include "tests/support/server_copy.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	NUMBER_SIZE = 32 /* of a key on P-256 */
};

static struct server server;
static struct spawn client;
static struct tlspeer peer;

static pid_t
signer_pid(void)
{
	return (pid_t)server_master_value(&server, "signer_pid");
}

/* After it was killed, or replaced by a reload. */
static void
await_another(pid_t pid)
{
	AWAIT(signer_pid() != 0 && signer_pid() != pid);
	AWAIT(!server_process_exists(pid));
}

static const struct {
	const char *name, *key;
	bool decrypts; /* TLS 1.2's key exchange by RSA */
} kinds[] = {
	{ "rsa", "--key-type rsa --bits 2048", true },
	{ "rsa-pss", "--key-type rsa-pss --bits 2048", false },
	{ "p256", "--key-type ecdsa --curve secp256r1", false },
	{ "p384", "--key-type ecdsa --curve secp384r1", false },
	{ "p521", "--key-type ecdsa --curve secp521r1", false },
	{ "ed25519", "--key-type ed25519", false },
	{ "ed448", "--key-type ed448", false },
};

static void
make_identity(const char *name, const char *key)
{
	shell_expect(0, "", "certtool --generate-privkey %s --outfile %s.key",
	    key, name);
	shell_expect(0, "",
	    "printf 'cn=%s\\ntls_www_server\\nsigning_key\\nencryption_key\\n"
	    "ip_address=127.0.0.1\\n' >%s.cfg && certtool "
	    "--generate-certificate --template %s.cfg --load-privkey %s.key "
	    "--load-ca-certificate ca/ca.pem --load-ca-privkey ca/ca.key "
	    "--outfile %s.pem",
	    name, name, name, name, name);
}

static void
handshake_in(const char *versions)
{
	client_run(0, server_address(&server),
	    "-c 1 -n 2 --handshakes --priority NORMAL:-VERS-ALL:%s", versions);
	ck_assert_uint_eq(client_number("traffic", "handshakes"), 2);
}

TEST_EACH(every_kind_of_key, kinds)
{
	char cert[64], key[64];

	make_identity(kinds[_i].name, kinds[_i].key);
	(void)snprintf(cert, sizeof cert, "%s.pem", kinds[_i].name);
	(void)snprintf(key, sizeof key, "%s.key", kinds[_i].name);
	server_start(&server, "--cert", cert, "--key", key, "--priority",
	    "NORMAL:+RSA", NULL);
	ck_assert_int_gt(signer_pid(), 0);
	handshake_in("+VERS-TLS1.3");
	handshake_in("+VERS-TLS1.2");
	if (kinds[_i].decrypts)
		handshake_in("+VERS-TLS1.2:-KX-ALL:+RSA");
	server_stop_clean(&server);
}

/* The private number of a key, as it is written and as it is reckoned with. */
struct number {
	uint8_t big[NUMBER_SIZE], little[NUMBER_SIZE];
};

static void
read_number(struct number *number, const char *path)
{
	struct file_bytes pem = FILE_BYTES_INIT;
	gnutls_x509_privkey_t key;
	gnutls_datum_t datum, k;
	struct errmsg e;

	ck_assert_int_eq(file_read(&pem, path, FILE_MAX, &e), 0);
	datum = (gnutls_datum_t){ pem.data, (unsigned)pem.size };
	ck_assert_int_eq(gnutls_x509_privkey_init(&key), 0);
	ck_assert_int_eq(
	    gnutls_x509_privkey_import(key, &datum, GNUTLS_X509_FMT_PEM), 0);
	ck_assert_int_eq(
	    gnutls_x509_privkey_export_ecc_raw(key, NULL, NULL, NULL, &k), 0);
	memset(number, 0, sizeof *number);
	/* A zero may come before it, so that it is not negative. */
	for (unsigned i = 0; i < k.size && i < NUMBER_SIZE; i++) {
		number->little[i] = k.data[k.size - 1 - i];
		number->big[NUMBER_SIZE - 1 - i] = number->little[i];
	}
	gnutls_free(k.data);
	gnutls_x509_privkey_deinit(key);
	file_bytes_free(&pem);
}

/* In whatever form GnuTLS keeps it. */
static bool
has_key(pid_t pid, const struct number *number)
{
	return process_memory_has(pid, number->big, NUMBER_SIZE) ||
	    process_memory_has(pid, number->little, NUMBER_SIZE);
}

/* Of the server's processes, the master included. */
static unsigned
count_with_key(const struct number *number)
{
	pid_t ids[PROCESS_THREADS_MAX];
	unsigned count = process_children(server.process.pid, ids);
	unsigned with = has_key(server.process.pid, number) ? 1 : 0;

	while (count-- > 0)
		with += has_key(ids[count], number) ? 1 : 0;
	return with;
}

static bool
may_look(void)
{
	if (geteuid() != 0)
		suite_skip("not root: cannot read the memory of others");
	else if (SUITE_IS_SANITIZED)
		suite_skip("a sanitizer's shadow is too much memory");
	return geteuid() == 0 && !SUITE_IS_SANITIZED;
}

/* The old key is in nobody's memory any more, either. */
TEST_WITH(only_it_has_the_key, .limit_s = 60)
{
	struct number own, next;
	pid_t pid;

	if (!may_look())
		return;
	read_number(&own, "ca/server.key");
	read_number(&next, "ca/renewed.key");
	shell_expect(0, "",
	    "cp ca/server.pem own.pem; cp -p ca/server.key "
	    "own.key");
	server_start(&server, "--cert", "own.pem", "--key", "own.key", NULL);
	tlspeer_join(&peer, server.port);
	pid = signer_pid();
	ck_assert(has_key(pid, &own));
	ck_assert_uint_eq(count_with_key(&own), 1);
	shell_expect(0, "",
	    "cp ca/renewed.pem own.pem; cp ca/renewed.key "
	    "own.key");
	server_reload(&server);
	await_another(pid);
	tlspeer_finish(&peer);
	tlspeer_join(&peer, server.port);
	ck_assert(has_key(signer_pid(), &next));
	ck_assert_uint_eq(count_with_key(&next), 1);
	ck_assert_uint_eq(count_with_key(&own), 0);
	tlspeer_finish(&peer);
	server_stop_clean(&server);
}

/* Otherwise the case above would show nothing. */
TEST_WITH(workers_have_it_when_asked_to, .limit_s = 60)
{
	struct number own;

	if (!may_look())
		return;
	read_number(&own, "ca/server.key");
	server_start(&server, "--keys-in-workers", NULL);
	ck_assert_int_eq(signer_pid(), 0);
	tlspeer_join(&peer, server.port);
	ck_assert(has_key(server_worker_pid(&server, 0), &own));
	ck_assert(has_key(server_worker_pid(&server, 1), &own));
	ck_assert_uint_eq(count_with_key(&own), 2);
	tlspeer_finish(&peer);
	server_reload(&server);
	tlspeer_join(&peer, server.port);
	ck_assert(!has_key(server.process.pid, &own));
	tlspeer_finish(&peer);
	server_stop_clean(&server);
}

static void
expect_no_failures(void)
{
	ck_assert_int_eq(spawn_wait(&client), 0);
	client_read_report();
	ck_assert_uint_eq(client_number("connections", "failed"), 0);
	server_expect_failures(&server, NULL, 0);
}

/* Whoever waits for its signature gets one of its successor. */
TEST(killed_under_load)
{
	pid_t pid;

	server_start(&server, NULL);
	client_start(&client, server_address(&server),
	    "-c 8 --handshakes --duration " CLIENT_DURATION, NULL);
	AWAIT(server_total(&server, "handshakes_completed") >= 8);
	pid = signer_pid();
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	await_another(pid);
	spawn_expect(&server.process, "the signing process killed by SIGKILL");
	expect_no_failures();
	ck_assert_uint_eq(server_total(&server, "signer_restarts"), 1);
	server_stop_clean(&server);
}

TEST(reloads_under_load)
{
	server_start(&server, NULL);
	client_start(&client, server_address(&server),
	    "-c 8 --handshakes --duration " CLIENT_DURATION, NULL);
	AWAIT(server_total(&server, "handshakes_completed") >= 8);
	for (int i = 0; i < 3; i++) {
		pid_t pid = signer_pid();

		server_reload(&server);
		await_another(pid);
	}
	expect_no_failures();
	ck_assert_uint_eq(server_total(&server, "signer_restarts"), 0);
	server_stop_clean(&server);
}

/* Echoes go on; handshakes fail, and say why; and then all is well again. */
TEST_WITH(stands_still, .limit_s = 30)
{
	struct tlspeer other;
	pid_t pid;

	server_start(&server, NULL);
	tlspeer_join(&peer, server.port);
	pid = signer_pid();
	process_freeze(pid);
	spawn_expect(&server.process, "the signing process was stopped");
	for (uint64_t i = 1; i <= 4; i++) {
		tlspeer_open(&other, server.port,
		    &(struct tlspeer_options){ .identity = "ca/alice" });
		ck_assert_int_eq(
		    tlspeer_handshake(&other), GNUTLS_E_FATAL_ALERT_RECEIVED);
		ck_assert_int_eq(
		    gnutls_alert_get(other.session), GNUTLS_A_INTERNAL_ERROR);
		tlspeer_close(&other);
		tlspeer_echo(&peer, "hello", 5);
		AWAIT(server_total(&server, "handshake_signer") == i);
	}
	server_expect_failures(&server, "handshake_signer", 4);
	spawn_expect(&server.process, "no answer from the signing process");
	ck_assert_int_eq(kill(pid, SIGCONT), 0);
	spawn_expect(&server.process, "the signing process goes on");
	client_run(0, server_address(&server), "-c 4 -n 20 --handshakes");
	server_expect_failures(&server, "handshake_signer", 4);
	tlspeer_finish(&peer);
	server_stop_idle(&server);
}

/* A new program has new keys; the old workers end with the old ones. */
TEST_WITH(upgrade, .limit_s = 40)
{
	pid_t pid;

	server_copy_make();
	server_start(&server, "--drain-timeout", "1m", NULL);
	tlspeer_join(&peer, server.port);
	pid = signer_pid();
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "upgraded: tlsecho-server ");
	AWAIT(signer_pid() != pid);
	ck_assert(server_process_exists(pid));
	spawn_signal(&server.process, SIGHUP);
	AWAIT(server_total(&server, "worker_reloads") == 2);
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
	AWAIT(!server_process_exists(pid));
	client_run(0, server_address(&server), "-c 2 -n 4 --handshakes");
	server_stop_clean(&server);
}

TEST_WITH(master_dies, .limit_s = 30)
{
	pid_t pid;

	server_start(&server, NULL);
	tlspeer_join(&peer, server.port);
	pid = signer_pid();
	server_kill_master(&server);
	AWAIT(!server_process_exists(pid));
	tlspeer_close(&peer);
}

/* What stands still then would hold ports and keys: it goes on, and leaves. */
TEST_WITH(master_dies_while_all_stand_still, .limit_s = 30)
{
	pid_t ids[PROCESS_THREADS_MAX];
	unsigned count;

	server_start(&server, NULL);
	count = process_children(server.process.pid, ids);
	ck_assert_uint_eq(count, 4); /* the log's, too */
	for (unsigned i = 0; i < count; i++)
		process_freeze(ids[i]);
	server_kill_master(&server);
	for (unsigned i = 0; i < count; i++)
		AWAIT(!server_process_exists(ids[i]));
}

TEST(replaced_while_it_stands_still)
{
	pid_t pid;

	server_start(&server, NULL);
	pid = signer_pid();
	process_freeze(pid);
	server_reload(&server);
	await_another(pid);
	server_stop_clean(&server);
}

/* Whoever waits for the end of what the server prints waits for no signer. */
TEST(standard_descriptors)
{
	char path[64], target[64];
	ssize_t n;

	if (!may_look())
		return;
	server_start(&server, NULL);
	for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++) {
		(void)snprintf(
		    path, sizeof path, "/proc/%d/fd/%d", (int)signer_pid(), fd);
		n = readlink(path, target, sizeof target - 1);
		ck_assert_int_gt(n, 0);
		target[n] = '\0';
		ck_assert_str_eq(target, "/dev/null");
	}
	server_stop_clean(&server);
}

/* It serves nobody who cannot sign; and is a start like any other. */
TEST(user_and_sandbox)
{
	char text[PROCESS_TEXT];

	if (geteuid() != 0 || SUITE_IS_SANITIZED) {
		suite_skip("not root, or no sandbox of its own");
		return;
	}
	server_start(&server, "--user", "nobody", NULL);
	ck_assert(process_status(signer_pid(), "Uid", text));
	ck_assert_str_eq(text, "65534\t65534\t65534\t65534");
	ck_assert(process_status(signer_pid(), "CapPrm", text));
	ck_assert_str_eq(text, "0000000000000000");
	ck_assert(process_status(signer_pid(), "NoNewPrivs", text));
	ck_assert_str_eq(text, "1");
	ck_assert(process_status(signer_pid(), "Seccomp", text));
	ck_assert_str_eq(text,
	    server_master_value(&server, "sandbox_seccomp") == 1 ? "2" : "0");
	tlspeer_join(&peer, server.port);
	tlspeer_finish(&peer);
	server_stop_clean(&server);
}

FIXTURE_SUITE("e2e/signer")
