/*
 * SIGHUP when a worker cannot take what it brings: whoever is revoked stays
 * out all the same.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/odd_certs.h"
#include "tests/support/pki_file.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	LIMIT = 48,
	TOO_MANY = 60,
	DAY_S = 86400
};

static const struct pki_options alice = { .name = "alice",
	.purpose = GNUTLS_KP_TLS_WWW_CLIENT };
static struct odd_certs odd_certs;
static struct server server;
static struct tlspeer peer;

/* One worker, which lets alice in. */
static void
begin(void)
{
	const struct spawn_options options = { .max_fds = LIMIT };
	char name[STATS_SHM_NAME], level[512];

	odd_certs_open(&odd_certs);
	odd_certs_not_revoked(&odd_certs, &alice);
	odd_certs_write(&odd_certs);
	pki_file_write("level", "info\n", 5, 0644);
	(void)snprintf(level, sizeof level, "@%s", fixture_path("level"));
	server_new_name(name);
	server_start_as(&server, name, &options, "--workers", "1", "--ca",
	    fixture_path("odd-ca.pem"), "--crl", fixture_path("odd.crl"),
	    "--handshake-timeout", "1h", "--log-level", level, NULL);
	resume_open(&peer, NULL, server.port, "odd", 0);
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
}

/* New files: alice is revoked, and workers say more. */
static void
revoke_alice(void)
{
	pki_file_write("level", "debug\n", 6, 0644);
	odd_certs_write_crl(&odd_certs, 2, DAY_S, &odd_certs.leaf);
	spawn_signal(&server.process, SIGHUP);
}

static void
expect_revoked(void)
{
	resume_open(&peer, NULL, server.port, "odd", 0);
	ck_assert_int_eq(tlspeer_refusal(&peer), GNUTLS_A_CERTIFICATE_REVOKED);
	ck_assert_uint_eq(server_total(&server, "handshake_revoked"), 1);
	ck_assert_uint_eq(server_total(&server, "reloads_refused"), 0);
}

static void
end(void)
{
	odd_certs_close(&odd_certs);
	server_stop_idle(&server);
}

/* Which takes no more than connections that say nothing. */
START_TEST(no_descriptor_left)
{
	int fds[TOO_MANY];

	begin();
	for (unsigned i = 0; i < TOO_MANY; i++)
		fds[i] = tlspeer_tcp("127.0.0.1", server.port);
	AWAIT(server_total(&server, "accept_errors") > 0);
	for (uint64_t i = 1; i <= 3; i++) { /* it gives the spare one back */
		revoke_alice();
		AWAIT(server_total(&server, "reloads") == i);
	}
	for (unsigned i = 0; i < TOO_MANY; i++)
		(void)close(fds[i]);
	AWAIT(server_total(&server, "open") == 0);
	expect_revoked();
	ck_assert_uint_eq(server_total(&server, "worker_restarts"), 0);
	end();
}
END_TEST

/* Not even the spare one helps: it may have no new descriptor at all. */
START_TEST(worker_that_cannot_follow)
{
	const struct rlimit none = { 0, LIMIT };
	pid_t pid;

	begin();
	pid = server_worker_pid(&server, 0);
	ck_assert_int_eq(prlimit(pid, RLIMIT_NOFILE, &none, NULL), 0);
	revoke_alice();
	spawn_expect(&server.process,
	    "worker 0: cannot take the new credentials: credentials: unusable "
	    "descriptor: killed");
	AWAIT(server_total(&server, "worker_restarts") == 1 &&
	    server_worker_is_ready(&server, 0));
	ck_assert_int_ne(server_worker_pid(&server, 0), pid);
	expect_revoked();
	ck_assert_uint_eq(server_total(&server, "reloads"), 0);
	end();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/reload_limits");

	SUITE_ADD(s, no_descriptor_left);
	SUITE_ADD(s, worker_that_cannot_follow);
	return fixture_run(s, argc, argv);
}
