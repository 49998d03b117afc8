/*
 * The sandbox of workers, and their user: what the kernel says of each thread,
 * and what the server says of it. What the sandbox refuses:
 * tests/server/sandbox; that the server works in it, all other tests.
 */
#include <check.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/process.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peer;

static void
expect_status(pid_t id, const char *name, const char *value)
{
	char text[PROCESS_TEXT];

	ck_assert(process_status(id, name, text));
	ck_assert_msg(strcmp(text, value) == 0, "%s of %d: %s, not %s", name,
	    (int)id, text, value);
}

static void
expect_lacks_capability(pid_t id, int capability)
{
	char text[PROCESS_TEXT];

	ck_assert(process_status(id, "CapPrm", text));
	ck_assert_uint_eq(strtoull(text, NULL, 16) >> capability & 1, 0);
}

/* Of each thread of each worker. */
static void
expect_of_workers(const char *name, const char *value)
{
	pid_t threads[PROCESS_THREADS_MAX];

	for (unsigned i = 0; i < server_workers(&server); i++) {
		unsigned count =
		    process_threads(server_worker_pid(&server, i), threads);

		ck_assert_uint_ge(count, 2);
		while (count-- > 0)
			expect_status(threads[count], name, value);
	}
}

static void
echo_once(void)
{
	char answer[8];

	tlspeer_join(&peer, server.port);
	ck_assert_int_eq(gnutls_record_send(peer.session, "hello", 5), 5);
	ck_assert_int_eq(tlspeer_receive(&peer, answer, 5), 5);
	tlspeer_close(&peer);
}

static bool
is_usual(void)
{
	if (SUITE_IS_SANITIZED)
		suite_skip("a sanitizer build has no sandbox of its own");
	return !SUITE_IS_SANITIZED;
}

TEST(every_thread_is_in_it)
{
	if (!is_usual())
		return;
	server_start(&server, NULL);
	expect_of_workers("NoNewPrivs", "1");
	expect_of_workers("CapEff", "0000000000000000");
	expect_of_workers("CapPrm", "0000000000000000");
	expect_of_workers("Seccomp",
	    server_master_value(&server, "sandbox_seccomp") == 1 ? "2" : "0");
	expect_status(server.process.pid, "Seccomp", "0");
	if (geteuid() == 0)
		expect_lacks_capability(server.process.pid, CAP_SYS_ADMIN);
	spawn_expect(&server.process, "sandbox of workers: seccomp ");
	server_replace_worker(&server, 0);
	expect_of_workers("NoNewPrivs", "1");
	echo_once();
	server_stop(&server);
}

/* The same words at start, in --test and as numbers in the segment. */
TEST(report)
{
	char words[128];

	if (!is_usual())
		return;
	server_start(&server, NULL);
	if (server_master_value(&server, "sandbox_landlock") > 0)
		(void)snprintf(words, sizeof words,
		    "sandbox of workers: seccomp %s, Landlock ABI %d on\n",
		    server_master_value(&server, "sandbox_seccomp") > 0
			? "on"
			: "not available",
		    (int)server_master_value(&server, "sandbox_landlock"));
	else
		(void)snprintf(
		    words, sizeof words, ", Landlock not available\n");
	spawn_expect(&server.process, words);
	server_stop(&server);
	shell_expect(0, words,
	    "tlsecho-server --test --ca ca/ca.pem --cert ca/server.pem "
	    "--key ca/server.key");
}

TEST(switched_off)
{
	server_start(&server, "--sandbox", "off", NULL);
	expect_of_workers("Seccomp", "0");
	expect_of_workers("NoNewPrivs", "0");
	ck_assert_uint_eq(server_master_value(&server, "sandbox_seccomp"), 0);
	ck_assert_uint_eq(server_master_value(&server, "sandbox_landlock"), 0);
	if (!SUITE_IS_SANITIZED)
		spawn_expect(&server.process,
		    "workers may do all that their user may: --sandbox off\n");
	echo_once();
	server_stop(&server);
	shell_expect(0, "sandbox of workers: off\n",
	    "tlsecho-server --test --sandbox off --ca ca/ca.pem --cert "
	    "ca/server.pem --key ca/server.key");
}

/* The master reads the key again, which is root's alone. */
TEST(user_of_workers)
{
	const char *ids = "65534\t65534\t65534\t65534";

	if (geteuid() != 0) {
		suite_skip("not root: cannot become another user");
		return;
	}
	server_start(&server, "--user", "nobody", NULL);
	expect_of_workers("Uid", ids);
	expect_of_workers("Gid", ids);
	expect_status(server.process.pid, "Uid", "0\t0\t0\t0");
	echo_once();
	server_reload(&server);
	echo_once();
	server_replace_worker(&server, 1);
	expect_of_workers("Uid", ids);
	echo_once();
	server_stop_clean(&server);
}

static const struct {
	const char *arguments, *words;
} bad[] = {
	{ "--sandbox maybe", "--sandbox: 'maybe' is not on or off" },
	{ "--user nosuchuser", "--user: there is no user 'nosuchuser'" },
	{ "--user root", "--user: 'root' is root: name a user without rights" },
};

TEST_EACH(bad_values, bad)
{
	server_start_fails(2, bad[_i].words, "$ok %s", bad[_i].arguments);
}

FIXTURE_SUITE("e2e/sandbox")
