/* The master: sudden deaths, segments, names, addresses in use. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/await.h"
#include "tests/support/fixture.h"
#include "tests/support/resume.h"
#include "tests/support/server.h"
#include "tests/support/shell.h"
#include "tests/support/suite.h"
#include "tests/support/tlspeer.h"

static struct server server;
static struct tlspeer peer;

/* A log that nobody reads any more, and a pipe for --ready-fd. */
START_TEST(nobody_reads)
{
	server_start(&server, NULL);
	(void)close(server.process.out);
	server.process.out = open("/dev/null", O_RDONLY | O_CLOEXEC);
	server_reload(&server);
	resume_echo(server.port, "ca/alice", 0);
	AWAIT(server_total(&server, "open") == 0);
	spawn_signal(&server.process, SIGTERM);
	server_await_end(&server, 1); /* the totals went nowhere */
}
END_TEST

/* What a crash, or somebody else, has left behind under the name. */
START_TEST(stale_segment)
{
	char name[STATS_SHM_NAME];

	server_new_name(name);
	shell_expect(0, "",
	    _i == 0 ? "echo garbage >/dev/shm/tlsecho.%s"
		    : ": >/dev/shm/tlsecho.%s",
	    name);
	server_start_as(&server, name, NULL, NULL);
	resume_echo(server.port, "ca/alice", 0);
	server_stop_idle(&server);
}
END_TEST

/* Workers of a dead master leave, and a new server has all it needs at once. */
START_TEST(killed_master)
{
	char name[STATS_SHM_NAME];
	const char *address;
	pid_t pids[2];
	int64_t killed_ns;

	server_new_name(name);
	server_start_as(&server, name, NULL, NULL);
	tlspeer_join(&peer, server.port);
	for (unsigned i = 0; i < 2; i++)
		pids[i] = server_worker_pid(&server, i);
	address = server_address(&server);
	server_kill_master(&server);
	killed_ns = clock_now_ns();
	/* The listener is closed first, before the connections end. */
	AWAIT(shell("bash -c ': </dev/tcp/127.0.0.1/%d'", server.port) != 0);
	ck_assert(server_segment_exists(name));

	server_start_as(&server, name, NULL, "--listen", address, NULL);
	ck_assert_str_eq(server.addresses, address);
	ck_assert_uint_eq(server_total(&server, "accepted"), 0);
	tlspeer_expect_end(&peer);
	tlspeer_close(&peer);
	AWAIT(
	    !server_process_exists(pids[0]) && !server_process_exists(pids[1]));
	ck_assert_int_lt(clock_now_ns() - killed_ns,
	    5 * CLOCK_NS_PER_S * (SUITE_IS_SANITIZED ? 2 : 1));
	resume_echo(server.port, "ca/alice", 0);
	server_stop_idle(&server);
}
END_TEST

/* Also while a client keeps them busy, and another is in its handshake. */
START_TEST(killed_master_of_busy_workers)
{
	struct tlspeer silent;
	pid_t pids[2];
	int64_t killed_ns;
	char answer[8];

	server_start(&server, NULL);
	tlspeer_join(&peer, server.port);
	tlspeer_open(&silent, server.port,
	    &(struct tlspeer_options){ .identity = "ca/bob" });
	AWAIT(server_total(&server, "open") == 2);
	for (unsigned i = 0; i < 2; i++)
		pids[i] = server_worker_pid(&server, i);
	server_kill_master(&server);
	killed_ns = clock_now_ns();
	while (gnutls_record_send(peer.session, "alive?", 6) == 6 &&
	    tlspeer_receive(&peer, answer, 6) == 6)
		continue;
	AWAIT(
	    !server_process_exists(pids[0]) && !server_process_exists(pids[1]));
	ck_assert_int_lt(clock_now_ns() - killed_ns,
	    5 * CLOCK_NS_PER_S * (SUITE_IS_SANITIZED ? 2 : 1));
	tlspeer_close(&peer);
	tlspeer_close(&silent);
	shell_expect(0, "", "rm /dev/shm/tlsecho.%s", server.name);
}
END_TEST

/* The second one of a name refuses, and the first does not notice. */
START_TEST(two_servers_of_one_name)
{
	server_start(&server, NULL);
	server_start_fails(1, server.name, "$ok --stats %s", server.name);
	ck_assert_ptr_nonnull(strstr(shell_output(), "--stats"));
	resume_echo(server.port, "ca/alice", 0);
	server_stop_idle(&server);
}
END_TEST

START_TEST(port_in_use)
{
	const char *address;

	server_start(&server, NULL);
	address = server_address(&server);
	server_start_fails(1, address, "$ok --listen %s", address);
	ck_assert_ptr_nonnull(strstr(shell_output(), "in use"));
	server_stop(&server);
}
END_TEST

int
main(int argc, char **argv)
{
	struct suite *s = suite_new("e2e/master");

	SUITE_ADD(s, nobody_reads);
	SUITE_ADD_LOOP(s, stale_segment, 2);
	SUITE_ADD_SLOW(s, killed_master, 20);
	SUITE_ADD_SLOW(s, killed_master_of_busy_workers, 20);
	SUITE_ADD(s, two_servers_of_one_name);
	SUITE_ADD(s, port_in_use);
	return fixture_run(s, argc, argv);
}
