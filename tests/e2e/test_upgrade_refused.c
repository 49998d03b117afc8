/* SIGUSR2 that cannot be done: the old program goes on. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/server.h"
#include "tests/support/server_copy.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

enum {
	PEERS = 8
};

static struct server server;
static struct tlspeer peers[PEERS];

static const struct {
	const char *command, *words;
} wrong[] = {
	{ "printf '#!/bin/sh\\nexit 7\\n' >new/next", "exited with status 7" },
	{ ": >new/next", "exited with status 1: Exec format error" },
	{ "echo exit 0 >new/next", "exited with status 1" }, /* no #! */
	{ "printf '#!/bin/sh\\necho $$ >rehearsal; cd /dev/shm;"
	  " echo >tlsecho.upgrade-$$; echo >tlsecho.upgrade-$$.draining;"
	  " kill -9 $$\\n' >new/next",
	    "killed by SIGKILL" },
	{ "mv ca/ca.pem ca/gone.pem; cp new/tlsecho-server new/next",
	    "ca/ca.pem: No such file" },
	{ "printf '#!/bin/sh\\necho one >&2; echo two >&2; exit 4\\n'"
	  " >new/next",
	    "exited with status 4: one\"}\n" },
};

static void
is_refused(const char *words)
{
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(
	    &server.process, "upgrade refused, this program goes on: ");
	spawn_expect(&server.process, words);
	tlspeer_echo(&peers[0], "hello", 5);
}

/* All after the other; nothing is left of them, and each is a line of JSON. */
START_TEST(refused)
{
	enum {
		COUNT = sizeof wrong / sizeof *wrong
	};

	server_copy_make();
	server_start(&server, "--log-format", "json", NULL);
	tlspeer_join(&peers[0], server.port);
	for (int i = 0; i < COUNT; i++) {
		server_copy_replace(wrong[i].command);
		is_refused(wrong[i].words);
		shell_expect(0, "",
		    "cp \"$(PATH=${PATH#new:}; command -v"
		    " tlsecho-server)\" new/ || exit 1;"
		    " [ ! -e ca/gone.pem ] ||"
		    " mv ca/gone.pem ca/ca.pem");
	}
	ck_assert_uint_eq(server_total(&server, "upgrades_refused"), COUNT);
	ck_assert_uint_eq(server_total(&server, "upgrades"), 0);
	tlspeer_finish(&peers[0]);
	shell_expect(2, "", "ls /dev/shm/tlsecho.upgrade-$(cat rehearsal)*");
	server_stop_idle(&server);
}
END_TEST

/* Listeners and segment go on as they are. */
START_TEST(other_options)
{
	static const char *const options[][2] = { { "--listen", "127.0.0.2:0" },
		{ "--backlog", "7" }, { "--keepalive", "off" },
		{ "--stats-mode", "0600" }, { "--stats", "other" } };
	char words[80];

	server_copy_make();
	server_start(&server, NULL);
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		server_copy_give(options[i][0], options[i][1]);
		(void)snprintf(words, sizeof words,
		    "%s has changed: an upgrade keeps it", options[i][0]);
		spawn_signal(&server.process, SIGUSR2);
		spawn_expect(&server.process, "upgrade refused");
		spawn_expect(&server.process, words);
	}
	tlspeer_join(&peers[0], server.port);
	tlspeer_finish(&peers[0]);
	server_stop_idle(&server);
}
END_TEST

/*
 * Descriptors for the server as it is, but not for a new one beside it; with a
 * few more than it has, one or the other, but no new one that cannot begin.
 */
START_TEST(too_few_descriptors)
{
	static const rlim_t more[] = { 0, 3, 6, 9, 16 };
	struct rlimit limit;
	bool is_refused;
	int has;

	server_copy_make();
	server_start(&server, "--workers", "8", NULL);
	has = shell("ls /proc/%d/fd >fds 2>&1 && exit $(wc -l <fds); exit 0",
	    (int)server.process.pid);
	if (has == 0) {
		server_stop(&server);
		suite_skip("not root: descriptors of others cannot be seen");
		return;
	}
	tlspeer_join(&peers[0], server.port);
	limit.rlim_cur = (rlim_t)has + more[_i];
	limit.rlim_max = limit.rlim_cur; /* or the new one raises it */
	ck_assert_int_eq(
	    prlimit(server.process.pid, RLIMIT_NOFILE, &limit, NULL), 0);
	spawn_signal(&server.process, SIGUSR2);
	AWAIT(server_total(&server, "upgrades") +
		server_total(&server, "upgrades_refused") ==
	    1);
	is_refused = server_total(&server, "upgrades_refused") == 1;
	if (is_refused)
		spawn_expect(&server.process, "Too many open files");
	else
		ck_assert_uint_gt(more[_i], 0);
	tlspeer_echo(&peers[0], "hello", 5);
	tlspeer_finish(&peers[0]);
	server_stop_idle(&server);
	/* Once it has begun. */
	ck_assert(is_refused || !spawn_said(&server.process, "trying again"));
}
END_TEST

/* The name is another server's, and the next program needs a new segment. */
START_TEST(segment_is_anothers)
{
	static struct server other;
	struct errmsg e;

	server_copy_make();
	server_start(&server, "--connection-table", "1000", NULL);
	tlspeer_join(&peers[0], server.port);
	shell_expect(0, "", "rm /dev/shm/tlsecho.%s", server.name);
	server_start_as(&other, server.name, NULL, NULL);
	server_copy_give("--connection-table", "100");
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "upgrade refused");
	spawn_expect(&server.process, "is another server's by now");
	tlspeer_finish(&peers[0]);
	spawn_signal(&server.process, SIGTERM);
	ck_assert_int_eq(spawn_wait(&server.process), 0);
	stats_shm_close(&other.shm);
	ck_assert_int_eq(stats_shm_attach(&other.shm, other.name, &e), 0);
	server_stop(&other);
}
END_TEST

START_TEST(server_ends_meanwhile)
{
	server_copy_make();
	server_start(&server, NULL);
	server_copy_replace("printf '#!/bin/sh\\necho"
			    " >/dev/shm/tlsecho.upgrade-$$; echo $$ >rehearsal;"
			    " exec sleep 1m\\n' >new/next");
	spawn_signal(&server.process, SIGUSR2);
	AWAIT(shell("test -s rehearsal") == 0);
	server_stop_clean(&server);
	shell_expect(2, "", "ls /dev/shm/tlsecho.upgrade-$(cat rehearsal)*");
}
END_TEST

/* Where the workers of the last one have no end, there is no room. */
START_TEST(too_soon)
{
	server_copy_make();
	server_start(&server, "--workers", "8", "--drain-timeout", "1m",
	    "--handshake-timeout", "1m", NULL);
	for (unsigned i = 0; i < PEERS; i++)
		tlspeer_open(&peers[i], server.port,
		    &(struct tlspeer_options){ .identity = "ca/alice" });
	AWAIT(server_total(&server, "open") == PEERS);
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "upgraded: tlsecho-server ");
	ck_assert_int_eq(tlspeer_handshake(&peers[0]), 0);
	is_refused("workers of earlier ones still drain");
	tlspeer_finish(&peers[0]);
	for (unsigned i = 1; i < PEERS; i++)
		tlspeer_close(&peers[i]);
	for (int i = 0; i < 8; i++)
		spawn_expect(&server.process, " has left");
	spawn_signal(&server.process, SIGUSR2);
	spawn_expect(&server.process, "upgraded: tlsecho-server ");
	server_stop_idle(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/upgrade_refused");

	SUITE_ADD(s, refused);
	SUITE_ADD(s, other_options);
	SUITE_ADD_LOOP(s, too_few_descriptors, 5);
	SUITE_ADD(s, segment_is_anothers);
	SUITE_ADD(s, server_ends_meanwhile);
	SUITE_ADD(s, too_soon);
	return fixture_run(s, argc, argv);
}
