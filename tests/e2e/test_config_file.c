/* A server with a file of options; --reload reads it again, and answers. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/scratch.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peer;

#define IDENTITY "cert = ca/server.pem\nkey = ca/server.key\n"
#define CONFIG   IDENTITY "ca = ca/ca.pem\n"

/* What PARSE gives on the command line is not in the file. */
static void
begin(const char *config)
{
	scratch_write("server.conf", config);
	shell_expect(0, "", "cp ca/server.pem live.pem");
	server_start(&server, "--config", "server.conf", "--cert", "live.pem",
	    "--key", "ca/server.key", NULL);
}

static void
reload_expect(int status, const char *words)
{
	shell_expect(
	    status, words, "tlsecho-server --reload --stats %s", server.name);
}

static void
expect_client(const char *identity)
{
	tlspeer_connect(&peer, server.port,
	    &(struct tlspeer_options){ .identity = identity });
	tlspeer_echo(&peer, "hello", 5);
	tlspeer_finish(&peer);
}

static void
expect_refused(const char *identity)
{
	tlspeer_open(&peer, server.port,
	    &(struct tlspeer_options){ .identity = identity });
	ck_assert_int_eq(tlspeer_handshake(&peer), 0);
	ck_assert_int_eq(tlspeer_refusal(&peer), GNUTLS_A_ACCESS_DENIED);
}

TEST(policy_is_taken)
{
	begin("allow-cn = alice\nallow-cn = carol\nbacklog = 10\n");
	expect_client("ca/alice");
	scratch_write("server.conf", "allow-cn = bob\nbacklog = 10\n");
	reload_expect(0, "reload: the files have been read again\n");
	expect_client("ca/bob");
	expect_refused("ca/alice");
	scratch_write(
	    "server.conf", "allow-cn = bob\nbacklog = 11\nwhoami = yes");
	reload_expect(0,
	    "reload: taken, but for what needs a restart: whoami, backlog\n");
	/* A worker that starts later knows what the others know. */
	server_replace_worker(&server, 0);
	server_replace_worker(&server, 1);
	expect_client("ca/bob");
	expect_refused("ca/alice");
	server_stop(&server);
}

TEST(refused)
{
	begin("allow-cn = alice\n");
	scratch_write("server.conf", "allow-cn = bob\nnonsense = 1\n");
	reload_expect(1,
	    "tlsecho-server: reload refused, nothing changed: server.conf:2: "
	    "there is no option 'nonsense'");
	shell_expect(0, "", "rm server.conf; echo >live.pem");
	reload_expect(1, "server.conf: No such file");
	scratch_write("server.conf", "");
	reload_expect(1, "live.pem: no certificate");
	expect_client("ca/alice");
	ck_assert_uint_eq(server_total(&server, "reloads_refused"), 3);
	server_stop(&server);
}

/* Each is right as it stands in the file, but not before a restart. */
TEST(refused_until_a_restart)
{
	static const struct {
		const char *before, *after, *words;
	} cases[] = {
		{ "crl = ca/crl.pem\ncrl-required = yes\n", "",
		    "(crl-required): --crl-required without --crl" },
		{ "client-auth = none\n", "allow-cn = alice\n",
		    "(client-auth): --allow rules and --client-auth none" },
		{ "tickets = off\n", "ticket-key-file = tickets.key\n",
		    "(tickets): --ticket-key-file has no use" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		begin(cases[i].before);
		scratch_write("server.conf", cases[i].after);
		reload_expect(1, cases[i].words);
		expect_client("ca/alice");
		server_stop(&server);
	}
}

/* Each has an answer of a reload that began after it had asked. */
TEST(several_at_once)
{
	begin("");
	shell_expect(0, "8",
	    "for i in 1 2 3 4 5 6 7 8; do tlsecho-server --reload --stats %s &"
	    " done | grep -c 'reload: the files'",
	    server.name);
	ck_assert_uint_ge(server_total(&server, "reloads"), 1);
	server_stop(&server);
}

TEST(draining)
{
	begin("drain-timeout = 1m\n");
	tlspeer_join(&peer, server.port);
	(void)strcat(server.name, ".draining");
	spawn_signal(&server.process, SIGTERM);
	AWAIT(server_segment_exists(server.name));
	reload_expect(1, "tlsecho-server: draining, so nothing is read again");
	spawn_signal(&server.process, SIGTERM);
	server_await_end(&server, 1);
}

TEST(nobody_to_ask)
{
	char name[STATS_SHM_NAME];

	server_new_name(name);
	(void)strcpy(server.name, name);
	reload_expect(1, "no segment");
	shell_expect(
	    2, "--reload takes no --cert", "tlsecho-server --reload --cert x");
	begin("");
	server_kill_master(&server);
	AWAIT(shell("tlsecho-server --reload --stats %s", server.name) == 1);
	ck_assert_ptr_nonnull(strstr(shell_output(), "is dead"));
}

/* All of it in the file, and the segment's name found there. */
TEST(everything_in_the_file)
{
	char name[STATS_SHM_NAME], text[512];

	server_new_name(name);
	(void)snprintf(text, sizeof text,
	    CONFIG "stats = %s\nlisten = 127.0.0.1:0\nworkers = 1\n"
		   "connection-table = off\n",
	    name);
	scratch_write("server.conf", text);
	shell_expect(0, "answer: reload: the files have been read again",
	    "mkfifo ready; tlsecho-server --config server.conf --ready-fd 3"
	    " 3>ready & read -r address <ready; echo answer: $(tlsecho-server"
	    " --config server.conf --reload); kill $!; wait");
	shell_expect(0, "configuration ok",
	    "tlsecho-server --config server.conf --test");
	shell_expect(0, "connection-table = off\n",
	    "tlsecho-server --config server.conf --print-config");
	shell_expect(2, "server.conf:1: backlog: '0' is not between",
	    "echo backlog = 0 >server.conf; tlsecho-server --config "
	    "server.conf");
}

FIXTURE_SUITE("e2e/config_file")
