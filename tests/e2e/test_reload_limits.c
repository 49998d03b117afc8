/*
 * SIGHUP when a worker cannot take what it brings: whoever is revoked stays
 * out all the same.
 */
#include <check.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/odd_certs.h"
#include "tests/support/resume.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	LIMIT = 48,
	TOO_MANY = 60
};

static struct odd_certs odd;
static struct server server;

/* One worker, which lets alice in. */
static void
begin(void)
{
	const struct spawn_options options = { .max_fds = LIMIT };

	odd_certs_make(&odd, odd_certs_not_revoked, &odd_certs_alice);
	scratch_write("level", "info\n");
	server_start_as(&server, NULL, &options, "--workers", "1", "--ca",
	    "odd-ca.pem", "--crl", "odd.crl", "--handshake-timeout", "1h",
	    "--log-level", "@level", NULL);
	resume_echo(server.port, "odd", 0);
}

/* New files: alice is revoked, and workers say more. */
static void
revoke_alice(void)
{
	scratch_write("level", "debug\n");
	odd_certs_write_crl(&odd, 2, PKI_DAY_S, &odd.leaf);
	spawn_signal(&server.process, SIGHUP);
}

static void
expect_revoked(void)
{
	ck_assert_int_eq(resume_refusal(NULL, server.port, "odd", 0),
	    GNUTLS_A_CERTIFICATE_REVOKED);
	ck_assert_uint_eq(server_total(&server, "handshake_revoked"), 1);
	ck_assert_uint_eq(server_total(&server, "reloads_refused"), 0);
}

static void
end(void)
{
	odd_certs_free(&odd);
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
		AWAIT(server_total(&server, "worker_reloads") == i);
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
	ck_assert_uint_eq(server_total(&server, "worker_reloads"), 0);
	end();
}
END_TEST

/* poll(2) fails there; the master answers signals all the same. */
START_TEST(master_without_descriptors)
{
	const struct rlimit none = { 0, LIMIT };

	if (SUITE_IS_SANITIZED) {
		suite_skip("a sanitizer needs descriptors at the end");
		return;
	}
	begin();
	ck_assert_int_eq(
	    prlimit(server.process.pid, RLIMIT_NOFILE, &none, NULL), 0);
	spawn_signal(&server.process, SIGHUP);
	spawn_expect(&server.process, "Too many open files");
	end();
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/reload_limits");

	SUITE_ADD_SLOW(s, no_descriptor_left, 40);
	SUITE_ADD(s, worker_that_cannot_follow);
	SUITE_ADD(s, master_without_descriptors);
	return fixture_run(s, argc, argv);
}
